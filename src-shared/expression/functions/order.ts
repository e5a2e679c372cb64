import { checkDepth, type Evaluation } from "../evaluation";
import { Special } from "../kinds";
import { compare } from "../operators";
import { Fault, type Span } from "../problem";
import { durationText, timestampText } from "../border";
import { Duration, Timestamp } from "../kinds";

/** `items` in the order of their `keys`; equal keys keep their order, null keys come last. */
export function sortItems(
  items: readonly unknown[],
  keys: readonly unknown[],
  descending: boolean,
  e: Evaluation,
  at: Span,
): readonly unknown[] {
  const order = keys.map((_, position) => position);
  const sign = descending ? -1 : 1;
  order.sort((left, right) => {
    e.charge(1, at);
    const a = keys[left];
    const b = keys[right];
    if (a === null || b === null) return a === b ? left - right : a === null ? 1 : -1;
    return sign * compare(a, b, at) || left - right;
  });
  return order.map((position) => items[position]);
}

/** The items by their key, as an object of lists; a key that is no text becomes its text. */
export function groupItems(items: readonly unknown[], keys: readonly unknown[], e: Evaluation, at: Span): unknown {
  const groups: { [key: string]: unknown[] } = Object.create(null);
  items.forEach((item, position) => {
    e.charge(1, at);
    (groups[keyText(keys[position], at)] ??= []).push(item);
  });
  return groups;
}

function keyText(key: unknown, at: Span): string {
  if (key instanceof Timestamp) return timestampText(key);
  if (key instanceof Duration) return durationText(key);
  if (key !== null && typeof key === "object")
    throw new Fault("type", at, { detail: "the key of a group is text, a number, true, false or null" });
  return String(key);
}

/** A text that two values share exactly when they are equal: numbers by value, objects without regard to key order. */
export function identity(value: unknown, e: Evaluation, at: Span, depth = 0): string {
  checkDepth(depth, at);
  e.charge(1, at);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint" || typeof value === "number") return String(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => identity(item, e, at, depth + 1)).join()}]`;
  if (value instanceof Timestamp) return `t${value.ms}`;
  if (value instanceof Duration) return `d${value.ms}`;
  if (value instanceof Uint8Array) return `b${value.join()}`;
  if (value instanceof Special) return "s";
  const fields = value as { readonly [key: string]: unknown };
  const keys = Object.keys(fields).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${identity(fields[key], e, at, depth + 1)}`).join()}}`;
}
