import type { Evaluation } from "./evaluation";
import { isMap, plainType, TYPE_NAMES } from "./kinds";
import { nearest } from "./nearest";
import { Fault, type Span } from "./problem";

/** What the probing form of an access gives for something that is not there. */
export const ABSENT: unique symbol = Symbol("absent");

/** The value of the name `name`, or {@link ABSENT}. */
export function probeName(name: string, e: Evaluation): unknown {
  const value = Object.hasOwn(e.names, name) ? e.names[name] : undefined;
  return value === undefined ? ABSENT : e.take(value);
}

/** The value of the name `name`; a fault with the nearest name when there is none. */
export function readName(name: string, e: Evaluation, at: Span): unknown {
  const value = probeName(name, e);
  if (value !== ABSENT) return value;
  const type = TYPE_NAMES.get(name);
  if (type !== undefined) return type;
  throw new Fault("unknown-name", at, { name, nearest: nearest(name, Object.keys(e.names)) });
}

/** The field `key` of `of`, or {@link ABSENT}; only objects have any. Own fields only: a prototype is never looked at. */
export function probeField(of: unknown, key: string, e: Evaluation): unknown {
  if (!isMap(of)) return ABSENT;
  const value = Object.hasOwn(of, key) ? of[key] : undefined;
  return value === undefined ? ABSENT : e.take(value);
}

/** The field `key` of `of`; a fault with the nearest field when there is none. */
export function readField(of: unknown, key: string, e: Evaluation, at: Span): unknown {
  const value = probeField(of, key, e);
  if (value !== ABSENT) return value;
  if (!isMap(of)) {
    const detail = of === null ? "the value before it is null" : `${plainType(of)} has no fields`;
    throw new Fault("missing-field", at, { name: key, detail });
  }
  throw new Fault("missing-field", at, { name: key, nearest: nearest(key, Object.keys(of)) });
}

/** `of[index]`, or {@link ABSENT}. */
export function probeIndex(of: unknown, index: unknown, e: Evaluation, at: Span): unknown {
  if (of === null) return ABSENT;
  if (Array.isArray(of)) {
    const position = typeof index === "bigint" ? Number(index) : index;
    if (typeof position !== "number" || !Number.isInteger(position))
      throw new Fault("type", at, { detail: `a position in a list is a whole number, found ${plainType(index)}` });
    const value: unknown = position >= 0 ? of[position] : undefined;
    return value === undefined ? ABSENT : e.take(value);
  }
  if (!isMap(of)) throw new Fault("type", at, { detail: `\`[…]\` does not work on ${plainType(of)}` });
  if (typeof index !== "string")
    throw new Fault("type", at, { detail: `a key of an object is text, found ${plainType(index)}` });
  return probeField(of, index, e);
}

/** `of[index]`; a fault when there is nothing. */
export function readIndex(of: unknown, index: unknown, e: Evaluation, at: Span): unknown {
  const value = probeIndex(of, index, e, at);
  if (value !== ABSENT) return value;
  if (Array.isArray(of))
    throw new Fault("missing-field", at, { name: String(index), detail: `the list has ${of.length} items` });
  return readField(of, String(index), e, at);
}
