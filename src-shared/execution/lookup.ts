import type { PlanScope } from "./node";
import { objectOf } from "./parts";
import { enter } from "./ready";
import { complete, frameOutput } from "./settle";
import type { ParallelState } from "./state";
import type { FrameSpot, Spot, Turn } from "./turn";
import { inline, NULL_VALUE } from "./value";

/** The cache had nothing: a `cache_lookup`'s fallback gets the value, as the only branch. */
export function startFallback(turn: Turn, spot: Spot): void {
  const scope = turn.plan.scopes[spot.node.owns[0] as number] as PlanScope;
  const frame = turn.fresh(spot, 0, scope.index);
  const owner: ParallelState = { kind: "parallel", branches: [frame.frame], opened: 1, finished: 0 };
  turn.set(spot, { owner });
  enter(turn, frame);
}

/** The fallback is over: what it gave is the value, as if it had been there. */
export function fallbackDone(turn: Turn, spot: Spot, { frame }: FrameSpot): void {
  const held = turn.slot(spot).owner;
  if (held?.kind === "parallel") turn.set(spot, { owner: { ...held, finished: 1 } });
  const value = frameOutput(frame.slots) ?? NULL_VALUE;
  complete(turn, spot, objectOf({ hit: inline(false), value }), { facts: "miss" });
}
