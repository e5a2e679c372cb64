import type { ComponentPath } from "../base/ids";
import type { AtMs, Ms } from "../base/units";
import { fail, ok, type Result } from "../base/result";
import { sentence } from "../expression/evaluate";
import { compileCondition } from "../expression/template";
import type { Json } from "../base/json";
import type { ValueAccess } from "../execution/access";
import { holds } from "../execution/evaluate-shape";
import type { Plan } from "../execution/plan";
import { componentAt } from "../execution/read";
import { evaluate, neededBy, readingAt } from "../execution/scope";
import { sightFrom } from "../execution/sight";
import type { ExecutionState } from "../execution/state";
import type { Value } from "../execution/value";

/** Where and when an expression is looked at. */
export interface Look {
  readonly plan: Plan;
  readonly state: ExecutionState;
  /** The component it is looked at from; empty for the end of the workflow. */
  readonly path: ComponentPath;
  readonly access: ValueAccess;
  readonly at: AtMs;
  readonly clock?: () => Ms;
}

/** Whether a breakpoint's condition holds. One that cannot be judged holds: better to stop once too often. */
export function conditionHits(condition: string | undefined, { plan, state, path, access, at, clock }: Look): boolean {
  if (condition === undefined || condition.trim() === "") return true;
  const judged = holds(
    condition,
    "breakpoint",
    readingAt(sightFrom(plan, state, path), access, at, "breakpoint", clock),
  );
  return !judged.ok || judged.value;
}

/** Evaluates a watch expression; braces may be left out. Changes nothing. */
export function evaluateWatch(
  expression: string,
  { plan, state, path, access, at, clock }: Look,
): Result<{ readonly json: Json; readonly sensitive: boolean }, string> {
  const compiled = compileCondition(expression);
  if (!compiled.ok) return fail(sentence(compiled.problem));
  if (!isOpen(plan, state, path)) return fail("Nothing is known here at this moment.");
  const evaluated = evaluate(compiled.value, readingAt(sightFrom(plan, state, path), access, at, "watch", clock));
  return evaluated.ok ? ok(evaluated.value) : fail(sentence(evaluated.problem));
}

/** The stored and sensitive values that a watch or a breakpoint's condition would read. */
export function watchNeeds(
  expression: string,
  { plan, state, path }: Pick<Look, "plan" | "state" | "path">,
): readonly Value[] {
  const compiled = compileCondition(expression);
  return compiled.ok && isOpen(plan, state, path) ? neededBy(compiled.value, sightFrom(plan, state, path)) : [];
}

/** A round that is over has left the state, and a branch may not have begun. */
function isOpen(plan: Plan, state: ExecutionState, path: ComponentPath): boolean {
  return path === "" || componentAt(plan, state, path) !== undefined;
}
