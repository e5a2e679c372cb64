import type { Edit } from "@shared/workflow/edit";
import type { CanvasSelection } from "./canvas-props";
import type { Point } from "./layout";
import { GRID } from "./measures";
import type { Scene } from "./scene";
import { neighbour, type Direction } from "./travel";

/** What the canvas's keys act on. */
export interface CanvasKeyTargets {
  readonly scene: () => Scene;
  readonly selection: () => CanvasSelection;
  readonly editable: () => boolean;
  readonly select: (ids: readonly string[]) => void;
  readonly focus: (id: string) => void;
  readonly activate: (id: string) => void;
  readonly edit: (edit: Edit) => boolean;
  readonly add: (screen: Point) => void;
  readonly canAdd: () => boolean;
  readonly toggle: (id: string) => void;
  readonly clear: () => void;
  readonly connecting: () => string | undefined;
  readonly startConnecting: (id: string | undefined) => void;
  readonly connect: (source: string, target: string) => void;
  readonly pane: () => HTMLElement | undefined;
}

const ARROWS: { readonly [key: string]: Direction } = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};

/**
 * Keys of a canvas that has the focus: arrows go from card to card, with Alt they move the selected ones, with Shift
 * they add to the selection; Enter opens the form, C starts a connection, Tab adds, Space opens or closes a container.
 */
export function canvasKeys(to: CanvasKeyTargets): (event: KeyboardEvent) => void {
  return (event) => {
    const target = event.target;
    if (
      !(target instanceof HTMLElement) ||
      target.closest("button, input, textarea") !== null ||
      event.ctrlKey ||
      event.metaKey
    )
      return;
    const focused = target.closest<HTMLElement>(".svelte-flow__node")?.dataset.id;
    if (handled(event, focused ?? to.selection().components[0], focused, to)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
}

function handled(
  event: KeyboardEvent,
  id: string | undefined,
  focused: string | undefined,
  to: CanvasKeyTargets,
): boolean {
  const direction = ARROWS[event.key];
  if (direction)
    return event.altKey ? nudge(direction, event.shiftKey ? 5 : 1, to) : travel(direction, id, event.shiftKey, to);
  if (event.altKey) return false;
  if (event.key === "Escape") {
    if (
      to.connecting() === undefined &&
      to.selection().components.length === 0 &&
      to.selection().connection === undefined
    )
      return false;
    if (to.connecting() !== undefined) to.startConnecting(undefined);
    else to.clear();
    return true;
  }
  if (event.key === "Tab" && !event.shiftKey && to.canAdd()) {
    const box = (document.activeElement ?? to.pane())?.getBoundingClientRect();
    if (box)
      to.add({ x: box.left + Math.min(box.width / 2, 320), y: focused === undefined ? box.top + 60 : box.bottom + 12 });
    return true;
  }
  if (id === undefined) return false;
  if (event.key === "Enter") {
    const source = to.connecting();
    if (source !== undefined && focused !== undefined) to.connect(source, focused);
    else to.activate(id);
    return true;
  }
  if (event.key === " " && focused !== undefined) {
    const node = to.scene().nodes.find((item) => item.id === focused);
    if (node?.kind === "container") to.toggle(focused);
    else to.select([focused]);
    return true;
  }
  if (event.key.toLowerCase() === "c" && !event.shiftKey && to.editable()) {
    to.startConnecting(id);
    return true;
  }
  return false;
}

function travel(direction: Direction, from: string | undefined, extend: boolean, to: CanvasKeyTargets): boolean {
  const next = from === undefined ? to.scene().nodes[0]?.id : neighbour(to.scene(), from, direction);
  if (next === undefined) return true;
  const now = to.selection().components;
  if (to.connecting() === undefined) to.select(extend ? [...now.filter((id) => id !== next), next] : [next]);
  to.focus(next);
  return true;
}

function nudge(direction: Direction, times: number, to: CanvasKeyTargets): boolean {
  const ids = new Set(to.selection().components);
  if (!to.editable() || ids.size === 0) return true;
  const step = GRID * 2 * times;
  const dx = direction === "left" ? -step : direction === "right" ? step : 0;
  const dy = direction === "up" ? -step : direction === "down" ? step : 0;
  const moved = to.scene().nodes.filter((node) => ids.has(node.id));
  to.edit({
    kind: "move-components",
    to: Object.fromEntries(moved.map((node) => [node.id, { x: Math.round(node.x + dx), y: Math.round(node.y + dy) }])),
  });
  return true;
}
