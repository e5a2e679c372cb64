import { isJsonObject, type Json } from "@shared/base/json";
import type { Bound } from "./database";

/** A whole number of a database: as a number where that loses nothing, else as text. */
export function wholeNumber(value: bigint): Json {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value.toString();
}

/** A decimal number of a database: as a number where its digits survive that, else as text. */
export function decimal(text: string): Json {
  const digits = text.replace(/^-?0*|\./g, "").replace(/^0+/, "");
  const number = Number(text);
  return digits.length <= 15 && Number.isFinite(number) ? number : text;
}

/** `2026-01-31 08:00:00` as `2026-01-31T08:00:00`. */
export function dateTime(text: string): string {
  return text.replace(" ", "T");
}

/** What a database library gives for a column as JSON: bytes as base64, dates as ISO 8601 text. */
export function toJson(value: unknown): Json {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return Number.isFinite(value) ? value : null;
    case "bigint":
      return wholeNumber(value);
    case "object":
      if (value === null) return null;
      if (value instanceof Uint8Array)
        return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
      if (Array.isArray(value)) return value.map(toJson);
      return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toJson(part)]));
    default:
      return null;
  }
}

/** A JSON value on its way into a statement: objects, and lists where the database has none, as JSON text. */
export function toBound(value: Json, lists: boolean): Bound {
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    return lists && !items.some(isJsonObject) ? items.map((item) => toBound(item, true)) : JSON.stringify(value);
  }
  return isJsonObject(value) ? JSON.stringify(value) : (value as Bound);
}
