import { attemptTimer } from "./attempt-timer";
import type { Effect } from "./effect";
import { toBeJudged } from "./edge-state";
import type { PlanNode, PlanScope } from "./node";
import type { Plan } from "./plan";
import { componentAt, components, frameAt, frames, type PlacedComponent } from "./read";
import { type ExecutionState, isComponentSettled } from "./state";
import { branchTimer, executionTimer } from "./time-limits";
import { timerOf } from "./wait-timer";
import { currentStep } from "./undo-steps";

/**
 * What is still to be done in `state`: everything `advance` asked for whose answer has not been folded.
 *
 * This is what recovery carries out. An attempt that had started without an outcome is asked for again with the same
 * number; owners that had started are not, as their members speak for them.
 */
export function pendingEffects(plan: Plan, state: ExecutionState): readonly Effect[] {
  if (state.settledAt !== undefined) return [];
  if (state.ending !== undefined) return [{ kind: "conclude", ...state.ending }];
  if (state.undoing !== undefined) {
    const step = componentAt(plan, state, state.undoing.steps[state.undoing.at]?.path ?? "");
    return step === undefined ? [] : pendingAt(plan, state, step);
  }
  // Its turn comes from outside.
  if (state.status === "queued") return [];
  const limit = executionTimer(plan, state.facts.rules, state.begunAt ?? state.facts.startedAt);
  const effects: Effect[] = limit === undefined ? [] : [limit];
  for (const { path, frame } of frames(plan, state)) {
    const timer = branchTimer(path, plan.scopes[frame.scope] as PlanScope, frame);
    if (timer !== undefined) effects.push(timer);
  }
  for (const placed of components(plan, state)) effects.push(...pendingAt(plan, state, placed));
  return effects;
}

/** Whether the answer to `effect` still matters: what it is about may have been stopped meanwhile. */
export function isAwaited(plan: Plan, state: ExecutionState, effect: Effect): boolean {
  if (state.settledAt !== undefined) return false;
  if (effect.kind === "conclude") return true;
  if (effect.kind === "abort" || effect.kind === "clear-timer") return true;
  if (state.ending !== undefined) return false;
  if (state.undoing !== undefined && currentStep(state.undoing, effect.path) === undefined) return false;
  if (effect.kind === "set-timer" && (effect.timer === "execution-timeout" || effect.timer === "branch-timeout"))
    return effect.path === "" || frameAt(plan, state, effect.path) !== undefined;
  const placed = componentAt(plan, state, effect.path);
  if (placed === undefined) return false;
  return pendingAt(plan, state, placed).some((pending) => isSame(pending, effect));
}

/** Whether an attempt of `node` is begun and left to the fold: members, time, events and people do the rest. */
export function isFoldedAlone({ kind }: PlanNode, { facts }: ExecutionState): boolean {
  return kind === "parallel" || kind === "loop" || (kind === "await" && facts.rules >= 2);
}

function pendingAt(
  plan: Plan,
  { facts: { rules } }: ExecutionState,
  { path, node, state: slot, frame }: PlacedComponent,
): readonly Effect[] {
  const effects: Effect[] = [];
  if (node.timeoutMs !== undefined && slot.startedAt !== undefined && !isComponentSettled(slot.status)) {
    effects.push({
      kind: "set-timer",
      path,
      timer: "component-timeout",
      from: slot.startedAt,
      delayMs: node.timeoutMs,
    });
  }
  switch (slot.status) {
    case "ready":
      if (slot.config === undefined) effects.push({ kind: "prepare", path });
      else effects.push({ kind: "attempt", path, attempt: slot.attempts.length + 1 });
      break;
    case "running":
      if (slot.recalling === true) effects.push({ kind: "recall", path });
      else if (slot.stopping === true) effects.push({ kind: "await-stopped", path });
      else if (slot.owner === undefined) {
        const timer = attemptTimer(rules, path, node, slot);
        if (timer !== undefined) effects.push(timer);
        effects.push({ kind: "attempt", path, attempt: slot.attempts.length });
      } else if (slot.owner.kind === "loop" && slot.owner.judging) {
        effects.push({ kind: "judge-round", path, round: slot.owner.next });
      }
      break;
    case "waiting": {
      if (slot.awaits !== undefined) {
        const timer = timerOf(path, slot);
        if (timer !== undefined) effects.push(timer);
        break;
      }
      const from = slot.attempts[slot.attempts.length - 1]?.endedAt ?? 0;
      effects.push({ kind: "set-timer", path, timer: "retry", from, delayMs: (slot.retryAt ?? from) - from });
      break;
    }
    case "completed":
    case "failed": {
      const asked = toBeJudged(plan, frame.slots, node);
      if (asked.length > 0) effects.push({ kind: "judge-connections", path, connections: asked });
      break;
    }
    case "pending":
    case "skipped":
    case "cancelled":
    case "compensated":
      break;
  }
  return effects;
}

function isSame(a: Effect, b: Effect): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === "attempt" && b.kind === "attempt") return a.attempt === b.attempt;
  if (a.kind === "set-timer" && b.kind === "set-timer") return a.timer === b.timer;
  if (a.kind === "judge-round" && b.kind === "judge-round") return a.round === b.round;
  return true;
}
