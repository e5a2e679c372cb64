import { ok, type Result } from "../base/result";
import type { AtMs, Ms } from "../base/units";
import type { ValueAccess } from "./access";
import { type Shape, shapeOf } from "./config-template";
import type { Effect } from "./effect";
import type { ComponentError } from "./error";
import { evaluateShape, neededByShape } from "./evaluate-shape";
import type { Event } from "./event";
import type { PlanNode, PlanScope } from "./node";
import type { Plan } from "./plan";
import { readingAt } from "./scope";
import { sightFrom } from "./sight";
import { type ExecutionState, WARNINGS_KEPT } from "./state";
import { isUndoable } from "./undo";
import { NOTICE, RECOVERY } from "./undo-plan";
import { undoCount } from "./undo-steps";
import { NULL_VALUE, type Value } from "./value";

/** Answers `conclude`: evaluates `outputs` of an execution that completed, and says how it ended. */
export function conclude(
  plan: Plan,
  state: ExecutionState,
  { status, error }: Extract<Effect, { kind: "conclude" }>,
  access: ValueAccess,
  at: AtMs,
  clock?: () => Ms,
): Extract<Event, { kind: "execution-settled" | "outputs-failed" }> {
  const more = state.warned - WARNINGS_KEPT;
  const warnings = more > 0 ? [...state.warnings, `${more} more warnings`] : state.warnings;
  const undo = state.undoing === undefined ? {} : { undo: undoCount(state.undoing) };
  if (status !== "completed" && status !== "completed_with_warnings") {
    return {
      kind: "execution-settled",
      at,
      status,
      output: NULL_VALUE,
      ...(error === undefined ? {} : { error }),
      warnings,
      ...undo,
    };
  }
  const output = outputOf(plan, state, access, at, clock);
  const undoable = isUndoable(plan, state);
  if (output.ok) {
    const settled = { kind: "execution-settled", at, status, output: access.keep(output.value), warnings } as const;
    return undoable ? { ...settled, undoable } : settled;
  }
  return undoable || recovers(plan, state)
    ? { kind: "outputs-failed", at, error: output.problem }
    : { kind: "execution-settled", at, status: "failed", output: NULL_VALUE, error: output.problem, warnings };
}

/** Whether a failure is followed by `error_recovery`. */
function recovers(plan: Plan, { facts }: ExecutionState): boolean {
  return facts.rules >= 2 && (plan.undo.nodes.has(RECOVERY) || plan.undo.nodes.has(NOTICE));
}

/** The stored and sensitive values that concluding would read. */
export function conclusionNeeds(plan: Plan, state: ExecutionState): readonly Value[] {
  const shape = outputsShape(plan);
  return shape === undefined ? [] : neededByShape(shape, sightFrom(plan, state, ""));
}

function outputOf(
  plan: Plan,
  state: ExecutionState,
  access: ValueAccess,
  at: AtMs,
  clock?: () => Ms,
): Result<Value, ComponentError> {
  const shape = outputsShape(plan);
  if (shape !== undefined)
    return evaluateShape(shape, readingAt(sightFrom(plan, state, ""), access, at, "outputs", clock));
  const completed = (plan.scopes[0] as PlanScope).members
    .map((number) => plan.nodes[number] as PlanNode)
    .filter((node) => state.root.slots[node.position]?.status === "completed");
  const last = completed.findLast((node) => node.type === "end") ?? completed[completed.length - 1];
  return ok((last && state.root.slots[last.position]?.output) ?? NULL_VALUE);
}

function outputsShape({ workflow }: Plan): Shape | undefined {
  const { outputs } = workflow;
  return outputs === undefined || outputs === null ? undefined : shapeOf(outputs, "outputs");
}
