import type { Json, JsonObject } from "../base/json";
import type { ConfigKeySchema, FieldHint } from "./descriptor";

/** What a key may say beside its type: `default`, `x-field`, `x-tab`, `x-template`, and any JSON Schema keyword. */
export interface KeyExtras extends JsonObject {
  readonly default?: Json;
  readonly "x-field"?: FieldHint;
  readonly "x-tab"?: string;
  readonly "x-template"?: boolean;
}

/** A key that holds text. */
export function text(title: string, description: string, extras: KeyExtras = {}): ConfigKeySchema {
  return { type: "string", title, description, ...extras };
}

/** A key that holds a number. */
export function number(title: string, description: string, extras: KeyExtras = {}): ConfigKeySchema {
  return { type: "number", title, description, ...extras };
}

/** A key that holds a whole number. */
export function integer(title: string, description: string, extras: KeyExtras = {}): ConfigKeySchema {
  return { type: "integer", title, description, ...extras };
}

/** A key that is on or off. */
export function flag(title: string, description: string, extras: KeyExtras = {}): ConfigKeySchema {
  return { type: "boolean", title, description, ...extras };
}

/** A key with a few possible texts. */
export function choice(
  title: string,
  description: string,
  values: readonly string[],
  extras: KeyExtras = {},
): ConfigKeySchema {
  return { type: "string", enum: values, title, description, ...extras };
}

/** A key that holds a list of `items`. */
export function list(title: string, description: string, items: JsonObject, extras: KeyExtras = {}): ConfigKeySchema {
  return { type: "array", items, title, description, ...extras };
}

/** A key that holds name and value pairs, each value of the schema `values`. */
export function pairs(title: string, description: string, values: JsonObject, extras: KeyExtras = {}): ConfigKeySchema {
  return { type: "object", additionalProperties: values, title, description, "x-field": "pairs", ...extras };
}

/** A key that holds an object with the given fields. */
export function fields(
  title: string,
  description: string,
  properties: { readonly [key: string]: ConfigKeySchema },
  extras: KeyExtras = {},
): ConfigKeySchema {
  return { type: "object", properties, additionalProperties: false, title, description, ...extras };
}

/** A key that takes any JSON value. */
export function anything(title: string, description: string, extras: KeyExtras = {}): ConfigKeySchema {
  return { title, description, ...extras };
}

/** A key that takes one of several shapes. */
export function either(
  title: string,
  description: string,
  shapes: readonly JsonObject[],
  extras: KeyExtras = {},
): ConfigKeySchema {
  return { anyOf: shapes, title, description, ...extras };
}
