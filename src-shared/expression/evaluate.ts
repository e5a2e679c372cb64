import type { Json } from "../base/json";
import { fail, ok, type Result } from "../base/result";
import { toJson, toText } from "./border";
import { Evaluation, LONGEST_TEXT, type Scope } from "./evaluation";
import { plainType } from "./kinds";
import { Fault, problemOf, type ExpressionProblem } from "./problem";
import type { Expression, Template } from "./template";

export type { Budget, Scope } from "./evaluation";
export { Marked } from "./kinds";
export { sentence, type ExpressionProblem } from "./problem";

/** What an evaluation gives: JSON, and whether anything sensitive went into it. */
export interface Evaluated {
  readonly json: Json;
  readonly sensitive: boolean;
}

/**
 * Evaluates `template` in `scope`. A single expression keeps its type; parts join as text, numbers and lists as JSON,
 * null as nothing.
 *
 * Changes nothing and reads no clock but the scope's. The JSON may share structure with the scope's values.
 */
export function evaluateTemplate(template: Template, scope: Scope): Result<Evaluated, ExpressionProblem> {
  if (template.literal !== undefined) return ok({ json: template.literal, sensitive: false });
  const evaluation = new Evaluation(scope);
  if (template.single !== undefined) {
    const value = evaluateOne(template.single, evaluation);
    return value.ok ? ok({ json: value.value, sensitive: evaluation.sensitive }) : value;
  }
  let text = "";
  for (const part of template.parts) {
    if (typeof part === "string") {
      text += part;
      continue;
    }
    const value = evaluateOne(part, evaluation);
    if (!value.ok) return value;
    text += toText(value.value);
    if (text.length > LONGEST_TEXT) return fail(tooLong(part));
  }
  return ok({ json: text, sensitive: evaluation.sensitive });
}

/** Evaluates a condition compiled by `compileCondition`; anything but true or false is a problem. */
export function evaluateCondition(template: Template, scope: Scope): Result<boolean, ExpressionProblem> {
  const evaluated = evaluateTemplate(template, scope);
  if (!evaluated.ok) return evaluated;
  const { json } = evaluated.value;
  if (typeof json === "boolean") return ok(json);
  const source = template.single?.source ?? template.source;
  const at = { from: template.single?.start ?? 0, to: template.single?.end ?? source.length };
  const detail = `a condition must be true or false, found ${plainType(json)}`;
  return fail({ kind: "type", expression: source, at, detail });
}

function evaluateOne(expression: Expression, evaluation: Evaluation): Result<Json, ExpressionProblem> {
  const at = expression.ast.at;
  try {
    return ok(toJson(expression.run(evaluation), evaluation, at));
  } catch (fault) {
    if (fault instanceof Fault) return fail(problemOf(fault, expression.source));
    // Expressions are limited in depth, but a host may give a thread a very small stack.
    if (fault instanceof RangeError)
      return fail({
        kind: "budget",
        expression: expression.source,
        at,
        detail: "the expression needs too much memory",
      });
    throw fault;
  }
}

function tooLong(expression: Expression): ExpressionProblem {
  const detail = "the template makes a text that is too long";
  return { kind: "budget", expression: expression.source, at: expression.ast.at, detail };
}
