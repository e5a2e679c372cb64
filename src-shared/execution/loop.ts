import { cancelFrame } from "./cancel";
import type { ComponentError } from "./error";
import { ownerFailed } from "./failure";
import { listOf, partOf, roundItem } from "./parts";
import { enter } from "./ready";
import { complete, frameOutput } from "./settle";
import { countSetting, setting } from "./settings";
import type { Frame, LoopState } from "./state";
import { tallied } from "./tally";
import { withKept } from "./undo-frames";
import type { FrameSpot, Spot, Turn } from "./turn";
import { NULL_VALUE, type Value } from "./value";
import { elementAt, elementsOf, emptyVector, setAt } from "./vector";

/** How many rounds a loop may have unless it says otherwise. */
export const MAX_ITERATIONS = 10_000;

/** Opens a `loop`: over its items, or as long as its `while` holds. */
export function startLoop(turn: Turn, spot: Spot): void {
  const slot = turn.slot(spot);
  const hasWhile = spot.node.component.config?.while !== undefined;
  const { items } = slot;
  const total = items === undefined ? undefined : Math.ceil(items / countSetting(slot, "batch_size", 1));
  const owner: LoopState = {
    kind: "loop",
    ...(total === undefined ? {} : { total }),
    next: 0,
    judging: false,
    open: [],
    outputs: emptyVector(),
    completed: 0,
    failed: 0,
    tallies: {},
  };
  turn.set(spot, { owner });
  if (total === undefined && !hasWhile) {
    ownerFailed(turn, spot, {
      type: "validation_error",
      message: "A loop needs items or while.",
      place: "config.items",
    });
  } else if (total !== undefined && total > mostRounds(turn, spot)) {
    ownerFailed(turn, spot, tooMany(`The loop would run ${total} rounds`, mostRounds(turn, spot)));
  } else {
    goOn(turn, spot);
  }
}

/** The answer to `while`. */
export function roundJudged(turn: Turn, spot: Spot, round: number, go: boolean, error?: ComponentError): void {
  const owner = turn.slot(spot).owner;
  if (owner?.kind !== "loop" || !owner.judging || owner.next !== round) return;
  turn.set(spot, { owner: { ...owner, judging: false } });
  if (error !== undefined) ownerFailed(turn, spot, error);
  else if (!go) finish(turn, spot);
  else if (round >= mostRounds(turn, spot))
    ownerFailed(turn, spot, tooMany("The loop still goes on", mostRounds(turn, spot)));
  else openRounds(turn, spot, 1);
}

/** A round is over. It leaves the state; what it gave stays. */
export function roundDone(turn: Turn, spot: Spot, { frame }: FrameSpot): void {
  leave(turn, spot, frame, frameOutput(frame.slots) ?? NULL_VALUE, true);
  goOn(turn, spot);
}

/** A round failed: the loop fails with it, or goes on with null in its place. */
export function roundFailed(turn: Turn, spot: Spot, inner: FrameSpot, error: ComponentError): void {
  cancelFrame(turn, inner);
  if (setting(turn.slot(spot), "on_item_failure") !== "continue") {
    ownerFailed(turn, spot, error);
    return;
  }
  turn.warn(`${inner.path} failed and the loop went on: ${error.message}`);
  leave(turn, spot, inner.frame, NULL_VALUE, false);
  goOn(turn, spot);
}

function leave(turn: Turn, spot: Spot, frame: Frame, output: Value, isGood: boolean): void {
  const owner = loopOf(turn, spot);
  const next: LoopState = {
    ...owner,
    open: owner.open.filter((round) => round !== frame),
    outputs: setAt(owner.outputs, frame.round as number, output),
    completed: owner.completed + (isGood ? 1 : 0),
    failed: owner.failed + (isGood ? 0 : 1),
    tallies: tallied(turn.plan, owner.tallies, frame, turn.before.facts.rules >= 2),
    // Rounds may end out of order; the one shown as the last is the one with the highest number.
    last: owner.last === undefined || (owner.last.round as number) < (frame.round as number) ? frame : owner.last,
  };
  turn.set(spot, { owner: turn.before.facts.rules < 2 ? next : withKept(turn.plan, next, frame) });
}

function goOn(turn: Turn, spot: Spot): void {
  const slot = turn.slot(spot);
  const owner = loopOf(turn, spot);
  if (owner.total === undefined) {
    turn.set(spot, { owner: { ...owner, judging: true } });
    turn.effect({ kind: "judge-round", path: turn.path(spot), round: owner.next });
    return;
  }
  const width = countSetting(slot, "max_concurrency", 1);
  const count = Math.min(width - owner.open.length, owner.total - owner.next);
  if (count > 0) openRounds(turn, spot, count);
  else if (owner.open.length === 0) finish(turn, spot);
}

function openRounds(turn: Turn, spot: Spot, count: number): void {
  const owner = loopOf(turn, spot);
  const fresh: FrameSpot[] = [];
  for (let round = owner.next; round < owner.next + count; round += 1) {
    fresh.push(turn.fresh(spot, round, spot.node.owns[0] as number, { round, item: itemOf(turn, spot, owner, round) }));
  }
  const open = owner.open.concat(fresh.map(({ frame }) => frame));
  turn.set(spot, { owner: { ...owner, open, next: owner.next + count } });
  for (const frame of fresh) enter(turn, frame);
}

/** A `while` loop works on what its last round gave, at first on the loop's own input. */
function itemOf(turn: Turn, spot: Spot, owner: LoopState, round: number): Value {
  const slot = turn.slot(spot);
  if (owner.total === undefined) {
    return (round === 0 ? slot.input : elementAt(owner.outputs, round - 1)) ?? NULL_VALUE;
  }
  const items = (slot.config && partOf(slot.config, "items")) ?? NULL_VALUE;
  return roundItem(items, round, countSetting(slot, "batch_size", 1), slot.items ?? 0);
}

function finish(turn: Turn, spot: Spot): void {
  complete(turn, spot, listOf(elementsOf(loopOf(turn, spot).outputs, NULL_VALUE)));
}

function mostRounds(turn: Turn, spot: Spot): number {
  return countSetting(turn.slot(spot), "max_iterations", MAX_ITERATIONS);
}

function tooMany(what: string, most: number): ComponentError {
  return {
    type: "resource_limit_exceeded",
    message: `${what}; max_iterations is ${most}.`,
    place: "config.max_iterations",
  };
}

function loopOf(turn: Turn, spot: Spot): LoopState {
  return turn.slot(spot).owner as LoopState;
}
