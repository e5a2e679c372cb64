import type { Json } from "../base/json";
import { checkDepth, copyOf, type Evaluation } from "./evaluation";
import { Duration, Optional, Special, Timestamp, TypeName } from "./kinds";
import { Fault, type Span } from "./problem";

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * An evaluated value as JSON: ints become numbers, an optional its value or null, times become text, marks come off.
 *
 * What is JSON already is returned as it is, not copied.
 */
export function toJson(value: unknown, evaluation: Evaluation, at: Span): Json {
  return convert(evaluation.take(value), evaluation, at, 0);
}

function convert(value: unknown, evaluation: Evaluation, at: Span, depth: number): Json {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value)) return value;
      throw new Fault("overflow", at, { detail: "the result is not a finite number" });
    case "bigint":
      return exact(value, at);
    case "object":
      if (value === null) return null;
      checkDepth(depth, at);
      if (value instanceof Special || value instanceof Uint8Array) return special(value, evaluation, at, depth);
      return Array.isArray(value)
        ? list(value, evaluation, at, depth)
        : object(value as { readonly [key: string]: unknown }, evaluation, at, depth);
    default:
      return null;
  }
}

function exact(value: bigint, at: Span): number {
  if (value <= 9_007_199_254_740_992n && value >= -9_007_199_254_740_992n) return Number(value);
  throw new Fault("overflow", at, { detail: `the result ${value} is beyond 2^53 and has no exact JSON number` });
}

function special(value: Special | Uint8Array, evaluation: Evaluation, at: Span, depth: number): Json {
  if (value instanceof Uint8Array) {
    evaluation.chargeText(value.length * 2, at);
    return base64(value);
  }
  if (value instanceof Optional) return convert(evaluation.take(value.value ?? null), evaluation, at, depth + 1);
  if (value instanceof Timestamp) return timestampText(value);
  if (value instanceof Duration) return durationText(value);
  if (value instanceof TypeName) return value.of;
  return convert(evaluation.take(value), evaluation, at, depth + 1);
}

function list(items: readonly unknown[], evaluation: Evaluation, at: Span, depth: number): Json {
  evaluation.charge(1 + items.length, at);
  let copy: Json[] | undefined;
  for (let i = 0; i < items.length; i++) {
    const json = convert(items[i], evaluation, at, depth + 1);
    if (json !== items[i]) (copy ??= items.slice() as Json[])[i] = json;
  }
  return copy ?? (items as readonly Json[]);
}

function object(fields: { readonly [key: string]: unknown }, evaluation: Evaluation, at: Span, depth: number): Json {
  // An object without a prototype may have getters, which must not outlive the evaluation.
  if (Object.getPrototypeOf(fields) === null) {
    const made: { [key: string]: Json } = Object.create(null);
    for (const key of Object.keys(fields)) {
      evaluation.charge(1, at);
      const read = fields[key];
      if (read !== undefined) made[key] = convert(read, evaluation, at, depth + 1);
    }
    return made;
  }
  let copy: { [key: string]: unknown } | undefined;
  for (const key of Object.keys(fields)) {
    evaluation.charge(1, at);
    const read = fields[key];
    if (read === undefined) continue;
    const json = convert(read, evaluation, at, depth + 1);
    if (json !== read) (copy ??= copyOf(fields))[key] = json;
  }
  return (copy ?? fields) as { readonly [key: string]: Json };
}

/** How a value joins the text of a template: text as it is, null as nothing, the rest as JSON. */
export function toText(json: Json): string {
  if (json === null) return "";
  return typeof json === "string" ? json : JSON.stringify(json);
}

/** RFC 3339 in UTC; milliseconds only when there are any. */
export function timestampText(value: Timestamp): string {
  const text = new Date(value.ms).toISOString();
  return text.endsWith(".000Z") ? `${text.slice(0, -5)}Z` : text;
}

/** Seconds with an `s`, as protobuf writes durations. */
export function durationText(value: Duration): string {
  return `${value.ms / 1000}s`;
}

/** Base64 with padding. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const a = bytes[i] ?? 0;
    const b = bytes[i + 1] ?? 0;
    const c = bytes[i + 2] ?? 0;
    text += BASE64.charAt(a >> 2) + BASE64.charAt(((a & 3) << 4) | (b >> 4));
    text += i + 1 < bytes.length ? BASE64.charAt(((b & 15) << 2) | (c >> 6)) : "=";
    text += i + 2 < bytes.length ? BASE64.charAt(c & 63) : "=";
  }
  return text;
}
