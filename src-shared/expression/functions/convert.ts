import { durationText, timestampText } from "../border";
import { Duration, plainType, Timestamp, TypeName, typeName } from "../kinds";
import { fromUtf8, utf8 } from "../utf8";
import { fn, trouble, type CelFunction, type Site } from "./call";

const call = { form: "call" } as const;
const TRUE = new Set(["true", "TRUE", "True", "t", "1"]);
const FALSE = new Set(["false", "FALSE", "False", "f", "0"]);

function toInt(value: unknown, site: Site): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number" && Math.abs(value) < 2 ** 63) return BigInt(Math.trunc(value));
  if (typeof value === "string" && /^[+-]?\d{1,19}$/.test(value)) {
    const int = BigInt(value.replace("+", ""));
    if (BigInt.asIntN(64, int) === int) return int;
  }
  if (value instanceof Timestamp) return BigInt(Math.floor(value.ms / 1000));
  throw cannot(value, "a whole number", site);
}

function toDouble(value: unknown, site: Site): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string" && /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(value)) return Number(value);
  throw cannot(value, "a number", site);
}

function toBool(value: unknown, site: Site): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "string" && TRUE.has(value)) return true;
  if (typeof value === "string" && FALSE.has(value)) return false;
  throw cannot(value, "true or false", site);
}

function toString(value: unknown, site: Site): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (value instanceof Timestamp) return timestampText(value);
  if (value instanceof Duration) return durationText(value);
  if (value instanceof TypeName) return value.of;
  if (value instanceof Uint8Array) return fromUtf8(value);
  throw trouble("conversion", site, `cannot make text of ${plainType(value)}; use \`json(…)\``);
}

function cannot(value: unknown, wanted: string, site: Site) {
  const shown = typeof value === "string" ? `"${value.slice(0, 40)}"` : plainType(value);
  return trouble("conversion", site, `cannot make ${wanted} of ${shown}`);
}

/** Conversions between types. */
export const convertFunctions: readonly CelFunction[] = [
  fn("string(value) -> string", "The value as text.", (a, _e, s) => toString(a[0], s), call),
  fn("int(value) -> int", "The value as a whole number; a fraction is cut off.", (a, _e, s) => toInt(a[0], s), call),
  fn(
    "uint(value) -> int",
    "The value as a whole number that is not negative.",
    (a, _e, s) => {
      const value = toInt(a[0], s);
      if (value < 0n) throw trouble("conversion", s, "cannot make a negative number positive");
      return value;
    },
    call,
  ),
  fn("double(value) -> double", "The value as a number with a fraction.", (a, _e, s) => toDouble(a[0], s), call),
  fn("bool(value) -> bool", "The value as true or false.", (a, _e, s) => toBool(a[0], s), call),
  fn(
    "bytes(value) -> bytes",
    "The UTF-8 bytes of a text.",
    (a, e, s) => {
      if (a[0] instanceof Uint8Array) return a[0];
      const value = toString(a[0], s);
      e.chargeText(value.length, s.at);
      return utf8(value);
    },
    call,
  ),
  fn("dyn(value) -> value", "The value itself.", (a) => a[0], { ...call, shallow: true }),
  fn("type(value) -> type", "The value's CEL type.", (a) => new TypeName(typeName(a[0])), { ...call, shallow: true }),
];
