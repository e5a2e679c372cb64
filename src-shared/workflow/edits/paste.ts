import type { Json, JsonObject } from "../../base/json";
import { fail } from "../../base/result";
import { walkComponents } from "../members";
import type { Component, Connection } from "../workflow";
import { appendConnections, writtenOut } from "./connections";
import type { Draft, Edited } from "./draft";
import { renamedIn } from "./rename";

/** How far a pasted card lies from the one it would cover, in pixels. */
const OFFSET = 24;

/**
 * Puts copies of components, and the connections among them, at the root. Ids that are taken get a number, and the
 * copies name each other by their new ids; what they name outside the copied ones stays.
 */
export function paste(draft: Draft, components: readonly Component[], connections: readonly Connection[]): Edited {
  if (components.length === 0) return fail({ kind: "no-place", path: ["components"] });
  const names = freshNames(draft, components);
  const inside = connections.filter(
    (connection) => names.all.has(connection.source) && names.all.has(connection.target),
  );
  const view = {
    components: components as unknown as Json,
    connections: inside as unknown as Json,
  } satisfies JsonObject;
  const renamed = renamedIn(view, names.changed);
  const copies = moved(draft, renamed["components"] as unknown as readonly Component[]);
  const before =
    draft.workflow.components.length > 0 && inside.length > 0 ? writtenOut(draft, draft.graph.root) : undefined;
  const added = draft.with(
    ["components"],
    [...((draft.at(["components"]) as readonly Json[] | undefined) ?? []), ...(copies as unknown as readonly Json[])],
  );
  if (!added.ok || inside.length === 0) return added;
  const written =
    before === undefined || draft.workflow.connections !== undefined
      ? added
      : added.value.with(["connections"], before as unknown as Json);
  return written.ok
    ? appendConnections(written.value, renamed["connections"] as unknown as readonly Connection[])
    : written;
}

function freshNames(
  draft: Draft,
  components: readonly Component[],
): { readonly changed: ReadonlyMap<string, string>; readonly all: ReadonlySet<string> } {
  const changed = new Map<string, string>();
  const all = new Set<string>();
  const taken = new Set<string>();
  const isTaken = (id: string): boolean => taken.has(id) || draft.pathOf(id) !== undefined;
  walkComponents({ components }, ({ id }) => {
    all.add(id);
    const fresh = freshId(id, isTaken);
    taken.add(fresh);
    if (fresh !== id) changed.set(id, fresh);
  });
  return { changed, all };
}

/** `id`, or `id_2`, `id_3` … when that is taken; a number at its end is counted on. */
export function freshId(id: string, isTaken: (id: string) => boolean): string {
  if (!isTaken(id)) return id;
  const stem = id.replace(/_\d+$/, "");
  for (let number = 2; ; number++) {
    const next = `${stem}_${number}`;
    if (!isTaken(next)) return next;
  }
}

function moved(draft: Draft, components: readonly Component[]): readonly Component[] {
  const covered = new Set(
    draft.workflow.components.map(({ position }) => (position === undefined ? "" : `${position.x} ${position.y}`)),
  );
  return components.map((component) => {
    const { position } = component;
    if (position === undefined || !covered.has(`${position.x} ${position.y}`)) return component;
    return { ...component, position: { ...position, x: position.x + OFFSET, y: position.y + OFFSET } };
  });
}
