import { fail, ok, type Result } from "../base/result";
import { sentence } from "../expression/evaluate";
import type { ExpressionProblem } from "../expression/problem";
import { compileCondition } from "../expression/template";
import type { Shape } from "./config-template";
import type { ComponentError } from "./error";
import { listOf, objectOf } from "./parts";
import { evaluate, evaluateValue, neededBy, type Reading } from "./scope";
import type { Sight } from "./sight";
import type { Value } from "./value";

/** The value of a compiled piece of a definition. */
export function evaluateShape(shape: Shape, reading: Reading): Result<Value, ComponentError> {
  switch (shape.kind) {
    case "plain":
      return ok(shape.value);
    case "bad":
      return fail(expressionError(shape.problem, shape.place));
    case "template": {
      const value = evaluateValue(shape.template, reading);
      return value.ok ? value : fail(expressionError(value.problem, shape.place));
    }
    case "object": {
      const fields: (readonly [string, Value])[] = [];
      for (const [key, field] of shape.fields) {
        const value = evaluateShape(field, reading);
        if (!value.ok) return value;
        fields.push([key, value.value]);
      }
      return ok(objectOf(Object.fromEntries(fields)));
    }
    case "list": {
      const items: Value[] = [];
      for (const item of shape.items) {
        const value = evaluateShape(item, reading);
        if (!value.ok) return value;
        items.push(value.value);
      }
      return ok(listOf(items));
    }
  }
}

/** Whether a condition, as written in a definition, holds. */
export function holds(
  condition: string | boolean | undefined,
  place: string,
  reading: Reading,
): Result<boolean, ComponentError> {
  if (condition === undefined || condition === true) return ok(true);
  if (condition === false) return ok(false);
  if (condition.trim() === "") return ok(true);
  const compiled = compileCondition(condition);
  if (!compiled.ok) return fail(expressionError(compiled.problem, place));
  const evaluated = evaluate(compiled.value, reading);
  if (!evaluated.ok) return fail(expressionError(evaluated.problem, place));
  const { json } = evaluated.value;
  if (typeof json === "boolean") return ok(json);
  const kind =
    json === null
      ? "null"
      : Array.isArray(json)
        ? "a list"
        : typeof json === "object"
          ? "an object"
          : `a ${typeof json}`;
  const message = `A condition must be true or false, found ${kind} in \`${condition.trim()}\`.`;
  return fail({ type: "expression_error", message, place });
}

/** The stored and sensitive values that evaluating `shape` would read. */
export function neededByShape(shape: Shape, sight: Sight): readonly Value[] {
  switch (shape.kind) {
    case "plain":
    case "bad":
      return [];
    case "template":
      return neededBy(shape.template, sight);
    case "object":
      return shape.fields.flatMap(([, field]) => neededByShape(field, sight));
    case "list":
      return shape.items.flatMap((item) => neededByShape(item, sight));
  }
}

/** The stored and sensitive values that judging `condition` would read. */
export function neededByCondition(condition: string | boolean | undefined, sight: Sight): readonly Value[] {
  if (typeof condition !== "string" || condition.trim() === "") return [];
  const compiled = compileCondition(condition);
  return compiled.ok ? neededBy(compiled.value, sight) : [];
}

function expressionError(problem: ExpressionProblem, place: string): ComponentError {
  return { type: "expression_error", message: sentence(problem), place };
}
