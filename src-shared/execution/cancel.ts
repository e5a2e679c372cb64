import { clearAttemptTimer } from "./attempt-timer";
import type { PlanNode } from "./node";
import { framesOf } from "./read";
import { isComponentSettled } from "./state";
import type { FrameSpot, Spot, Turn } from "./turn";
import { stopWaiting } from "./wait-timer";
import { noteDone } from "./undo";

/** Stops everything of a frame that has not settled, the frames inside included. */
export function cancelFrame(turn: Turn, frame: FrameSpot): void {
  for (const number of frame.scope.members)
    cancelComponent(turn, { in: frame, node: turn.plan.nodes[number] as PlanNode });
  if (frame.frame.openedAt !== undefined && frame.frame.open > 0)
    turn.effect({ kind: "clear-timer", path: frame.path, timer: "branch-timeout" });
  turn.own(frame).open = 0;
}

/** Stops what an owner has open; the owner itself goes on to settle. */
export function cancelInner(turn: Turn, owner: Spot): void {
  for (const { at } of framesOf(turn.slot(owner))) {
    const inner = turn.inner(owner, at);
    if (inner !== undefined && inner.frame.open > 0) cancelFrame(turn, inner);
  }
}

function cancelComponent(turn: Turn, spot: Spot): void {
  const slot = turn.slot(spot);
  if (isComponentSettled(slot.status)) return;
  const path = turn.path(spot);
  if (slot.owner !== undefined) cancelInner(turn, spot);
  if (slot.status !== "pending") turn.abort(path);
  clearAttemptTimer(turn, spot);
  if (slot.awaits !== undefined) stopWaiting(turn, spot);
  else if (slot.status === "waiting") turn.effect({ kind: "clear-timer", path, timer: "retry" });
  if (spot.node.timeoutMs !== undefined && slot.startedAt !== undefined) {
    turn.effect({ kind: "clear-timer", path, timer: "component-timeout" });
  }
  turn.set(spot, { status: "cancelled", settledAt: turn.at });
  noteDone(turn, spot);
  turn.settled.push(path);
}
