import { isJsonObject, type Json, type JsonObject } from "../../base/json";
import { sameJson } from "../values";
import type { Path } from "../workflow";

/** Where a value is not what its schema asks for. */
export interface SchemaProblem {
  readonly kind: "type" | "value" | "required" | "unknown-key";
  readonly path: Path;
  /** Half a sentence that follows the key's name: `is a number, not text`. */
  readonly message: string;
  /** The key that is missing or unknown. */
  readonly key?: string;
  /** For an unknown key, those that exist. */
  readonly known?: readonly string[];
}

/** A whole string that is one expression may become anything; text around it makes it text. */
const ONE_EXPRESSION = /^\s*\{\{(?:(?!\}\}).)*\}\}\s*$/s;

/**
 * Compares `value` with `schema`, a JSON Schema of the subset that descriptors and parameters use
 * (docs/definition.md lists it). Works without code generation, which the studio's content policy forbids.
 *
 * Strings with expressions count as whatever is asked for: their value is known when they run.
 */
export function schemaProblems(value: Json, schema: JsonObject, path: Path = []): readonly SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  visit(value, schema, path, problems);
  return problems;
}

function visit(value: Json, schema: JsonObject, path: Path, problems: SchemaProblem[]): void {
  // Where nothing is evaluated, a choice in braces is as wrong as any other text.
  const isTaken = schema["x-template"] === false && Array.isArray(schema["enum"]);
  if (typeof value === "string" && value.includes("{{") && !isTaken) {
    if (ONE_EXPRESSION.test(value) || allows(schema, "string")) return;
  }
  const types = typesOf(schema);
  if (types !== undefined && !types.some((type) => isType(value, type))) {
    problems.push({ kind: "type", path, message: `is ${namesOf(types)}, not ${nameOf(value)}` });
    return;
  }
  if (Array.isArray(schema["anyOf"])) anyOf(value, schema["anyOf"] as readonly JsonObject[], path, problems);
  if (Array.isArray(schema["enum"]) && !(schema["enum"] as readonly Json[]).some((each) => sameJson(each, value))) {
    problems.push({
      kind: "value",
      path,
      message: `is one of ${(schema["enum"] as readonly Json[]).map(say).join(", ")}, not ${say(value)}`,
    });
  }
  if ("const" in schema && !sameJson(schema["const"], value))
    problems.push({ kind: "value", path, message: `is ${say(schema["const"]!)}` });
  if (typeof value === "number") numbers(value, schema, path, problems);
  if (typeof value === "string") strings(value, schema, path, problems);
  if (Array.isArray(value)) lists(value as readonly Json[], schema, path, problems);
  else if (isJsonObject(value)) maps(value, schema, path, problems);
}

/** Takes the problems of the alternative that fits best, when none fits. */
function anyOf(value: Json, shapes: readonly JsonObject[], path: Path, problems: SchemaProblem[]): void {
  let best: SchemaProblem[] | undefined;
  for (const shape of shapes) {
    const own: SchemaProblem[] = [];
    visit(value, shape, path, own);
    if (own.length === 0) return;
    const isWrongType = own.length === 1 && own[0]!.kind === "type" && own[0]!.path === path;
    if (!isWrongType && (best === undefined || own.length < best.length)) best = own;
  }
  if (best !== undefined) {
    problems.push(...best);
    return;
  }
  const types = [...new Set(shapes.flatMap((shape) => typesOf(shape) ?? []))];
  problems.push({ kind: "type", path, message: `is ${namesOf(types)}, not ${nameOf(value)}` });
}

function numbers(value: number, schema: JsonObject, path: Path, problems: SchemaProblem[]): void {
  const limit = (key: string, isBroken: (limit: number) => boolean, words: string): void => {
    const bound = schema[key];
    if (typeof bound === "number" && isBroken(bound))
      problems.push({ kind: "value", path, message: `is ${words} ${bound}, not ${value}` });
  };
  limit("minimum", (bound) => value < bound, "at least");
  limit("maximum", (bound) => value > bound, "at most");
  limit("exclusiveMinimum", (bound) => value <= bound, "more than");
  limit("exclusiveMaximum", (bound) => value >= bound, "less than");
}

function strings(value: string, schema: JsonObject, path: Path, problems: SchemaProblem[]): void {
  if (typeof schema["minLength"] === "number" && value.length < schema["minLength"])
    problems.push({
      kind: "value",
      path,
      message: value === "" ? "is empty" : `has at least ${schema["minLength"]} characters`,
    });
  if (typeof schema["maxLength"] === "number" && value.length > schema["maxLength"])
    problems.push({ kind: "value", path, message: `has at most ${schema["maxLength"]} characters` });
}

function lists(value: readonly Json[], schema: JsonObject, path: Path, problems: SchemaProblem[]): void {
  const { minItems, maxItems, items } = schema;
  if (typeof minItems === "number" && value.length < minItems)
    problems.push({
      kind: "value",
      path,
      message: `has at least ${minItems === 1 ? "one item" : `${minItems} items`}`,
    });
  if (typeof maxItems === "number" && value.length > maxItems)
    problems.push({ kind: "value", path, message: `has at most ${maxItems} items` });
  if (isJsonObject(items)) value.forEach((item, index) => visit(item, items, [...path, index], problems));
}

function maps(value: JsonObject, schema: JsonObject, path: Path, problems: SchemaProblem[]): void {
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  for (const key of Array.isArray(schema["required"]) ? (schema["required"] as readonly string[]) : []) {
    if (value[key] === undefined || value[key] === null)
      problems.push({ kind: "required", path, key, message: `needs ${key}` });
  }
  const others = schema["additionalProperties"];
  const names = isJsonObject(schema["propertyNames"]) ? schema["propertyNames"]["enum"] : undefined;
  for (const [key, child] of Object.entries(value)) {
    if (child === undefined) continue;
    if (Array.isArray(names) && !names.includes(key)) {
      problems.push({ kind: "value", path: [...path, key], message: `is none of ${names.join(", ")}` });
      continue;
    }
    const own = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (isJsonObject(own)) {
      // Null stands for a key that was left empty.
      if (child !== null) visit(child, own, [...path, key], problems);
    } else if (others === false) {
      problems.push({
        kind: "unknown-key",
        path: [...path, key],
        key,
        known: Object.keys(properties),
        message: "is not known here",
      });
    } else if (isJsonObject(others)) visit(child, others, [...path, key], problems);
  }
}

function typesOf(schema: JsonObject): readonly string[] | undefined {
  const type = schema["type"];
  if (typeof type === "string") return [type];
  return Array.isArray(type) ? (type as readonly string[]) : undefined;
}

/** Whether text may stand where `schema` is asked for. */
function allows(schema: JsonObject, type: string): boolean {
  if (Array.isArray(schema["anyOf"]))
    return (schema["anyOf"] as readonly JsonObject[]).some((shape) => allows(shape, type));
  return typesOf(schema)?.includes(type) ?? true;
}

function isType(value: Json, type: string): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isJsonObject(value);
  if (type === "integer") return typeof value === "number" && Number.isInteger(value);
  return typeof value === type;
}

const WORDS: { readonly [type: string]: string } = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  null: "null",
};

function namesOf(types: readonly string[]): string {
  return [...new Set(types)].map((type) => WORDS[type] ?? type).join(" or ");
}

function nameOf(value: Json): string {
  if (value === null) return "null";
  if (typeof value === "number") return Number.isInteger(value) ? "a number" : `${value}`;
  if (typeof value === "boolean") return `${value}`;
  if (typeof value === "string") return "text";
  return Array.isArray(value) ? "a list" : "a mapping";
}

function say(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
