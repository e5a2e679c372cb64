import type { ComponentPath } from "../base/ids";
import type { Ms } from "../base/units";
import type { Effect } from "./effect";
import type { PlanNode } from "./node";
import { setting } from "./settings";
import type { ComponentState } from "./state";
import type { Spot, Turn } from "./turn";

/** The first journals' rules leave the time of an attempt to whoever carries it out, which nobody does for a call. */
const SINCE_RULES = 2;

/**
 * How long one attempt of a call may take: the smaller of its evaluated `config.timeout` and `error_handling.timeout`. Other attempts
 * are timed where they are carried out.
 */
export function attemptLimit(rules: number, node: PlanNode, slot: ComponentState): Ms | undefined {
  if (node.kind !== "call" || rules < SINCE_RULES) return undefined;
  const seconds = setting(slot, "timeout");
  const own = typeof seconds === "number" && seconds > 0 ? seconds * 1000 : undefined;
  const { attemptTimeoutMs } = node;
  return own === undefined || attemptTimeoutMs === undefined
    ? (own ?? attemptTimeoutMs)
    : Math.min(own, attemptTimeoutMs);
}

/** The timer of the attempt that runs, as the effect that sets it; undefined when nothing limits it. */
export function attemptTimer(
  rules: number,
  path: ComponentPath,
  node: PlanNode,
  slot: ComponentState,
): Effect | undefined {
  const limit = attemptLimit(rules, node, slot);
  const last = slot.attempts[slot.attempts.length - 1];
  if (limit === undefined || slot.status !== "running" || last === undefined || last.endedAt !== undefined)
    return undefined;
  return { kind: "set-timer", path, timer: "attempt-timeout", from: last.startedAt, delayMs: limit };
}

/** The attempt that runs is about to end: its timer goes. */
export function clearAttemptTimer(turn: Turn, spot: Spot): void {
  const path = turn.path(spot);
  if (attemptTimer(turn.before.facts.rules, path, spot.node, turn.slot(spot)) === undefined) return;
  turn.effect({ kind: "clear-timer", path, timer: "attempt-timeout" });
}
