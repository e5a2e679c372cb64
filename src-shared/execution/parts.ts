import { isJsonObject, type Json } from "../base/json";
import { inline, NULL_VALUE, type Value } from "./value";

/**
 * Field `at` of `value` without reading what is kept elsewhere.
 *
 * @returns undefined when it is certain that there is no such field.
 */
export function partOf(value: Value, at: string | number): Value | undefined {
  switch (value.kind) {
    case "inline": {
      const json = fieldOf(value.json, at);
      return json === undefined ? undefined : inline(json);
    }
    case "object":
      return typeof at === "string" && Object.hasOwn(value.fields, at) ? value.fields[at] : undefined;
    case "list":
      return typeof at === "number" ? value.items[at] : undefined;
    case "stored":
    case "sensitive":
    case "part":
      return { kind: "part", of: value, at };
  }
}

/** How many items a list has, if that can be told without reading; undefined for anything else. */
export function itemCount(value: Value): number | undefined {
  if (value.kind === "list") return value.items.length;
  return value.kind === "inline" && Array.isArray(value.json) ? value.json.length : undefined;
}

/** The JSON of a value that holds nothing by reference; undefined otherwise. */
export function plainJson(value: Value): Json | undefined {
  switch (value.kind) {
    case "inline":
      return value.json;
    case "object": {
      const fields: { [key: string]: Json } = {};
      for (const [key, field] of Object.entries(value.fields)) {
        const json = plainJson(field);
        if (json === undefined) return undefined;
        Object.defineProperty(fields, key, { value: json, enumerable: true, configurable: true, writable: true });
      }
      return fields;
    }
    case "list": {
      const items: Json[] = [];
      for (const item of value.items) {
        const json = plainJson(item);
        if (json === undefined) return undefined;
        items.push(json);
      }
      return items;
    }
    case "stored":
    case "sensitive":
    case "part":
      return undefined;
  }
}

/** What a loop works on in round `round`: an item, or a batch of them where `batch` is above one. */
export function roundItem(items: Value, round: number, batch: number, total: number): Value {
  if (batch <= 1) return partOf(items, round) ?? NULL_VALUE;
  const from = round * batch;
  const count = Math.min(batch, total - from);
  if (items.kind === "inline" && Array.isArray(items.json)) return inline(items.json.slice(from, from + count));
  return { kind: "list", items: Array.from({ length: count }, (_, at) => partOf(items, from + at) ?? NULL_VALUE) };
}

/** An object of values; in place when all its fields are. */
export function objectOf(fields: { readonly [key: string]: Value }): Value {
  const all = Object.entries(fields);
  if (!all.every(([, field]) => field.kind === "inline")) return { kind: "object", fields };
  return inline(Object.fromEntries(all.map(([key, field]) => [key, field.kind === "inline" ? field.json : null])));
}

/** A list of values; in place when all its items are. */
export function listOf(items: readonly Value[]): Value {
  if (!items.every((item) => item.kind === "inline")) return { kind: "list", items };
  return inline(items.map((item) => (item.kind === "inline" ? item.json : null)));
}

function fieldOf(json: Json, at: string | number): Json | undefined {
  if (typeof at === "number") return Array.isArray(json) ? (json[at] as Json | undefined) : undefined;
  return isJsonObject(json) && Object.hasOwn(json, at) ? json[at] : undefined;
}
