import type { Node } from "@shared/expression/node";
import type { Template } from "@shared/expression/template";
import { RAISED } from "./duck";
import { asBool, asJson, asNumber, asText, isNull, quoted, Untranslatable, type Parameters, type Piece } from "./sql";

/** What a translation sees: the fields of `record`, and where values go. */
export interface CelScope {
  /** `undefined` for a field that no record has. */
  field(name: string): Piece | undefined;
  readonly parameters: Parameters;
}

type Translated = Piece | { readonly kind: "null" };

/**
 * A CEL expression over `record` as SQL that gives the same values and fails where it does.
 *
 * CEL's operators refuse null and values of other types where SQL's give NULL: an operand is checked as it is read.
 */
export function celSql(template: Template, scope: CelScope): Piece {
  const { single } = template;
  if (!single) throw new Untranslatable("text around an expression");
  const piece = translate(single.ast, scope);
  if (piece.kind === "null") throw new Untranslatable("null");
  if (piece.kind !== "number") return piece;
  return {
    kind: "number",
    sql: `(CASE WHEN isfinite(${piece.sql}) THEN ${piece.sql} ELSE ${raise("The result is no finite number")} END)`,
  };
}

/** A CEL condition as SQL that is never NULL. */
export function celConditionSql(template: Template, scope: CelScope): string {
  const { single } = template;
  if (!single) throw new Untranslatable("no condition");
  return bool(translate(single.ast, scope));
}

function raise(words: string): string {
  return `error(${quoted(`${RAISED}expression_error!${words.replaceAll("!", ".")}.!`)})`;
}

function translate(node: Node, scope: CelScope): Translated {
  switch (node.kind) {
    case "value":
      return constant(node.value, scope);
    case "field":
      return fieldPiece(node, scope) ?? { kind: "null" };
    case "logic": {
      const left = bool(translate(node.left, scope));
      const right = bool(translate(node.right, scope));
      // CASE keeps the order of evaluation, which AND and OR do not: the left side often guards the right.
      const sql =
        node.op === "&&"
          ? `(CASE WHEN ${left} THEN ${right} ELSE FALSE END)`
          : `(CASE WHEN ${left} THEN TRUE ELSE ${right} END)`;
      return { kind: "bool", sql };
    }
    case "unary": {
      const of = translate(node.of, scope);
      return node.op === "!" ? { kind: "bool", sql: `(NOT ${bool(of)})` } : { kind: "number", sql: `(-${number(of)})` };
    }
    case "choose":
      return choose(bool(translate(node.test, scope)), translate(node.yes, scope), translate(node.no, scope));
    case "binary":
      return binary(node, scope);
    case "call":
      return call(node.name, node.args, scope);
    case "method":
      return method(node, scope);
    default:
      throw new Untranslatable(node.kind);
  }
}

function constant(value: unknown, { parameters }: CelScope): Translated {
  switch (typeof value) {
    case "number":
    case "bigint":
      return { kind: "number", sql: parameters.add(Number(value)) };
    case "string":
      return { kind: "text", sql: parameters.add(value) };
    case "boolean":
      return { kind: "bool", sql: value ? "TRUE" : "FALSE" };
    default:
      if (value === null) return { kind: "null" };
      throw new Untranslatable("a constant");
  }
}

/** The field that `record.a.b` names. */
function fieldPiece(node: Node, scope: CelScope): Piece | undefined {
  const keys: string[] = [];
  let at: Node = node;
  while (at.kind === "field") {
    if (at.optional || at.key.includes(".")) throw new Untranslatable("an optional field");
    keys.unshift(at.key);
    at = at.of;
  }
  if (at.kind !== "name" || at.name !== "record") throw new Untranslatable("something beside record");
  return scope.field(keys.join("."));
}

function number(piece: Translated): string {
  if (piece.kind === "null") return checkedNull("DOUBLE");
  return checked(piece, asNumber(piece), "number");
}

function text(piece: Translated): string {
  if (piece.kind === "null") return checkedNull("VARCHAR");
  return checked(piece, asText(piece), "text");
}

function bool(piece: Translated): string {
  if (piece.kind === "null") return checkedNull("BOOLEAN");
  return checked(piece, asBool(piece), "bool");
}

function checkedNull(type: string): string {
  return `CAST(${raise("A field that no record has is used as a value")} AS ${type})`;
}

