import { durationText } from "../base/duration";
import { attemptLimit, clearAttemptTimer } from "./attempt-timer";
import { cancelFrame, cancelInner } from "./cancel";
import type { ComponentError } from "./error";
import { startRecall } from "./recall";
import { mayRetry, retryDelay } from "./retry";
import { settle } from "./settle";
import type { AttemptRecord, ComponentState } from "./state";
import type { Spot, Turn } from "./turn";
import { beginUndo, leaveDone } from "./undo";
import { NULL_VALUE } from "./value";
import { stopWaiting } from "./wait-timer";

/** An attempt failed: it is made again after a pause, or the component has failed. */
export function attemptFailed(turn: Turn, spot: Spot, error: ComponentError): void {
  const { node } = spot;
  const slot = turn.slot(spot);
  const attempts = endLast(slot.attempts, turn.at, error);
  const { length } = attempts;
  // An owner's members have their own policies: starting them all over would repeat what had completed.
  const isOwner = slot.owner !== undefined;
  if (isOwner || !mayRetry(node.retry, length, error)) {
    turn.set(spot, { attempts });
    componentFailed(turn, spot, error);
    return;
  }
  const path = turn.path(spot);
  const delayMs = retryDelay(node.retry, length, error, turn.before.facts.seed, path);
  turn.set(spot, { status: "waiting", attempts, error, retryAt: turn.at + delayMs });
  turn.effect({ kind: "set-timer", path, timer: "retry", from: turn.at, delayMs });
}

/** No attempt is left: the last resort decides whether the workflow goes on. */
export function componentFailed(turn: Turn, spot: Spot, error: ComponentError): void {
  const { node } = spot;
  const { lastResort } = node;
  const path = turn.path(spot);
  const told = { ...error, component: error.component ?? path };
  if (lastResort.kind === "continue" || lastResort.kind === "component") {
    turn.warn(`${path} failed and the workflow went on: ${error.message}`);
    const tolerated = lastResort.kind === "continue" ? "strategy" : "handler";
    settle(turn, spot, failure(told, { tolerated, output: NULL_VALUE }));
    return;
  }
  // Journals of rules 1 know no last good output.
  if (lastResort.kind === "cached" && turn.before.facts.rules >= 2) startRecall(turn, spot, told);
  else failedForGood(turn, spot, told);
}

/** Nothing is left that could save it: a drawn `error` connection takes the failure, or it stops the workflow. */
export function failedForGood(turn: Turn, spot: Spot, told: ComponentError): void {
  const { node } = spot;
  const final =
    node.lastResort.kind === "cached"
      ? { ...told, message: `${told.message} There is no cached output to use instead.` }
      : told;
  if (node.takenByError) {
    settle(turn, spot, failure(final, { tolerated: "connection", output: NULL_VALUE }));
    return;
  }
  settle(turn, spot, failure(final, {}));
}

/** Ends an owner because of what happened inside it. */
export function ownerFailed(turn: Turn, spot: Spot, error: ComponentError): void {
  cancelInner(turn, spot);
  attemptFailed(turn, spot, error);
}

/** One attempt took too long: nobody waits for its end any more, and it may be made again. */
export function attemptTimedOut(turn: Turn, spot: Spot): void {
  const slot = turn.slot(spot);
  const limit = attemptLimit(turn.before.facts.rules, spot.node, slot);
  if (slot.status !== "running" || slot.recalling === true || slot.stopping === true || limit === undefined) return;
  turn.abort(turn.path(spot));
  const error: ComponentError = { type: "timeout", message: `Took longer than ${durationText(limit)}.` };
  turn.set(spot, { attempts: markAborted(slot.attempts, endLast(slot.attempts, turn.at, error)) });
  if (!mayRetry(spot.node.retry, slot.attempts.length, error) && outlasts(turn, spot)) awaitStopped(turn, spot, error);
  else attemptFailed(turn, spot, error);
}

