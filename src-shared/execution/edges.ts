import type { Connection, Workflow } from "../workflow/workflow";
import type { PlanEdge } from "./node";
import type { PlanProblem } from "./plan";

/** A scope with its members' numbers. */
export interface NumberedScope {
  readonly kind: "root" | "branch" | "round" | "fallback";
  readonly members: readonly number[];
}

/** What edges are made from. */
export interface EdgeSources {
  readonly workflow: Workflow;
  readonly scopes: readonly NumberedScope[];
  readonly idOf: (node: number) => string;
  readonly numberOf: (id: string) => number | undefined;
  readonly scopeOf: (node: number) => number;
  /** The component that takes over when `node` fails, by number. */
  readonly handlerOf: (node: number) => number | undefined;
}

/** All edges: drawn ones in the order listed, then implied ones, then those to error handlers. */
export function edgesOf(sources: EdgeSources): { edges: readonly PlanEdge[]; problems: readonly PlanProblem[] } {
  const { workflow, scopes, idOf, scopeOf } = sources;
  const edges: PlanEdge[] = [];
  const problems: PlanProblem[] = [];
  const drawnIn = new Set<number>();
  for (const [listed, connection] of (workflow.connections ?? []).entries()) {
    const source = sources.numberOf(connection.source);
    const target = sources.numberOf(connection.target);
    if (source === undefined || target === undefined) {
      const missing = source === undefined ? connection.source : connection.target;
      problems.push({ rule: "dangling-connection", message: `A connection names ${missing}, which is no component.` });
    } else if (scopeOf(source) !== scopeOf(target)) {
      problems.push({
        rule: "ownership-border",
        component: connection.source,
        message: `The connection from ${connection.source} to ${connection.target} crosses the border of an owner.`,
      });
    } else {
      drawnIn.add(scopeOf(source));
      edges.push(drawn(connection, edges.length, source, target, listed));
    }
  }
  const handled = new Set<number>();
  const handlers: { source: number; target: number }[] = [];
  for (const scope of scopes) {
    for (const source of scope.members) {
      const target = sources.handlerOf(source);
      if (target === undefined) continue;
      if (scopeOf(source) !== scopeOf(target) || source === target) {
        problems.push({
          rule: "ownership-border",
          component: idOf(source),
          message: `${idOf(target)} cannot take over from ${idOf(source)}: they do not run side by side.`,
        });
        continue;
      }
      handled.add(target);
      const isDrawn = edges.some((edge) => edge.source === source && edge.target === target && edge.type === "error");
      if (!isDrawn) handlers.push({ source, target });
    }
  }
  for (const [index, scope] of scopes.entries()) {
    const hasOwnOrder = index === 0 ? workflow.connections !== undefined : drawnIn.has(index);
    if (hasOwnOrder) continue;
    for (let at = 1; at < scope.members.length; at += 1) {
      const source = scope.members[at - 1] as number;
      const target = scope.members[at] as number;
      edges.push({ index: edges.length, source, target, type: "order", never: false, onlyWaits: handled.has(target) });
    }
  }
  for (const { source, target } of handlers) {
    edges.push({ index: edges.length, source, target, type: "error", never: false, onlyWaits: false });
  }
  return { edges, problems };
}

function drawn(connection: Connection, index: number, source: number, target: number, listed: number): PlanEdge {
  const { condition } = connection;
  const isJudged = typeof condition === "string" && condition.trim() !== "";
  return {
    index,
    source,
    target,
    // A condition without a type was meant to be looked at.
    type: connection.type ?? (isJudged ? "conditional" : "success"),
    listed,
    ...(isJudged ? { condition } : {}),
    never: condition === false,
    ...(typeof connection.case === "string" ? { case: connection.case } : {}),
    onlyWaits: false,
  };
}

/** The nodes of one scope that wait for each other in a circle; empty when none do. */
export function cycleIn(
  members: readonly number[],
  edges: readonly PlanEdge[],
  outgoing: readonly (readonly number[])[],
): number[] {
  const waiting = new Map<number, number>(members.map((node) => [node, 0]));
  for (const node of members) {
    for (const edge of outgoing[node] ?? []) {
      const target = (edges[edge] as PlanEdge).target;
      waiting.set(target, (waiting.get(target) ?? 0) + 1);
    }
  }
  const free = members.filter((node) => waiting.get(node) === 0);
  for (let at = 0; at < free.length; at += 1) {
    for (const edge of outgoing[free[at] as number] ?? []) {
      const target = (edges[edge] as PlanEdge).target;
      const left = (waiting.get(target) ?? 0) - 1;
      waiting.set(target, left);
      if (left === 0) free.push(target);
    }
  }
  return members.filter((node) => (waiting.get(node) ?? 0) > 0);
}
