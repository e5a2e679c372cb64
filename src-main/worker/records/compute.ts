import type { Json } from "@shared/base/json";
import { evaluateCondition, evaluateTemplate } from "@shared/expression/evaluate";
import { sentence, type ExpressionProblem } from "@shared/expression/problem";
import type { Scope } from "@shared/expression/evaluation";
import { compileCondition, type Template } from "@shared/expression/template";
import { refuse } from "../behaviour";
import type { Record } from "./json";

/** The template of one CEL expression over `record`, braces left out or not; refuses what is no expression. */
export function compileOver(source: string, place: string): Template {
  const result = compileCondition(source);
  return result.ok ? result.value : refuseExpression(result.problem, place);
}

function scopeOf(record: Record): Scope {
  const names = Object.create(null) as { record: Record };
  names.record = record;
  return { names: names as unknown as Scope["names"], mayHoldMarks: false };
}

function refuseExpression(problem: ExpressionProblem, place: string): never {
  return refuse({ type: "expression_error", message: sentence(problem), place });
}

/** A function that gives the value of `source` for a record. */
export function valueOver(source: string, place: string): (record: Record) => Json {
  const template = compileOver(source, place);
  return (record) => {
    const result = evaluateTemplate(template, scopeOf(record));
    return result.ok ? result.value.json : refuseExpression(result.problem, place);
  };
}

/** A function that tells whether `source` holds for a record. */
export function conditionOver(source: string, place: string): (record: Record) => boolean {
  const template = compileOver(source, place);
  return (record) => {
    const result = evaluateCondition(template, scopeOf(record));
    return result.ok ? result.value : refuseExpression(result.problem, place);
  };
}
