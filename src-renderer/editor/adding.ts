import { descriptorOf } from "@shared/components/catalogue";
import type { Descriptor } from "@shared/components/descriptor";
import type { Edit } from "@shared/workflow/edit";
import type { Component, Workflow } from "@shared/workflow/workflow";
import type { AddPlace } from "../canvas/canvas-props";
import { outlineOf, type Outline } from "../canvas/outline";

/** An id nothing has yet: the type's name, with a number from the second on. */
export function freshId(taken: ReadonlySet<string>, type: string): string {
  const base = /^[a-z][a-z0-9_]*$/.test(type) ? type : "component";
  if (!taken.has(base)) return base;
  let number = 2;
  while (taken.has(`${base}_${number}`)) number++;
  return `${base}_${number}`;
}

/** An edit that adds a component, with the id it gets. */
export interface Addition {
  readonly id: string;
  readonly edit: Edit;
}

/**
 * Adds a component of a type: where it was dropped, connected to what it was drawn from; else after the selected
 * component, between it and its one follower.
 */
export function addition(
  workflow: Workflow,
  descriptor: Descriptor,
  place: AddPlace,
  selected: string | undefined,
): Addition {
  const outline = outlineOf(workflow);
  const id = freshId(new Set(outline.pieces.keys()), descriptor.type);
  const source = place.from?.id ?? (place.at || place.into ? undefined : selected);
  const piece = source === undefined ? undefined : outline.pieces.get(source);
  const into =
    place.into ??
    (piece?.owner === undefined
      ? undefined
      : piece.lane
        ? { owner: piece.owner, branch: piece.lane }
        : { owner: piece.owner });
  const after =
    piece &&
    (place.into === undefined || (place.into.owner === piece.owner && (place.into.branch ?? "") === (piece.lane ?? "")))
      ? piece.id
      : undefined;
  const position = place.at ?? (piece && into === undefined ? below(workflow, piece.component) : undefined);
  const component: Component = {
    id,
    type: descriptor.type,
    name: descriptor.title,
    ...(Object.keys(descriptor.defaults).length > 0 ? { config: descriptor.defaults } : {}),
    ...(position && into === undefined ? { position } : {}),
  };
  const add: Edit = {
    kind: "add-component",
    component,
    ...(into ? { into } : {}),
    ...(after === undefined ? {} : { after }),
  };
  const edits: Edit[] = [add];
  if (place.at === undefined && position && into === undefined) edits.push(...makingRoom(workflow, position));
  if (piece && after !== undefined)
    edits.push(...joining(workflow, outline, piece.id, id, descriptor, place.from?.type));
  return { id, edit: edits.length === 1 ? add : { kind: "all", edits, title: `Add ${descriptor.title}` } };
}

function below(workflow: Workflow, component: Component): { x: number; y: number } | undefined {
  // A workflow without positions stays without: its layout finds the place.
  const { position } = component;
  if (!position || !workflow.components.some((other) => other.position !== undefined)) return undefined;
  return { x: position.x, y: position.y + 86 };
}

/** Moves what stands from there on further down. */
function makingRoom(workflow: Workflow, at: { readonly x: number; readonly y: number }): Edit[] {
  const to: { [id: string]: { x: number; y: number } } = {};
  for (const { id, position } of workflow.components)
    if (position && position.y >= at.y - 20) to[id] = { x: position.x, y: position.y + 86 };
  return Object.keys(to).length > 0 ? [{ kind: "move-components", to }] : [];
}

function joining(
  workflow: Workflow,
  outline: Outline,
  source: string,
  id: string,
  descriptor: Descriptor,
  drawn: "success" | "error" | undefined,
): Edit[] {
  const component = outline.pieces.get(source)?.component;
  const from = component ? descriptorOf(component.type) : undefined;
  if (!descriptor.ports.input || component?.type === "end") return [];
  if (drawn === "error") return [{ kind: "connect", connection: { source, target: id, type: "error" } }];
  if (!from?.ports.success && from) return [];
  const owner = outline.pieces.get(source)?.owner;
  const drawnHere = outline.lines.filter(
    (line) => !line.implied && outline.pieces.get(line.connection.source)?.owner === owner,
  );
  // Where the order listed says what follows what, being listed after the source is enough.
  if (
    drawnHere.length === 0 &&
    (drawn === undefined || workflow.connections === undefined) &&
    !(owner === undefined && workflow.connections !== undefined)
  )
    return [];
  const onward = drawnHere.filter(
    ({ connection }) =>
      connection.source === source && (connection.type ?? "success") === "success" && connection.case === undefined,
  );
  const only = onward.length === 1 ? onward[0]?.connection : undefined;
  const first: Edit = { kind: "connect", connection: { source, target: id } };
  if (drawn !== undefined || !only || !descriptor.ports.success || descriptor.type === "end") return [first];
  return [
    { kind: "set-connection", connection: only, to: { ...only, target: id } },
    { kind: "connect", connection: { source: id, target: only.target } },
  ];
}
