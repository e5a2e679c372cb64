import type { Json } from "../base/json";
import { fail, ok, type Result } from "../base/result";
import { compile, type Run } from "./compile";
import { inferType, type StaticType } from "./infer";
import { macros } from "./macros";
import { goesThroughLists, namesOf, purePath, type NameUse } from "./names";
import type { Node } from "./node";
import { parseExpression } from "./parse";
import { Fault, problemOf, type ExpressionProblem, type Span } from "./problem";
import { endOfExpression, pieces } from "./scan";

/** One compiled expression of a template. Holds closures: it does not cross threads, its `source` does. */
export interface Expression {
  /** The text between the braces. */
  readonly source: string;
  /** Where `source` begins and ends in the template's text. */
  readonly start: number;
  readonly end: number;
  readonly ast: Node;
  readonly run: Run;
  /** The free names used, in the order written. */
  readonly names: readonly NameUse[];
  /** The keys, when the expression only names a value (`a.b[0].c`): it can be resolved without reading the value. */
  readonly path?: readonly (string | number)[];
  /** What it gives for certain. */
  readonly type: StaticType;
  /** Goes through whole lists or matches regular expressions. */
  readonly heavy: boolean;
}

/** A piece of a template: text, or an expression whose value joins the text. */
export type TemplatePart = string | Expression;

/** A compiled template. */
export interface Template {
  readonly source: string;
  readonly parts: readonly TemplatePart[];
  readonly expressions: readonly Expression[];
  /** The value, when the text holds no expression. */
  readonly literal?: Json;
  /** The expression, when the text is exactly one: its value keeps its type. */
  readonly single?: Expression;
}

const KEPT = 12_000;
const templates = new Map<string, Result<Template, ExpressionProblem>>();
const conditions = new Map<string, Result<Template, ExpressionProblem>>();

/**
 * Compiles a string of a definition that may hold `{{ … }}`.
 *
 * Compiled templates are kept by their text, so compiling the same text again costs a look-up.
 *
 * @returns the first problem: bad syntax, an unknown function, a wrong number of arguments.
 */
export function compileTemplate(text: string): Result<Template, ExpressionProblem> {
  return remembered(templates, text, buildTemplate);
}

/**
 * Compiles a condition: one expression, with or without braces. Its template always has `single`.
 *
 * White space around it does not matter. Offsets are in `text` as given.
 */
export function compileCondition(text: string): Result<Template, ExpressionProblem> {
  return remembered(conditions, text, buildCondition);
}

/** Whether `text` holds an expression or an escaped brace, so that it is worth compiling. */
export function isTemplate(text: string): boolean {
  return text.includes("{{");
}

/** Whether `expression` may take long over lists of more than 1,000 items, so that a worker should evaluate it then. */
export function isHeavy(expression: Expression): boolean {
  return expression.heavy;
}

function remembered(
  kept: Map<string, Result<Template, ExpressionProblem>>,
  text: string,
  build: (text: string) => Result<Template, ExpressionProblem>,
): Result<Template, ExpressionProblem> {
  const known = kept.get(text);
  if (known !== undefined) return known;
  const built = build(text);
  if (kept.size >= KEPT) kept.delete(kept.keys().next().value as string);
  kept.set(text, built);
  return built;
}

function buildTemplate(text: string): Result<Template, ExpressionProblem> {
  const parts: TemplatePart[] = [];
  const expressions: Expression[] = [];
  for (const piece of pieces(text)) {
    if (piece.kind === "text") {
      parts.push(piece.text);
    } else if (piece.kind === "open") {
      return fail(notClosed(text, piece.at));
    } else {
      const built = buildExpression(text, piece.inner);
      if (!built.ok) return built;
      parts.push(built.value);
      expressions.push(built.value);
    }
  }
  const [first] = parts;
  return ok({
    source: text,
    parts,
    expressions,
    ...(expressions.length === 0 ? { literal: parts.join("") } : {}),
    ...(parts.length === 1 && typeof first === "object" ? { single: first } : {}),
  });
}

function buildCondition(text: string): Result<Template, ExpressionProblem> {
  const from = text.length - text.trimStart().length;
  const to = from + text.trim().length;
  const braced = text.startsWith("{{", from);
  const end = braced ? endOfExpression(text, from + 2) : undefined;
  if (braced && end === undefined) return fail(notClosed(text, { from, to }));
  if (end !== undefined && end + 2 !== to) {
    const detail = "a condition is one expression; put all of it between the braces, or leave them out";
    return fail({ kind: "syntax", expression: text.trim(), at: { from, to }, detail });
  }
  const built = buildExpression(text, end === undefined ? { from, to } : { from: from + 2, to: end });
  if (!built.ok) return built;
  return ok({ source: text, parts: [built.value], expressions: [built.value], single: built.value });
}

function buildExpression(text: string, inner: Span): Result<Expression, ExpressionProblem> {
  const source = text.slice(inner.from, inner.to);
  const parsed = parseExpression(source, inner.from);
  if (!parsed.ok) return parsed;
  const ast = parsed.value;
  try {
    const run = compile(ast, { macros, variables: new Map(), depth: 0 });
    const path = purePath(ast);
    return ok({
      source,
      start: inner.from,
      end: inner.to,
      ast,
      run,
      names: namesOf(ast),
      ...(path === undefined ? {} : { path }),
      type: inferType(ast),
      heavy: goesThroughLists(ast),
    });
  } catch (fault) {
    if (fault instanceof Fault) return fail(problemOf(fault, source));
    throw fault;
  }
}

function notClosed(text: string, at: Span): ExpressionProblem {
  return { kind: "syntax", expression: text.slice(at.from, at.to), at, detail: "`{{` is not closed by `}}`" };
}
