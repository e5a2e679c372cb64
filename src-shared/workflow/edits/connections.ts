import type { Json } from "../../base/json";
import { fail, ok } from "../../base/result";
import { type Graph, type GraphScope, handlerNameOf } from "../graph";
import { sameJson } from "../values";
import type { Connection } from "../workflow";
import type { Draft, Edited } from "./draft";

/** Draws a connection; what was implied by the order listed is written out with it. */
export function connect(draft: Draft, connection: Connection): Edited {
  const { graph } = draft;
  const source = graph.byId.get(connection.source);
  const target = graph.byId.get(connection.target);
  if (source === undefined) return fail({ kind: "no-component", id: connection.source });
  if (target === undefined) return fail({ kind: "no-component", id: connection.target });
  if (source.scope !== target.scope) return fail({ kind: "crosses-border", source: source.id, target: target.id });
  const drawn = writtenOut(draft, source.scope);
  if (drawn.some((other) => isSame(other, connection))) {
    // Drawing what was only implied makes it real; drawing it twice is a slip.
    const isImplied = !(draft.workflow.connections ?? []).some((other) => isSame(other, connection));
    return isImplied
      ? draft.with(["connections"], drawn as unknown as Json)
      : fail({ kind: "already-connected", source: source.id, target: target.id });
  }
  return draft.with(["connections"], [...drawn, connection] as unknown as Json);
}

/** Removes a connection, drawn or implied. */
export function disconnect(draft: Draft, connection: Connection): Edited {
  return change(draft, connection, (all, index) => all.filter((_, at) => at !== index));
}

/** Gives a connection, drawn or implied, what `to` says; keys only the file knows stay. */
export function setConnection(draft: Draft, connection: Connection, to: Connection): Edited {
  const { graph } = draft;
  const [source, target] = [graph.byId.get(to.source), graph.byId.get(to.target)];
  if (source === undefined || target === undefined)
    return fail({ kind: "no-component", id: source === undefined ? to.source : to.target });
  if (source.scope !== target.scope) return fail({ kind: "crosses-border", source: to.source, target: to.target });
  return change(draft, connection, (all, index) =>
    all.map((other, at) => {
      if (at !== index) return other;
      const kept = Object.entries(other).filter(([key]) => !(key in connection) || key in to);
      const said = Object.entries(to).filter(([, value]) => value !== undefined);
      return Object.fromEntries([...kept, ...said]) as unknown as Connection;
    }),
  );
}

function change(
  draft: Draft,
  connection: Connection,
  edit: (all: readonly Connection[], index: number) => readonly Connection[],
): Edited {
  const scope = draft.graph.byId.get(connection.source)?.scope;
  for (const all of [draft.workflow.connections ?? [], scope === undefined ? [] : writtenOut(draft, scope)]) {
    const index = all.findIndex((other) => isSame(other, connection));
    if (index >= 0) return draft.with(["connections"], edit(all, index) as unknown as Json);
  }
  return fail({ kind: "no-connection", source: connection.source, target: connection.target });
}

/** The connections with those written out that drawing one in `scope` would otherwise take away. */
export function writtenOut(draft: Draft, scope: GraphScope): readonly Connection[] {
  const { graph, workflow } = draft;
  const drawn = workflow.connections ?? [];
  const implied = [
    ...(workflow.connections === undefined ? impliedIn(graph, graph.root) : []),
    ...(scope.kind !== "root" && scope.implied ? impliedIn(graph, scope) : []),
  ];
  return [...drawn, ...implied];
}

/** The order listed as connections. Components that take over for others are left out: they are reached by failures. */
function impliedIn(graph: Graph, scope: GraphScope): Connection[] {
  const handlers = new Set(
    scope.members.map((id) => handlerNameOf(graph.byId.get(id)!.component, (name) => graph.byId.has(name))),
  );
  const chain = scope.members.filter((id) => !handlers.has(id));
  return chain.slice(1).map((target, index) => ({ source: chain[index]!, target }));
}

/** Whether two connections are the same one: ends, type, case and condition. */
export function isSame(a: Connection, b: Connection): boolean {
  return (
    a.source === b.source &&
    a.target === b.target &&
    typeOf(a) === typeOf(b) &&
    a.case === b.case &&
    sameJson(a.condition ?? null, b.condition ?? null)
  );
}

function typeOf(connection: Connection): string {
  return connection.type ?? (typeof connection.condition === "string" ? "conditional" : "success");
}

/** Puts connections in as they are; used where their ends were just made. */
export function appendConnections(draft: Draft, connections: readonly Connection[]): Edited {
  if (connections.length === 0) return ok(draft);
  return draft.with(["connections"], [...(draft.workflow.connections ?? []), ...connections] as unknown as Json);
}
