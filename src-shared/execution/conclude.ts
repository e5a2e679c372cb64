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
import { NULL_VALUE, type Value } from "./value";

/** Answers `conclude`: evaluates `outputs` of an execution that completed, and says how it ended. */
export function conclude(
  plan: Plan,
  state: ExecutionState,
  { status, error }: Extract<Effect, { kind: "conclude" }>,
  access: ValueAccess,
  at: AtMs,
  clock?: () => Ms,
): Extract<Event, { kind: "execution-settled" }> {
  const more = state.warned - WARNINGS_KEPT;
  const warnings = more > 0 ? [...state.warnings, `${more} more warnings`] : state.warnings;
  if (status !== "completed" && status !== "completed_with_warnings") {
    return {
      kind: "execution-settled",
      at,
      status,
      output: NULL_VALUE,
      ...(error === undefined ? {} : { error }),
      warnings,
    };
  }
  const output = outputOf(plan, state, access, at, clock);
  return output.ok
    ? { kind: "execution-settled", at, status, output: access.keep(output.value), warnings }
    : { kind: "execution-settled", at, status: "failed", output: NULL_VALUE, error: output.problem, warnings };
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
