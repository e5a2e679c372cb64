import type { ComponentError } from "./error";
import type { PlanEdge, PlanNode } from "./node";
import { PENDING, type ComponentState } from "./state";
import type { Spot, Turn } from "./turn";
import { noteDone, stepSettled } from "./undo";
import type { Value } from "./value";

/** Ends a component: its followers may go on, and its frame may be over. An untolerated failure ends the frame. */
export function settle(turn: Turn, spot: Spot, patch: Partial<ComponentState>): void {
  const { plan } = turn;
  const { node } = spot;
  if (node.undo !== undefined) {
    stepSettled(turn, spot, patch);
    return;
  }
  const startedAt = turn.slot(spot).startedAt;
  turn.set(spot, { ...patch, settledAt: turn.at });
  const path = turn.path(spot);
  turn.settled.push(path);
  if (node.timeoutMs !== undefined && startedAt !== undefined) {
    turn.effect({ kind: "clear-timer", path, timer: "component-timeout" });
  }
  noteDone(turn, spot);
  spot.in.frame.open -= 1;
  const slot = turn.slot(spot);
  if (slot.status === "failed" && slot.tolerated === undefined) {
    turn.work.push({ kind: "frame-failed", in: spot.in, error: slot.error as ComponentError });
    return;
  }
  if (node.judged.length > 0) turn.judging.push(spot);
  for (const edge of node.outgoing) {
    const target = plan.nodes[(plan.edges[edge] as PlanEdge).target] as PlanNode;
    turn.work.push({ kind: "arrive", spot: { in: spot.in, node: target } });
  }
  if (spot.in.frame.open === 0) turn.work.push({ kind: "frame-done", in: spot.in });
}

/** Ends a component well. */
export function complete(turn: Turn, spot: Spot, output: Value, more: Partial<ComponentState> = {}): void {
  const { attempts } = turn.slot(spot);
  const last = attempts[attempts.length - 1];
  const isOpen = last !== undefined && last.endedAt === undefined;
  const ended = isOpen ? [...attempts.slice(0, -1), { ...last, endedAt: turn.at }] : attempts;
  for (const warning of more.warnings ?? []) turn.warn(`${turn.path(spot)}: ${warning}`);
  settle(turn, spot, { status: "completed", output, attempts: ended, ...more });
}

/** What a finished frame hands to its owner: the output of the member listed last, if that one completed. */
export function frameOutput(slots: readonly ComponentState[]): Value | undefined {
  const last = slots[slots.length - 1] ?? PENDING;
  return last.status === "completed" ? last.output : undefined;
}
