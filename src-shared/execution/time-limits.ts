import { durationText } from "../base/duration";
import type { ComponentPath } from "../base/ids";
import type { AtMs } from "../base/units";
import type { Effect } from "./effect";
import { stop } from "./failure";
import type { PlanScope } from "./node";
import type { Plan } from "./plan";
import type { Frame } from "./state";
import type { FrameSpot, Turn } from "./turn";

/** The first journals' rules know no time limits of branches and of executions. */
const SINCE_RULES = 2;

/** The timer of an execution that began at `from`; undefined when nothing limits it. */
export function executionTimer(plan: Plan, rules: number, from: AtMs): Effect | undefined {
  const { timeoutMs } = plan;
  if (timeoutMs === undefined || rules < SINCE_RULES) return undefined;
  return { kind: "set-timer", path: "", timer: "execution-timeout", from, delayMs: timeoutMs };
}

/** The timer of an open branch; undefined when nothing limits it. */
export function branchTimer(path: ComponentPath, scope: PlanScope, frame: Frame): Effect | undefined {
  if (scope.timeoutMs === undefined || frame.openedAt === undefined || frame.open === 0) return undefined;
  return { kind: "set-timer", path, timer: "branch-timeout", from: frame.openedAt, delayMs: scope.timeoutMs };
}

/** A branch opens: its time begins. */
export function startBranchTime(turn: Turn, frame: FrameSpot): void {
  if (frame.scope.timeoutMs === undefined || turn.before.facts.rules < SINCE_RULES) return;
  turn.own(frame).openedAt = turn.at;
  const timer = branchTimer(frame.path, frame.scope, frame.frame);
  if (timer !== undefined) turn.effect(timer);
}

/** A branch is over, one way or another. */
export function endBranchTime(turn: Turn, frame: FrameSpot): void {
  if (frame.frame.openedAt === undefined) return;
  turn.effect({ kind: "clear-timer", path: frame.path, timer: "branch-timeout" });
}

/** A branch took too long: it fails as a whole, as with an error of one of its components. */
export function branchTimedOut(turn: Turn, path: ComponentPath): void {
  const frame = turn.frame(path);
  if (frame === undefined || frame.frame.open === 0 || frame.scope.timeoutMs === undefined) return;
  const message = `The branch ${frame.scope.id ?? path} took longer than ${durationText(frame.scope.timeoutMs)}.`;
  turn.work.push({ kind: "frame-failed", in: frame, error: { type: "timeout", message } });
}

/** The execution took too long. */
export function executionTimedOut(turn: Turn): void {
  const message = `The execution took longer than ${durationText(turn.plan.timeoutMs ?? 0)}.`;
  stop(turn, "failed", { type: "timeout", message });
}
