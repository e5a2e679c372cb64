import type { Evaluation } from "./evaluation";
import { Duration, isMap, Optional, plainType, Timestamp, TypeName } from "./kinds";
import type { BinaryOperator } from "./node";
import { Fault, type Span } from "./problem";

const MAX_INT = 9_223_372_036_854_775_807n;
const MIN_INT = -9_223_372_036_854_775_808n;

type Arithmetic = "+" | "-" | "*" | "/" | "%";

/** Carries out `op` on two read values. Numbers of JSON are doubles; an int with a double gives a double. */
export function binary(op: BinaryOperator, left: unknown, right: unknown, e: Evaluation, at: Span): unknown {
  const a = e.take(unwrap(left));
  const b = e.take(unwrap(right));
  switch (op) {
    case "==":
      return isEqual(a, b, e, at);
    case "!=":
      return !isEqual(a, b, e, at);
    case "in":
      return contains(a, b, e, at);
    case "<":
      return compare(a, b, at, op) < 0;
    case "<=":
      return compare(a, b, at, op) <= 0;
    case ">":
      return compare(a, b, at, op) > 0;
    case ">=":
      return compare(a, b, at, op) >= 0;
    default:
      return arithmetic(op, a, b, e, at);
  }
}

/** The value of an optional, null when it has none; anything else as it is. */
export function unwrap(value: unknown): unknown {
  return value instanceof Optional ? (value.value ?? null) : value;
}

function arithmetic(op: Arithmetic, a: unknown, b: unknown, e: Evaluation, at: Span): unknown {
  if (typeof a === "number") {
    if (typeof b === "number") return doubles(op, a, b, at);
    if (typeof b === "bigint") return doubles(op, a, Number(b), at);
  } else if (typeof a === "bigint") {
    if (typeof b === "bigint") return ints(op, a, b, at);
    if (typeof b === "number") return doubles(op, Number(a), b, at);
  } else if (op === "+") {
    const joined = join(a, b, e, at);
    if (joined !== undefined) return joined;
  }
  const moved = times(op, a, b);
  if (moved !== undefined) return checkedTime(moved, at);
  throw noOperator(op, a, b, at);
}

function ints(op: Arithmetic, a: bigint, b: bigint, at: Span): bigint {
  if (b === 0n && (op === "/" || op === "%")) throw new Fault("division", at);
  const result = op === "+" ? a + b : op === "-" ? a - b : op === "*" ? a * b : op === "/" ? a / b : a % b;
  if (result > MAX_INT || result < MIN_INT)
    throw new Fault("overflow", at, { detail: "the whole number is too large" });
  return result;
}

function doubles(op: Arithmetic, a: number, b: number, at: Span): number {
  if (b === 0 && (op === "/" || op === "%")) throw new Fault("division", at);
  const result = op === "+" ? a + b : op === "-" ? a - b : op === "*" ? a * b : op === "/" ? a / b : a % b;
  // Two whole numbers must not turn into one that is off by a few.
  if (!(Math.abs(result) <= 9_007_199_254_740_992) && Number.isInteger(a) && Number.isInteger(b))
    throw new Fault("overflow", at, { detail: "the result is beyond 2^53 and not exact" });
  return result;
}

function join(a: unknown, b: unknown, e: Evaluation, at: Span): unknown {
  if (typeof a === "string" && typeof b === "string") {
    e.chargeText(a.length + b.length, at);
    return a + b;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    e.charge(a.length + b.length, at);
    return [...(a as unknown[]), ...(b as unknown[])];
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    e.chargeText(a.length + b.length, at);
    const bytes = new Uint8Array(a.length + b.length);
    bytes.set(a);
    bytes.set(b, a.length);
    return bytes;
  }
  return undefined;
}

