import { cancelInner } from "./cancel";
import type { PlanScope } from "./node";
import { objectOf } from "./parts";
import { enter } from "./ready";
import { complete, frameOutput } from "./settle";
import { countSetting, setting } from "./settings";
import type { ParallelState } from "./state";
import { startBranchTime } from "./time-limits";
import type { FrameSpot, Spot, Turn } from "./turn";
import { NULL_VALUE } from "./value";

/** Opens a `parallel`: as many branches at once as it may. */
export function startParallel(turn: Turn, spot: Spot): void {
  const owner: ParallelState = {
    kind: "parallel",
    branches: branchScopes(turn, spot).map(() => null),
    opened: 0,
    finished: 0,
  };
  turn.set(spot, { owner });
  openBranches(turn, spot);
  if (owner.branches.length === 0) finish(turn, spot);
}

/** A branch is over: the next one opens, or the `parallel` is done. */
export function branchDone(turn: Turn, spot: Spot, at: number): void {
  const owner = parallelOf(turn, spot);
  const finished = owner.finished + 1;
  if (setting(turn.slot(spot), "wait_for_all") === false) {
    turn.set(spot, { owner: { ...owner, finished, winner: at } });
    cancelInner(turn, spot);
    finish(turn, spot);
    return;
  }
  turn.set(spot, { owner: { ...owner, finished } });
  if (finished === owner.branches.length) finish(turn, spot);
  else openBranches(turn, spot);
}

function openBranches(turn: Turn, spot: Spot): void {
  const owner = parallelOf(turn, spot);
  const scopes = branchScopes(turn, spot);
  const width = countSetting(turn.slot(spot), "max_concurrency", scopes.length);
  const branches = [...owner.branches];
  const fresh: FrameSpot[] = [];
  let { opened } = owner;
  while (opened < scopes.length && opened - owner.finished < width) {
    const frame = turn.fresh(spot, opened, (scopes[opened] as PlanScope).index);
    branches[opened] = frame.frame;
    fresh.push(frame);
    opened += 1;
  }
  turn.set(spot, { owner: { ...owner, branches, opened } });
  for (const frame of fresh) {
    startBranchTime(turn, frame);
    enter(turn, frame);
  }
}

function finish(turn: Turn, spot: Spot): void {
  const { branches, winner } = parallelOf(turn, spot);
  // What a branch gave that lost the race is not told; journals of rules 1 told it.
  const only = turn.before.facts.rules < 2 ? undefined : winner;
  const outputs = branchScopes(turn, spot).map((scope, at) => {
    const frame = only === undefined || at === only ? branches[at] : null;
    return [scope.id as string, (frame ? frameOutput(frame.slots) : undefined) ?? NULL_VALUE] as const;
  });
  complete(turn, spot, objectOf(Object.fromEntries(outputs)));
}

function branchScopes(turn: Turn, { node }: Spot): readonly PlanScope[] {
  return node.owns.map((scope) => turn.plan.scopes[scope] as PlanScope).filter((scope) => scope.kind === "branch");
}

function parallelOf(turn: Turn, spot: Spot): ParallelState {
  return turn.slot(spot).owner as ParallelState;
}
