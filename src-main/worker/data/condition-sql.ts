import type { Json } from "@shared/base/json";
import type { FieldTest } from "../records/conditions";
import { asBool, asNumber, asText, isNull, Untranslatable, type Parameters, type Piece } from "./sql";

/** A test of a field as SQL that is never NULL; `piece` is `undefined` for a field that no record has. */
export function testSql(test: FieldTest, piece: Piece | undefined, parameters: Parameters): string {
  const { comparison, value } = test;
  if (comparison === "exists") {
    const missing = piece ? isNull(piece) : "TRUE";
    return value === false ? missing : `(NOT ${missing})`;
  }
  if (!piece) return absent(test);
  switch (comparison) {
    case "eq":
      return equal(piece, value, parameters);
    case "ne":
      return `(NOT ${equal(piece, value, parameters)})`;
    case "gt":
      return ordered(piece, ">", value, parameters);
    case "gte":
      return ordered(piece, ">=", value, parameters);
    case "lt":
      return ordered(piece, "<", value, parameters);
    case "lte":
      return ordered(piece, "<=", value, parameters);
    case "in": {
      const choices = value as readonly Json[];
      return choices.length === 0 ? "FALSE" : `(${choices.map((one) => equal(piece, one, parameters)).join(" OR ")})`;
    }
    case "contains":
      // A list may contain the value, too.
      if (piece.kind === "json" || typeof value !== "string") throw new Untranslatable("contains");
      return `coalesce(contains(${asText(piece)}, ${parameters.add(value)}), FALSE)`;
    case "matches":
      return `coalesce(regexp_matches(${asText(piece)}, ${parameters.add(value as string)}), FALSE)`;
  }
}

function absent({ comparison, value }: FieldTest): string {
  if (comparison === "eq") return value === null ? "TRUE" : "FALSE";
  if (comparison === "ne") return value === null ? "FALSE" : "TRUE";
  return comparison === "in" && (value as readonly Json[]).includes(null) ? "TRUE" : "FALSE";
}

function equal(piece: Piece, value: Json, parameters: Parameters): string {
  if (value === null) return isNull(piece);
  switch (typeof value) {
    case "number":
      return `coalesce(${asNumber(piece)} = ${parameters.add(value)}, FALSE)`;
    case "string":
      return `coalesce(${asText(piece)} = ${parameters.add(value)}, FALSE)`;
    case "boolean":
      return `coalesce(${asBool(piece)} = ${parameters.add(value)}, FALSE)`;
    default:
      throw new Untranslatable("equality with a list or object");
  }
}

function ordered(piece: Piece, operator: string, value: Json, parameters: Parameters): string {
  if (typeof value === "number") return `coalesce(${asNumber(piece)} ${operator} ${parameters.add(value)}, FALSE)`;
  if (typeof value === "string") return `coalesce(${asText(piece)} ${operator} ${parameters.add(value)}, FALSE)`;
  return "FALSE";
}
