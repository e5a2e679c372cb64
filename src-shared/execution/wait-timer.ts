import type { ComponentPath } from "../base/ids";
import type { Due } from "./awaits";
import type { Effect } from "./effect";
import type { TimerKind } from "./event";
import type { ComponentState } from "./state";
import type { Spot, Turn } from "./turn";

/** The timer that a waiting component has set, as the effect that sets it; undefined when it waits without end. */
export function timerOf(path: ComponentPath, slot: ComponentState): Effect | undefined {
  const { awaits } = slot;
  if (awaits?.due === undefined) return undefined;
  return setting(path, awaits.kind === "task" ? "deadline" : "wait", awaits.due);
}

/** Clears what a component waits for, its timer included. */
export function stopWaiting(turn: Turn, spot: Spot): void {
  const { awaits } = turn.slot(spot);
  if (awaits === undefined) return;
  if (awaits.due !== undefined)
    turn.effect({ kind: "clear-timer", path: turn.path(spot), timer: awaits.kind === "task" ? "deadline" : "wait" });
  turn.set(spot, { awaits: undefined });
}

function setting(path: ComponentPath, timer: TimerKind, { since, at, absolute }: Due): Effect {
  const delayMs = Math.max(0, at - since);
  return { kind: "set-timer", path, timer, from: since, delayMs, ...(absolute === undefined ? {} : { absolute }) };
}