function checked(piece: Piece, sql: string, wanted: Piece["kind"]): string {
  if (piece.kind !== "json" && piece.kind !== wanted) throw new Untranslatable("a wrong type");
  const words = { number: "a number", text: "a text", bool: "true or false", json: "a value" }[wanted];
  return `(CASE WHEN ${sql} IS NULL THEN ${raise(`A value is missing or null where the expression needs ${words}`)} ELSE ${sql} END)`;
}

/** One kind of two: the same, or JSON, which holds either. */
function choose(test: string, yes: Translated, no: Translated): Piece {
  if (yes.kind === no.kind && yes.kind !== "null")
    return { kind: yes.kind, sql: `(CASE WHEN ${test} THEN ${yes.sql} ELSE ${(no as Piece).sql} END)` };
  return { kind: "json", sql: `(CASE WHEN ${test} THEN ${json(yes)} ELSE ${json(no)} END)` };
}

function json(piece: Translated): string {
  return piece.kind === "null" ? "CAST(NULL AS JSON)" : asJson(piece);
}

function isWhole(node: Node): boolean {
  return node.kind === "value"
    ? typeof node.value === "bigint"
    : node.kind === "binary" && isWhole(node.left) && isWhole(node.right);
}

function binary(node: Node & { kind: "binary" }, scope: CelScope): Translated {
  const { op } = node;
  // Whole constants among themselves divide without a rest.
  if (isWhole(node)) throw new Untranslatable("whole numbers");
  if (op === "in" || op === "%") throw new Untranslatable(op);
  const left = translate(node.left, scope);
  const right = translate(node.right, scope);
  if (op === "==" || op === "!=") {
    const same = equality(left, right);
    return { kind: "bool", sql: op === "==" ? same : `(NOT ${same})` };
  }
  const kind = operandKind(left, right, op);
  const [a, b] = kind === "number" ? [number(left), number(right)] : [text(left), text(right)];
  if (op === "+" && kind === "text") return { kind: "text", sql: `(${a} || ${b})` };
  if (op === "+" || op === "-" || op === "*" || op === "/") return { kind: "number", sql: `(${a} ${op} ${b})` };
  return { kind: "bool", sql: `(${a} ${op} ${b})` };
}

/** The kind both operands must have: that of the one which is known. */
function operandKind(left: Translated, right: Translated, op: string): "number" | "text" {
  if (op === "-" || op === "*" || op === "/") return "number";
  for (const one of [left, right]) if (one.kind === "number" || one.kind === "text") return one.kind;
  throw new Untranslatable("operands of unknown type");
}

function equality(left: Translated, right: Translated): string {
  if (left.kind === "null") return right.kind === "null" ? "TRUE" : isNull(right);
  if (right.kind === "null") return isNull(left);
  const known = left.kind === "json" ? right.kind : left.kind;
  if (known === "json") throw new Untranslatable("operands of unknown type");
  if (left.kind !== "json" && right.kind !== "json" && left.kind !== right.kind) return "FALSE";
  const as = known === "number" ? asNumber : known === "text" ? asText : asBool;
  return `coalesce(${as(left)} = ${as(right)}, FALSE)`;
}

function call(name: string, args: readonly Node[], scope: CelScope): Translated {
  const [first, second] = args;
  if (!first) throw new Untranslatable(name);
  switch (name) {
    case "has": {
      const piece = fieldPiece(first, scope);
      return { kind: "bool", sql: piece ? `(NOT ${isNull(piece)})` : "FALSE" };
    }
    case "default": {
      const piece = fieldPiece(first, scope);
      if (!second) throw new Untranslatable(name);
      const other = translate(second, scope);
      return piece ? choose(isNull(piece), other, piece) : other;
    }
    default:
      throw new Untranslatable(name);
  }
}

function method(node: Node & { kind: "method" }, scope: CelScope): Translated {
  const of = translate(node.of, scope);
  const [first] = node.args;
  const argument = () => {
    if (!first || node.args.length !== 1) throw new Untranslatable(node.name);
    return text(translate(first, scope));
  };
  switch (node.name) {
    case "startsWith":
      return { kind: "bool", sql: `starts_with(${text(of)}, ${argument()})` };
    case "endsWith":
      return { kind: "bool", sql: `ends_with(${text(of)}, ${argument()})` };
    case "contains":
      if (of.kind === "json") throw new Untranslatable("contains of a value of unknown type");
      return { kind: "bool", sql: `contains(${text(of)}, ${argument()})` };
    case "matches":
      return { kind: "bool", sql: `regexp_matches(${text(of)}, ${argument()})` };
    default:
      throw new Untranslatable(node.name);
  }
}