/** All attempts together took too long. */
export function timedOut(turn: Turn, spot: Spot): void {
  const slot = turn.slot(spot);
  // It has failed already, for the same want of time.
  if (slot.stopping === true) return;
  const path = turn.path(spot);
  const isCalling = slot.status === "running" && slot.recalling !== true;
  if (slot.owner !== undefined) cancelInner(turn, spot);
  turn.abort(path);
  clearAttemptTimer(turn, spot);
  if (slot.awaits !== undefined) stopWaiting(turn, spot);
  else if (slot.status === "waiting") turn.effect({ kind: "clear-timer", path, timer: "retry" });
  const seconds = (spot.node.timeoutMs ?? 0) / 1000;
  const error: ComponentError = { type: "timeout", message: `Took longer than ${seconds} s with all attempts.` };
  const attempts = endLast(slot.attempts, turn.at, error);
  turn.set(spot, { attempts: turn.before.facts.rules < 2 ? attempts : markAborted(slot.attempts, attempts) });
  if (isCalling && outlasts(turn, spot)) awaitStopped(turn, spot, error);
  else componentFailed(turn, spot, error);
}

/** Whether something follows the failure of a call, which must not meet what it called at work. A failure that stops all waits for nobody. */
function outlasts(turn: Turn, { node }: Spot): boolean {
  if (turn.before.facts.rules < 3 || node.kind !== "call" || node.undo !== undefined) return false;
  return node.lastResort.kind !== "fail" || node.takenByError;
}

function awaitStopped(turn: Turn, spot: Spot, error: ComponentError): void {
  turn.set(spot, { stopping: true, error });
  turn.effect({ kind: "await-stopped", path: turn.path(spot) });
}

/** What it called has ended: it fails, and what follows may begin. */
export function stoppedEnded(turn: Turn, spot: Spot): void {
  const { error } = turn.slot(spot);
  turn.set(spot, { stopping: undefined });
  componentFailed(turn, spot, error as ComponentError);
}

/** A component that had completed turns out to be unusable: a condition on its way out cannot be judged. */
export function judgementFailed(turn: Turn, spot: Spot, error: ComponentError): void {
  const told = { ...error, component: error.component ?? turn.path(spot) };
  turn.set(spot, { status: "failed", error: told, tolerated: undefined });
  turn.work.push({ kind: "frame-failed", in: spot.in, error: told });
}

/**
 * Nothing more starts: what was done is undone, if there is anything, and the execution ends as `failed` or `cancelled`.
 *
 * @param mode how it was stopped, where it was: see `cancel-requested`.
 */
export function stop(
  turn: Turn,
  status: "failed" | "cancelled",
  error: ComponentError,
  mode: "asked" | "once" | "final" = "once",
): void {
  if (turn.ending !== undefined || turn.undoing !== undefined) return;
  cancelFrame(turn, turn.root);
  turn.work.length = 0;
  if (mode === "final") leaveDone(turn);
  else if (beginUndo(turn, { status, error, stops: mode === "asked" ? 1 : 0, recovers: true })) return;
  turn.ending = { status, error };
  turn.effect({ kind: "conclude", status, error });
}

function failure(error: ComponentError, more: Partial<ComponentState>): Partial<ComponentState> {
  return { status: "failed", error, recalling: undefined, ...more };
}

/** A called workflow that is stopped for lack of time may still be at work. */
function markAborted(before: readonly AttemptRecord[], after: readonly AttemptRecord[]): readonly AttemptRecord[] {
  const last = after[after.length - 1];
  return last === undefined || before === after ? after : [...after.slice(0, -1), { ...last, aborted: true }];
}

function endLast(attempts: readonly AttemptRecord[], at: number, error: ComponentError): readonly AttemptRecord[] {
  const last = attempts[attempts.length - 1];
  if (last === undefined || last.endedAt !== undefined) return attempts;
  return [...attempts.slice(0, -1), { ...last, endedAt: at, error }];
}
