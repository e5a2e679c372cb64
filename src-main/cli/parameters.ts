import { isJsonObject, type Json, type JsonObject } from "@shared/base/json";
import type { ParameterSchema, Workflow } from "@shared/workflow/workflow";
import { usage } from "./exit";

/**
 * Reads `--param name=text` by the parameter's type. `name.key=text` sets a key of an object parameter.
 *
 * @throws Stop when a parameter is not declared or its text is not of its type.
 */
export function readParameters(given: readonly string[], workflow: Workflow): { readonly [name: string]: Json } {
  const result: { [name: string]: Json } = {};
  for (const one of given) {
    const at = one.indexOf("=");
    if (at < 1) throw usage(`--param ${one}: is not of the form name=value.`);
    const [name = "", ...path] = one.slice(0, at).split(".");
    const schema = Object.hasOwn(workflow.parameters ?? {}, name) ? workflow.parameters?.[name] : undefined;
    if (!schema) {
      const names = Object.keys(workflow.parameters ?? {});
      throw usage(
        `--param ${name}: ${workflow.id} has no such parameter; it has ${names.length > 0 ? names.join(", ") : "none"}.`,
      );
    }
    const value = fromText(name, one.slice(at + 1), inner(schema, path));
    result[name] = path.length === 0 ? value : withKey(result[name], path, value);
  }
  return result;
}

function inner(schema: ParameterSchema, path: readonly string[]): JsonObject {
  let current: JsonObject = schema;
  for (const key of path) {
    const properties = current["properties"];
    const next = isJsonObject(properties) ? properties[key] : undefined;
    current = isJsonObject(next) ? next : {};
  }
  return current;
}

function withKey(target: Json | undefined, [key = "", ...rest]: readonly string[], value: Json): Json {
  const base = isJsonObject(target) ? target : {};
  return { ...base, [key]: rest.length === 0 ? value : withKey(base[key], rest, value) };
}

function fromText(name: string, text: string, schema: JsonObject): Json {
  const type = schema["type"];
  const types = Array.isArray(type) ? type : type === undefined ? [] : [type];
  if (types.includes("string")) return text;
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    if (types.length === 0) return text; // an untyped parameter takes text that is no JSON as it stands
    throw usage(`--param ${name}: ${JSON.stringify(text)} is no ${types.join(" or ")}.`);
  }
  if (types.length > 0 && !types.some((one) => isOfType(value, String(one))))
    throw usage(`--param ${name}: ${JSON.stringify(text)} is no ${types.join(" or ")}.`);
  return value;
}

function isOfType(value: Json, type: string): boolean {
  switch (type) {
    case "integer":
      return Number.isInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return isJsonObject(value);
    case "null":
      return value === null;
    default:
      return typeof value === type;
  }
}
