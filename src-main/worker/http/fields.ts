import type { Json, JsonObject } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import { invalid, refuse } from "../behaviour";
import { kindOf } from "../records/json";

/** The text at `key`; numbers and booleans are read as text. */
export function textAt(from: JsonObject, key: string, prefix = "config."): string | undefined {
  const value = from[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return refuse(invalid(`${key} is ${kindOf(value)}; it takes text.`, `${prefix}${key}`));
}

/** The number at `key`, or `standard`. */
export function numberAt(
  from: JsonObject,
  key: string,
  standard: number,
  prefix = "config.",
  least = Number.MIN_VALUE,
): number {
  const value = from[key] ?? standard;
  if (typeof value === "number" && value >= least) return value;
  return refuse(invalid(`${key} is ${JSON.stringify(value)}; it takes a number above 0.`, `${prefix}${key}`));
}

/** The choice at `key`; the first is the standard one. */
export function oneOf<T extends string>(from: JsonObject, key: string, choices: readonly T[], prefix = "config."): T {
  const value = from[key] ?? choices[0];
  const found = choices.find((choice) => choice === value);
  return (
    found ??
    refuse(invalid(`${key} is ${JSON.stringify(value)}; it takes one of ${choices.join(", ")}.`, `${prefix}${key}`))
  );
}

/** Names and values as headers, names in lower case. */
export function headersOf(written: Json | undefined, place: string): Map<string, string> {
  const headers = new Map<string, string>();
  if (written === undefined || written === null) return headers;
  if (!isJsonObject(written))
    return refuse(invalid(`The headers are ${kindOf(written)}; they take names and values.`, place));
  for (const [name, value] of Object.entries(written)) {
    if (value === undefined || value === null) continue;
    if (typeof value === "object")
      refuse(invalid(`The header ${name} is ${kindOf(value)}; it takes text.`, `${place}.${name}`));
    headers.set(headerName(name, place), headerText(String(value), `${place}.${name}`));
  }
  return headers;
}

function headerName(name: string, place: string): string {
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(name)
    ? name.toLowerCase()
    : refuse(invalid(`${JSON.stringify(name)} cannot be the name of a header.`, place));
}

/** `text` as a header can carry it. */
export function headerText(text: string, place: string): string {
  // Latin-1 without control characters: a line break would let a value add headers of its own.
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text)
    ? text
    : refuse(invalid("It holds characters that a header cannot carry.", place));
}
