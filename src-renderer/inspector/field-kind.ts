import { isJsonObject, type Json, type JsonObject } from "@shared/base/json";

/** How a form shows one key. */
export type FieldKind =
  | "expression"
  | "condition"
  | "choice"
  | "flag"
  | "number"
  | "text"
  | "plain"
  | "lines"
  | "code"
  | "secret"
  | "pairs"
  | "component"
  | "components"
  | "workflow"
  | "list"
  | "choices"
  | "rows"
  | "group"
  | "yaml";

/** Whether a value is a text that holds an expression. */
export function isExpression(value: Json | undefined): value is string {
  return typeof value === "string" && value.includes("{{");
}

/** The field for a key, from its schema and what stands there. A text with braces is an expression whatever the schema says. */
export function fieldKind(schema: JsonObject, value: Json | undefined): FieldKind {
  const hint = schema["x-field"];
  if (hint === "code") return "code";
  if (hint === "secret") return "secret";
  // What is no template is never evaluated, braces or not.
  if (schema["x-template"] === false && schema.type === "string" && hint === undefined) return "plain";
  if (isExpression(value) && hint !== "text") return "expression";
  if (hint === "expression")
    return isConditionLike(schema) ? "condition" : typeof value === "object" && value !== null ? "yaml" : "expression";
  if (hint === "pairs") return isFlat(value) ? "pairs" : "yaml";
  if (hint === "component" || hint === "workflow") return hint;
  if (hint === "components")
    return value === undefined || (Array.isArray(value) && value.every((item) => typeof item === "string"))
      ? "components"
      : "yaml";
  if (Array.isArray(schema.enum)) return "choice";
  if (hint === "text") return value === undefined || typeof value === "string" ? "lines" : "yaml";
  switch (schema.type) {
    case "boolean":
      return "flag";
    case "number":
    case "integer":
      return "number";
    case "string":
      return "text";
    case "array":
      return arrayKind(schema, value);
    case "object":
      return isJsonObject(schema.properties) && (value === undefined || isJsonObject(value)) ? "group" : "yaml";
    default:
      return (isTextual(schema) || isAnything(schema)) && (value === undefined || typeof value === "string")
        ? "text"
        : "yaml";
  }
}

/** `anyOf` a text and a flag: a condition such as `while`. */
function isConditionLike(schema: JsonObject): boolean {
  return shapes(schema).some((shape) => shape.type === "boolean");
}

function isTextual(schema: JsonObject): boolean {
  return shapes(schema).some((shape) => shape.type === "string");
}

/** Any value at all: most often a text or an expression, else YAML. */
function isAnything(schema: JsonObject): boolean {
  return (
    schema.type === undefined &&
    schema.anyOf === undefined &&
    typeof schema.title === "string" &&
    schema["x-yaml"] !== true
  );
}

function shapes(schema: JsonObject): readonly JsonObject[] {
  return Array.isArray(schema.anyOf) ? schema.anyOf.filter(isJsonObject) : [];
}

function arrayKind(schema: JsonObject, value: Json | undefined): FieldKind {
  if (value !== undefined && !Array.isArray(value)) return "yaml";
  const items = isJsonObject(schema.items) ? schema.items : {};
  if (Array.isArray(items.enum)) return "choices";
  if (items.type === "string")
    return value === undefined || value.every((item) => typeof item === "string") ? "list" : "yaml";
  if (items.type === "object" && isJsonObject(items.properties) && columnsOf(items).length > 0) return "rows";
  return "yaml";
}

/** The keys of a list's items when each fits a table's cell; none when one does not. */
export function columnsOf(items: JsonObject): readonly { readonly key: string; readonly schema: JsonObject }[] {
  const properties = isJsonObject(items.properties) ? items.properties : {};
  const columns = Object.entries(properties).flatMap(([key, schema]) =>
    isJsonObject(schema) ? [{ key, schema }] : [],
  );
  const plain = columns.every(
    ({ schema }) =>
      ["string", "number", "integer"].includes(String(schema.type)) ||
      schema["x-field"] === "expression" ||
      schema.type === undefined,
  );
  return plain && columns.length <= 3 ? columns : [];
}

function isFlat(value: Json | undefined): boolean {
  return (
    value === undefined ||
    (isJsonObject(value) && Object.values(value).every((item) => typeof item !== "object" || item === null))
  );
}

/**
 * Whether a field matters given its neighbours: one whose help begins "With `bearer`" belongs to that choice alone, and
 * an alias has its canonical field elsewhere.
 */
export function isRelevant(schema: JsonObject, siblings: JsonObject, schemas: JsonObject): boolean {
  if (schema["x-alias"] === true) return false;
  const named = /^With ((?:`[^`]+`(?:, | or | and )?)+)/.exec(String(schema.description ?? ""))?.[1];
  if (named === undefined) return true;
  const wanted = [...named.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
  if (Object.values(siblings).some((value) => typeof value === "string" && wanted.includes(value))) return true;
  for (const [key, neighbour] of Object.entries(schemas)) {
    const choices = isJsonObject(neighbour) ? (neighbour.enum ?? neighbour.examples) : undefined;
    if (!isJsonObject(neighbour) || !Array.isArray(choices) || !choices.some((value) => wanted.includes(String(value))))
      continue;
    return wanted.includes(String(siblings[key] ?? neighbour.default));
  }
  return true;
}

/** A default or unset value as a placeholder says it. */
export function placeholderOf(schema: JsonObject, unset: string): string {
  const value = schema.default;
  if (value === undefined) return unset;
  if (typeof value === "string") return value === "" ? unset : value;
  return typeof value === "object" && value !== null && Object.keys(value).length === 0 ? unset : JSON.stringify(value);
}

/** `reject_and_log` as words: `Reject and log`; what is written in capitals stays. */
export function choiceTitle(value: string): string {
  if (/^[A-Z]/.test(value) || value === "") return value;
  if (value === "javascript") return "JavaScript";
  if (value === "typescript") return "TypeScript";
  if (["json", "csv", "jsonl", "html", "url"].includes(value)) return value.toUpperCase();
  const words = value.replace(/_/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