function times(op: Arithmetic, a: unknown, b: unknown): Timestamp | Duration | undefined {
  const sign = op === "+" ? 1 : op === "-" ? -1 : 0;
  if (sign === 0) return undefined;
  if (a instanceof Timestamp && b instanceof Duration) return new Timestamp(a.ms + sign * b.ms);
  if (a instanceof Duration && b instanceof Duration) return new Duration(a.ms + sign * b.ms);
  if (a instanceof Duration && b instanceof Timestamp && sign === 1) return new Timestamp(a.ms + b.ms);
  if (a instanceof Timestamp && b instanceof Timestamp && sign === -1) return new Duration(a.ms - b.ms);
  return undefined;
}

/** Throws unless `value` is within the years 1 to 9999. */
export function checkedTime<T extends Timestamp | Duration>(value: T, at: Span): T {
  const inside =
    value instanceof Timestamp
      ? value.ms >= -62_135_596_800_000 && value.ms <= 253_402_300_799_999
      : Math.abs(value.ms) <= 315_576_000_000_000;
  if (!inside) throw new Fault("range", at, { detail: "the time is outside the years 1 to 9999" });
  return value;
}

/** Less, equal or more than 0, as `a` is before, equal to or after `b`. */
export function compare(a: unknown, b: unknown, at: Span, op = "<"): number {
  const numbers = (typeof a === "number" || typeof a === "bigint") && (typeof b === "number" || typeof b === "bigint");
  if (numbers || (typeof a === "string" && typeof b === "string") || (typeof a === "boolean" && typeof b === "boolean"))
    return a < b ? -1 : a > b ? 1 : a == b ? 0 : NaN; // NaN: every comparison with it is false
  if ((a instanceof Timestamp && b instanceof Timestamp) || (a instanceof Duration && b instanceof Duration))
    return a.ms - b.ms;
  throw noOperator(op, a, b, at);
}

function noOperator(op: string, a: unknown, b: unknown, at: Span): Fault {
  const hint =
    op === "+" && (typeof a === "string" || typeof b === "string") ? "; turn a value into text with `string(…)`" : "";
  return new Fault("type", at, { detail: `\`${op}\` does not work on ${plainType(a)} and ${plainType(b)}${hint}` });
}

/** Deep equality; values of different types are unequal, numbers compare by value. */
export function isEqual(left: unknown, right: unknown, e: Evaluation, at: Span): boolean {
  const a = e.take(left);
  const b = e.take(right);
  if (a === b) return true;
  if (typeof a === "bigint" || typeof b === "bigint")
    return (typeof a === "number" || typeof b === "number") && (a as number) == (b as number);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  e.charge(1, at);
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((v, i) => isEqual(v, b[i], e, at));
  if (a instanceof Uint8Array)
    return b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i]);
  if (a instanceof Timestamp) return b instanceof Timestamp && a.ms === b.ms;
  if (a instanceof Duration) return b instanceof Duration && a.ms === b.ms;
  if (a instanceof TypeName) return b instanceof TypeName && a.of === b.of;
  if (a instanceof Optional)
    return (
      b instanceof Optional &&
      isEqual(a.value ?? null, b.value ?? null, e, at) &&
      (a.value === undefined) === (b.value === undefined)
    );
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => Object.hasOwn(b, k) && isEqual(a[k], b[k], e, at));
}

function contains(a: unknown, b: unknown, e: Evaluation, at: Span): boolean {
  if (Array.isArray(b)) {
    e.charge(b.length, at);
    return b.some((item) => isEqual(a, item, e, at));
  }
  if (isMap(b)) return typeof a === "string" && Object.hasOwn(b, a) && b[a] !== undefined;
  throw new Fault("type", at, { detail: `\`in\` needs a list or an object on its right, found ${plainType(b)}` });
}

/** `-value`. */
export function negate(value: unknown, e: Evaluation, at: Span): unknown {
  const a = e.take(unwrap(value));
  if (typeof a === "number") return -a;
  if (typeof a === "bigint") return ints("-", 0n, a, at);
  if (a instanceof Duration) return new Duration(-a.ms);
  throw new Fault("type", at, { detail: `\`-\` does not work on ${plainType(a)}` });
}
