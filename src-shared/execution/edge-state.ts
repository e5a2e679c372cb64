import type { PlanEdge, PlanNode } from "./node";
import type { Plan } from "./plan";
import type { ComponentState } from "./state";

/** Whether a connection has been decided, and how. */
export type EdgeState = "pending" | "active" | "dead";

/** What a component should do by the state of its incoming connections. */
export type Readiness = "wait" | "run" | "skip";

/** The state of `edge`, given the state of its source. */
export function edgeState(edge: PlanEdge, source: ComponentState): EdgeState {
  const open = mayBeActive(edge, source);
  if (open !== true) return open === undefined ? "pending" : "dead";
  if (edge.condition === undefined) return "active";
  const judged = source.judged?.[edge.index];
  return judged === undefined ? "pending" : judged ? "active" : "dead";
}

/** Whether `edge` is active, its condition aside; undefined while its source has not settled. */
export function mayBeActive(edge: PlanEdge, source: ComponentState): boolean | undefined {
  switch (source.status) {
    case "pending":
    case "ready":
    case "running":
    case "waiting":
      return undefined;
    case "cancelled":
    case "compensated":
      return false;
    case "skipped":
      return edge.type === "order";
    case "completed":
      if (edge.never || edge.type === "error") return false;
      return edge.case === undefined || edge.case === source.chosen;
    case "failed":
      if (edge.never || edge.case !== undefined || source.tolerated === undefined) return false;
      if (edge.type === "error" || edge.type === "order") return true;
      if (edge.type === "success") return source.tolerated === "strategy";
      return source.tolerated !== "connection";
  }
}

/**
 * The outgoing connections of `node` whose conditions still matter: its source allows them, they have not been judged,
 * and their targets wait for them (a `merge` may have gone on without).
 */
export function toBeJudged(plan: Plan, slots: readonly ComponentState[], node: PlanNode): readonly number[] {
  const source = slots[node.position] as ComponentState;
  return node.judged.filter((index) => {
    const edge = plan.edges[index] as PlanEdge;
    if (source.judged?.[index] !== undefined || mayBeActive(edge, source) !== true) return false;
    return slots[(plan.nodes[edge.target] as PlanNode).position]?.status === "pending";
  });
}

/** Whether `node` may run, in a frame with `slots`. */
export function readinessOf(plan: Plan, slots: readonly ComponentState[], node: PlanNode): Readiness {
  if (node.incoming.length === 0) return "run";
  let pending = 0;
  let active = 0;
  let completed = 0;
  for (const index of node.incoming) {
    const edge = plan.edges[index] as PlanEdge;
    const source = slots[(plan.nodes[edge.source] as PlanNode).position] as ComponentState;
    const state = edgeState(edge, source);
    if (state === "pending") pending += 1;
    else if (state === "active" && !edge.onlyWaits) {
      active += 1;
      if (source.status === "completed") completed += 1;
    }
  }
  if (node.waits === "any" && active > 0) return "run";
  if (node.waits === "first" && completed > 0) return "run";
  if (pending > 0) return "wait";
  return active > 0 ? "run" : "skip";
}
