import Ajv, { type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Json, JsonObject } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import { linearPattern } from "@shared/expression/pattern";
import { invalid, Refusal, refuse } from "../behaviour";

/** Compiled schemas, by their JSON text. Past this many all go: a schema with values of its own each time must not fill memory. */
const KEPT = 200;
const kept = new Map<string, ValidateFunction>();

/** A function that names what is wrong with a record; an empty list when nothing is. */
export function recordChecker(schema: Json | undefined): (record: JsonObject) => readonly string[] {
  const validate = compiled(schema);
  return (record) => (validate(record) ? [] : (validate.errors ?? []).map(words));
}

function compiled(schema: Json | undefined): ValidateFunction {
  if (!isJsonObject(schema) && typeof schema !== "boolean") {
    return refuse(invalid("It takes a JSON Schema for one record.", "config.schema"));
  }
  const text = JSON.stringify(schema);
  const known = kept.get(text);
  if (known) return known;
  if (kept.size >= KEPT) kept.clear();
  const made = compile(schema as JsonObject);
  kept.set(text, made);
  return made;
}

/** Patterns in linear time, as everywhere else in the studio: one record must not hold a thread for ever. */
const linear = Object.assign(
  (pattern: string) => {
    const made = linearPattern(pattern);
    // The library tells patterns apart by their text.
    if (made.ok) return { test: made.value.finds, toString: () => pattern };
    return refuse(invalid(made.problem, "config.schema"));
  },
  { code: "linear" },
);

function compile(schema: JsonObject): ValidateFunction {
  // A compiler each: an `$id` that two schemas share would otherwise clash.
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: true, code: { regExp: linear } });
  addFormats(ajv);
  try {
    return ajv.compile(schema);
  } catch (thrown) {
    if (thrown instanceof Refusal) throw thrown;
    return refuse(
      invalid(
        `The schema cannot be used: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
        "config.schema",
      ),
    );
  }
}

function words({ instancePath, keyword, params, message }: ErrorObject): string {
  const field = instancePath.slice(1).replaceAll("/", ".").replaceAll("~1", "/").replaceAll("~0", "~");
  const facts = params as { readonly [name: string]: unknown };
  if (keyword === "additionalProperties")
    return `${field === "" ? "" : `${field}: `}has the unknown field ${String(facts["additionalProperty"])}`;
  const says =
    keyword === "enum"
      ? `must be one of ${JSON.stringify(facts["allowedValues"])}`
      : keyword === "format"
        ? `is no ${String(facts["format"])}`
        : message;
  return field === "" ? (says ?? "is not valid") : `${field} ${says ?? "is not valid"}`;
}
