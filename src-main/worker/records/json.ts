import type { Json, JsonObject } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";

/** One record: a row of whatever is worked on. */
export type Record = JsonObject;

/** The value of `name` in `record`: the field of that very name, else the field a dotted path leads to. */
export function readField(record: Record, name: string): Json | undefined {
  if (Object.hasOwn(record, name)) return record[name];
  if (!name.includes(".")) return undefined;
  let at: Json | undefined = record;
  for (const key of name.split(".")) {
    if (!isJsonObject(at) || !Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at;
}

/** Whether two JSON values are the same; objects by their fields in any order. */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameJson(item as Json, b[i] as Json));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key] ?? null, b[key] ?? null));
}

/** A text that is the same for the same JSON values and no others; keys in order. */
export function keyOf(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => keyOf(item as Json)).join(",")}]`;
  const fields = value as JsonObject;
  const parts = Object.keys(fields)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${keyOf(fields[key] ?? null)}`);
  return `{${parts.join(",")}}`;
}

/** Compares texts by code point, as SQL does; `<` on strings compares UTF-16 units and differs beyond U+FFFF. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const bothOrNone = isSurrogate(x) === isSurrogate(y);
    return bothOrNone ? x - y : isSurrogate(x) ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

function rank(value: Json): number {
  switch (typeof value) {
    case "boolean":
      return 0;
    case "number":
      return 1;
    case "string":
      return 2;
    default:
      return value === null ? 4 : 3;
  }
}

/** An order over all JSON values: booleans, numbers, texts, lists and objects (as text), null. */
export function compareJson(a: Json, b: Json): number {
  const byKind = rank(a) - rank(b);
  if (byKind !== 0) return byKind;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  return a === null ? 0 : compareText(keyOf(a), keyOf(b));
}

/** What a value is called in a sentence. */
export function kindOf(value: Json | undefined): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value === "string" ? "text" : typeof value}`;
}

/** Sets `key`, `__proto__` included, on an object that is being made. */
export function put(target: { [key: string]: Json | undefined }, key: string, value: Json | undefined): void {
  if (key === "__proto__")
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  else target[key] = value;
}
