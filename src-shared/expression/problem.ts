/** A stretch of a template's text: UTF-16 offsets, `to` is after the last character. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What went wrong with an expression, as a stable name. */
export type ExpressionProblemKind =
  | "syntax" // the text is no expression
  | "unknown-name" // nothing of that name is in scope
  | "missing-field" // the object has no such field, or there is no object
  | "unknown-function"
  | "arguments" // a wrong number of arguments, or of the wrong type
  | "type" // an operator or access that the value's type does not have
  | "overflow" // a number that JSON cannot hold exactly
  | "division" // by zero
  | "range" // an index or a date outside what exists
  | "conversion" // text that is no number, date, JSON …
  | "pattern" // a bad regular expression
  | "budget"; // too many steps, too long, too deep, too large

/** Why an expression could not be compiled or evaluated. Facts only; {@link sentence} says them. */
export interface ExpressionProblem {
  readonly kind: ExpressionProblemKind;
  /** The expression's source, without braces. */
  readonly expression: string;
  /** Where in the template's text. */
  readonly at: Span;
  /** The name, field or function concerned. */
  readonly name?: string;
  /** The existing name closest to `name`. */
  readonly nearest?: string;
  /** What is wrong, as half a sentence that starts in lower case. */
  readonly detail?: string;
}

/** How an {@link ExpressionProblem} travels to the top of an evaluation; never leaves the room. */
export class Fault extends Error {
  override readonly name = "Fault";
  constructor(
    readonly kind: ExpressionProblemKind,
    readonly at: Span,
    readonly facts: { readonly name?: string; readonly nearest?: string; readonly detail?: string } = {},
  ) {
    super(kind);
  }

  /** Whether `default()` and `.?` may take another value instead. */
  get isAbsence(): boolean {
    return this.kind === "unknown-name" || this.kind === "missing-field";
  }
}

/** The problem that `fault` is, in the expression `source`. */
export function problemOf(fault: Fault, source: string): ExpressionProblem {
  return { kind: fault.kind, expression: source, at: fault.at, ...fault.facts };
}

/** Says `problem` in one sentence: what is wrong, in which expression, and the nearest existing name. */
export function sentence(problem: ExpressionProblem): string {
  const said = `${statement(problem)} in \`${shorten(problem.expression.trim())}\``;
  return problem.nearest === undefined ? `${said}.` : `${said}; did you mean \`${problem.nearest}\`?`;
}

function statement(problem: ExpressionProblem): string {
  const name = problem.name ?? "";
  const detail = problem.detail;
  switch (problem.kind) {
    case "unknown-name":
      return `Nothing is called \`${name}\``;
    case "missing-field":
      return detail === undefined ? `There is no field \`${name}\`` : `There is no field \`${name}\` (${detail})`;
    case "unknown-function":
      return `There is no function \`${name}\``;
    case "arguments":
      return `\`${name}\` ${detail ?? "has wrong arguments"}`;
    case "syntax":
      return `The expression cannot be read: ${detail ?? "it is incomplete"}`;
    case "division":
      return "Division by zero";
    default:
      return capital(detail ?? problem.kind);
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
