import { Position, type Edge, type Node } from "@xyflow/svelte";
import { words } from "../text/canvas";
import type { Scene, SceneNode, SceneWire } from "./scene";

export type FlowNode = Node<{ readonly item: SceneNode }, "card" | "pill" | "container" | "note">;
export type FlowEdge = Edge<{ readonly wire: SceneWire }, "wire">;

interface Kept<T> {
  readonly key: string;
  readonly value: T;
}

/**
 * Turns scenes into what the flow library draws, keeping the object of everything that did not change:
 * the library then leaves those alone, which is what keeps typing and dragging quick with 1,000 components.
 */
export class FlowElements {
  #nodes = new Map<string, Kept<FlowNode>>();
  #edges = new Map<string, Kept<FlowEdge>>();

  nodes(scene: Scene, options: { readonly editable: boolean; readonly selected: ReadonlySet<string> }): FlowNode[] {
    const next = new Map<string, Kept<FlowNode>>();
    // Tab reaches one card; arrows go on from there.
    const first = scene.nodes.find((item) => options.selected.has(item.id))?.id ?? scene.nodes[0]?.id;
    const result = scene.nodes.map((item) => {
      const selected = options.selected.has(item.id);
      const reachable = item.id === first;
      const key = JSON.stringify(item) + (selected ? "s" : "") + (options.editable ? "e" : "") + (reachable ? "r" : "");
      const kept = this.#nodes.get(item.id);
      const value = kept?.key === key ? kept.value : nodeOf(item, selected, options.editable, reachable);
      next.set(item.id, { key, value });
      return value;
    });
    this.#nodes = next;
    return result;
  }

  edges(scene: Scene, options: { readonly selected: string | undefined }): FlowEdge[] {
    const next = new Map<string, Kept<FlowEdge>>();
    const result = scene.wires.map((wire) => {
      const selected = wire.id === options.selected;
      const key = `${wire.id}|${wire.from}|${wire.to}|${wire.label}|${wire.implied ? 1 : 0}${selected ? "s" : ""}`;
      const kept = this.#edges.get(wire.id);
      const value = kept?.key === key ? kept.value : edgeOf(wire, selected);
      next.set(wire.id, { key, value });
      return value;
    });
    this.#edges = next;
    return result;
  }
}

const PORT = 9;

function nodeOf(item: SceneNode, selected: boolean, editable: boolean, reachable: boolean): FlowNode {
  const note = item.kind === "note";
  return {
    id: item.id,
    type: item.kind,
    position: { x: item.x, y: item.y },
    data: { item },
    width: item.width,
    height: item.height,
    handles: note ? [] : handlesOf(item),
    ...(item.parent === undefined ? {} : { parentId: item.parent, extent: "parent" as const }),
    ...(item.kind === "container" ? { zIndex: 0 } : { zIndex: item.parent === undefined ? 1 : 2 }),
    selected,
    draggable: editable && !note,
    selectable: !note,
    focusable: !note,
    deletable: false,
    connectable: editable && !note,
    ariaLabel: labelOf(item),
    domAttributes: {
      "aria-roledescription": note ? words.note : words.component,
      ...(note ? {} : { tabindex: reachable ? 0 : -1 }),
    },
  };
}

function labelOf(item: SceneNode): string {
  return item.kind === "note" ? item.title : `${item.title}, ${item.what}`;
}

function handlesOf(item: SceneNode): NonNullable<FlowNode["handles"]> {
  const half = PORT / 2;
  const handle = (id: string, type: "source" | "target", position: Position, x: number, y: number) => ({
    id,
    type,
    position,
    x: x - half,
    y: y - half,
    width: PORT,
    height: PORT,
  });
  return [
    handle("in", "target", Position.Top, item.spine, 0),
    handle("side-in", "target", Position.Left, 0, item.kind === "container" ? 14 : item.height / 2),
    handle("out", "source", Position.Bottom, item.spine, item.height),
    handle("side", "source", Position.Right, item.width, item.kind === "container" ? 14 : item.height / 2),
  ];
}

function edgeOf(wire: SceneWire, selected: boolean): FlowEdge {
  return {
    id: wire.id,
    type: "wire",
    source: wire.source,
    target: wire.target,
    sourceHandle: wire.from,
    targetHandle: wire.to,
    data: { wire },
    selected,
    deletable: false,
    selectable: true,
    focusable: true,
    zIndex: 1,
    ariaLabel: words.connectionTo(wire.kind, wire.source, wire.target, wire.label),
  };
}
