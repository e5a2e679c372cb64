import { readinessOf } from "./edge-state";
import type { PlanNode } from "./node";
import { settle } from "./settle";
import type { FrameSpot, Spot, Turn } from "./turn";

/** Looks whether a component's time has come: it is prepared, skipped, or goes on waiting. */
export function arrive(turn: Turn, spot: Spot): void {
  // A `merge` that went on at its first source, or a frame that was stopped, has nothing left to decide.
  if (turn.slot(spot).status !== "pending") return;
  const readiness = readinessOf(turn.plan, spot.in.frame.slots, spot.node);
  if (readiness === "wait") return;
  if (readiness === "skip") {
    settle(turn, spot, { status: "skipped" });
    return;
  }
  turn.set(spot, { status: "ready", readyAt: turn.at });
  turn.effect({ kind: "prepare", path: turn.path(spot) });
}

/** Lets the members of a frame start that wait for nobody; a frame without members is over at once. */
export function enter(turn: Turn, frame: FrameSpot): void {
  for (const number of frame.scope.entries) {
    turn.work.push({ kind: "arrive", spot: { in: frame, node: turn.plan.nodes[number] as PlanNode } });
  }
  if (frame.scope.members.length === 0) turn.work.push({ kind: "frame-done", in: frame });
}
