import { Environment, ParseError, type ASTNode } from "@marcbachmann/cel-js";
import { UnsignedInt } from "@marcbachmann/cel-js/evaluator";
import { Bug } from "../base/bug";
import { fail, ok, type Result } from "../base/result";
import type { BinaryOperator, Node } from "./node";
import { Fault, problemOf, type ExpressionProblem, type Span } from "./problem";

// Only the grammar of cel-js is used. Its evaluator counts no steps, types JSON numbers statically and cannot say
// which operand was sensitive, so compile.ts evaluates.
const environment = new Environment({
  enableOptionalTypes: true,
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
  limits: { maxAstNodes: 4_000, maxDepth: 100 },
});

const LONGEST_SOURCE = 20_000;
const MAX_INT = 9_223_372_036_854_775_807n;

/**
 * Parses CEL.
 *
 * @param base the offset of `source` in its template; added to every offset.
 */
export function parseExpression(source: string, base: number): Result<Node, ExpressionProblem> {
  const whole = { from: base, to: base + source.length };
  if (source.length > LONGEST_SOURCE)
    return fail({ kind: "budget", expression: source, at: whole, detail: "the expression is too long" });
  if (source.trim() === "")
    return fail({ kind: "syntax", expression: source, at: whole, detail: "there is nothing between the braces" });
  try {
    return ok(convert(environment.parse(source).ast, base));
  } catch (error) {
    if (error instanceof Fault) return fail(problemOf(error, source));
    if (error instanceof ParseError) return fail(syntaxProblem(error, source, base));
    // The library's parser recurses without a limit on a run of `!` or `-`.
    if (error instanceof RangeError)
      return fail({ kind: "budget", expression: source, at: whole, detail: "the expression is nested too deeply" });
    throw error;
  }
}

function syntaxProblem(error: ParseError, source: string, base: number): ExpressionProblem {
  const from = Math.min(error.range?.start ?? 0, source.length);
  const to = Math.max(from, Math.min(error.range?.end ?? source.length, source.length));
  const at = { from: base + from, to: base + to };
  if (error.code === "limit_exceeded")
    return { kind: "budget", expression: source, at, detail: "the expression is too large" };
  return { kind: "syntax", expression: source, at, detail: syntaxDetail(error, source.slice(from, to)) };
}

function syntaxDetail(error: ParseError, found: string): string {
  switch (error.code) {
    case "reserved_identifier":
      return `\`${found}\` is a reserved word`;
    case "unterminated_string":
    case "unterminated_triple_quoted_string":
      return "a text is not closed";
    case "unexpected_token":
    case "unexpected_character":
    case "expected_token":
      return found.trim() === "" ? "it ends too early" : `unexpected \`${found.trim()}\``;
    default:
      return error.summary.charAt(0).toLowerCase() + error.summary.slice(1);
  }
}

function convert(ast: ASTNode, base: number): Node {
  const at: Span = { from: base + ast.start, to: base + ast.end };
  const go = (child: ASTNode): Node => convert(child, base);
  switch (ast.op) {
    case "value":
      return { kind: "value", value: literal(ast.args, at), at };
    case "id":
      return { kind: "name", name: ast.args, at };
    case ".":
    case ".?": {
      const key = ast.args[1];
      return {
        kind: "field",
        of: go(ast.args[0]),
        key,
        keyAt: { from: at.to - key.length, to: at.to },
        optional: ast.op === ".?",
        at,
      };
    }
    case "[]":
    case "[?]":
      return { kind: "index", of: go(ast.args[0]), index: go(ast.args[1]), optional: ast.op === "[?]", at };
    case "call":
      return { kind: "call", name: ast.args[0], args: ast.args[1].map(go), at };
    case "rcall":
      return { kind: "method", name: ast.args[0], of: go(ast.args[1]), args: ast.args[2].map(go), at };
    case "list":
      return { kind: "list", items: ast.args.map(go), at };
    case "map":
      return { kind: "map", entries: ast.args.map(([key, value]) => [go(key), go(value)] as const), at };
    case "?:":
      return { kind: "choose", test: go(ast.args[0]), yes: go(ast.args[1]), no: go(ast.args[2]), at };
    case "||":
    case "&&":
      return { kind: "logic", op: ast.op, left: go(ast.args[0]), right: go(ast.args[1]), at };
    case "!_":
      return { kind: "unary", op: "!", of: go(ast.args), at };
    case "-_":
      return negative(ast.args, at) ?? { kind: "unary", op: "-", of: go(ast.args), at };
    case "==":
    case "!=":
    case "in":
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
    case "<":
    case "<=":
    case ">":
    case ">=": {
      const [left, right] = ast.args as [ASTNode, ASTNode];
      return { kind: "binary", op: ast.op as BinaryOperator, left: go(left), right: go(right), at };
    }
    default:
      throw new Bug(`unknown node of the CEL parser: ${(ast as { op: string }).op}`);
  }
}

/** `-literal` in one node, so that the smallest int can be written. */
function negative(operand: ASTNode, at: Span): Node | undefined {
  if (operand.op !== "value" || typeof operand.args !== "bigint") return undefined;
  if (operand.args > MAX_INT + 1n) throw tooLarge(at);
  return { kind: "value", value: -operand.args, at };
}

function literal(value: unknown, at: Span): unknown {
  if (value instanceof UnsignedInt) return BigInt(value.toString());
  if (typeof value === "bigint" && value > MAX_INT) throw tooLarge(at);
  return value;
}

function tooLarge(at: Span): Fault {
  return new Fault("overflow", at, { detail: "a whole number is too large" });
}
