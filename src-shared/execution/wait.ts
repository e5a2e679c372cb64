import { durationText } from "../base/duration";
import { awaitingOf } from "./awaits";
import type { TimerKind } from "./event";
import { attemptFailed } from "./failure";
import { complete } from "./settle";
import type { Spot, Turn } from "./turn";
import { NULL_VALUE, type Value } from "./value";
import { stopWaiting, timerOf } from "./wait-timer";

/** An attempt of a `wait` or `human_task` begins: nothing runs until what it waits for comes. */
export function startWaiting(turn: Turn, spot: Spot): void {
  const awaiting = awaitingOf(spot.node, turn.slot(spot), turn.at);
  if (!awaiting.ok) {
    attemptFailed(turn, spot, awaiting.problem);
    return;
  }
  turn.set(spot, { status: "waiting", awaits: awaiting.value });
  const timer = timerOf(turn.path(spot), turn.slot(spot));
  if (timer !== undefined) turn.effect(timer);
}

/** The event that a `wait` waited for has come. */
export function eventReceived(turn: Turn, spot: Spot, event: Value): void {
  if (turn.slot(spot).awaits?.kind !== "event") return;
  stopWaiting(turn, spot);
  complete(turn, spot, event, { error: undefined });
}

/** A person has answered. */
export function taskAnswered(turn: Turn, spot: Spot, answer: Value, by: string): void {
  if (turn.slot(spot).awaits?.kind !== "task") return;
  stopWaiting(turn, spot);
  complete(turn, spot, answer, { error: undefined, facts: `answered by ${by}` });
}

/** The time of a `wait` or a task is over. */
export function waitOver(turn: Turn, spot: Spot, timer: TimerKind): void {
  const { awaits } = turn.slot(spot);
  if (awaits?.due === undefined || (awaits.kind === "task") !== (timer === "deadline")) return;
  const path = turn.path(spot);
  if (awaits.kind === "time" && awaits.late !== true) {
    turn.set(spot, { awaits: undefined });
    complete(turn, spot, NULL_VALUE, { error: undefined });
    return;
  }
  if (awaits.kind === "task" && awaits.next !== undefined) {
    const { next, due: _due, ...rest } = awaits;
    turn.set(spot, { awaits: { ...rest, ...next, escalatedAt: turn.at } });
    const timer = timerOf(path, turn.slot(spot));
    if (timer !== undefined) turn.effect(timer);
    return;
  }
  turn.set(spot, { awaits: undefined, status: "running" });
  const waited = durationText(awaits.due.at - (awaits.kind === "task" ? awaits.openedAt : awaits.due.since));
  const message =
    awaits.kind === "task"
      ? `Nobody answered within ${waited}.`
      : awaits.kind === "event"
        ? `No event ${awaits.pattern} came within ${waited}.`
        : `The wait is longer than its time limit of ${waited}.`;
  attemptFailed(turn, spot, { type: "timeout", message });
}
