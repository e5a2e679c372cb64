import type { PlanScope } from "./node";
import { enter } from "./ready";
import { complete, frameOutput } from "./settle";
import type { ParallelState } from "./state";
import type { FrameSpot, Spot, Turn } from "./turn";
import { NULL_VALUE } from "./value";

/** The cache had nothing: a `cache_lookup`'s fallback gets the value, as the only branch. */
export function startFallback(turn: Turn, spot: Spot): void {
  const scope = turn.plan.scopes[spot.node.owns[0] as number] as PlanScope;
  const frame = turn.fresh(spot, 0, scope.index);
  const owner: ParallelState = { kind: "parallel", branches: [frame.frame], opened: 1, finished: 0 };
  turn.set(spot, { owner });
  enter(turn, frame);
}

/** The fallback is over: what it gave is what the lookup gives. */
export function fallbackDone(turn: Turn, spot: Spot, { frame }: FrameSpot): void {
  const held = turn.slot(spot).owner;
  if (held?.kind === "parallel") turn.set(spot, { owner: { ...held, finished: 1 } });
  complete(turn, spot, frameOutput(frame.slots) ?? NULL_VALUE, { facts: "miss" });
}
