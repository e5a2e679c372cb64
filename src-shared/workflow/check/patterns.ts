import { isJsonObject, type Json } from "../../base/json";
import { linearPattern } from "../../expression/pattern";
import type { Path } from "../workflow";
import type { Rule, Subject } from "./subject";

/** Keys of a schema that hold schemas by name, as a list, or one. */
const BY_NAME = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
const LISTS = ["allOf", "anyOf", "oneOf", "prefixItems"];
const SINGLE = [
  "items",
  "contains",
  "additionalProperties",
  "propertyNames",
  "unevaluatedItems",
  "unevaluatedProperties",
  "not",
  "if",
  "then",
  "else",
];

/** The schema of the answer or of a record, by component type. */
const SCHEMA_KEYS: { readonly [type: string]: string } = { human_task: "form", validate: "schema" };

/** Patterns in the schemas of parameters, forms and records that are evaluated by no engine whose time is bounded. */
export const patterns: Rule = (subject) => {
  for (const [name, schema] of Object.entries(subject.workflow.parameters ?? {}))
    visit(subject, schema, ["parameters", name]);
  for (const { canonical, path } of subject.components) {
    const key = SCHEMA_KEYS[canonical.type];
    if (key !== undefined) visit(subject, canonical.config?.[key], [...path, "config", key]);
  }
};

function visit(subject: Subject, schema: Json | undefined, path: Path): void {
  if (!isJsonObject(schema)) return;
  const { pattern } = schema;
  // An expression's pattern is known when it runs.
  if (typeof pattern === "string" && !pattern.includes("{{")) judge(subject, pattern, [...path, "pattern"], "value");
  if (isJsonObject(schema["patternProperties"]))
    for (const each of Object.keys(schema["patternProperties"]))
      judge(subject, each, [...path, "patternProperties", each], "key");
  for (const key of BY_NAME) {
    const named = schema[key];
    if (isJsonObject(named)) for (const [name, one] of Object.entries(named)) visit(subject, one, [...path, key, name]);
  }
  for (const key of LISTS) {
    const list = schema[key];
    if (Array.isArray(list)) list.forEach((one: Json, index) => visit(subject, one, [...path, key, index]));
  }
  for (const key of SINGLE) visit(subject, schema[key], [...path, key]);
}

function judge(subject: Subject, pattern: string, path: Path, at: "value" | "key"): void {
  const made = linearPattern(pattern);
  if (made.ok) return;
  subject.report("schema-pattern", "error", path, made.problem, { at });
}
