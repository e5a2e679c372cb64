import type { Ms } from "../base/units";

/** Values that are neither JSON nor ints; so that they are never taken for maps. */
export abstract class Special {}

/** A point in time. */
export class Timestamp extends Special {
  constructor(readonly ms: number) {
    super();
  }
}

/** A length of time. */
export class Duration extends Special {
  constructor(readonly ms: Ms) {
    super();
  }
}

/** The result of `a.?b`: a value that may be absent. */
export class Optional extends Special {
  static readonly NONE = new Optional(undefined);
  /** @param value `undefined` for none. */
  constructor(readonly value: unknown) {
    super();
  }
}

/** What `type()` gives. */
export class TypeName extends Special {
  constructor(readonly of: string) {
    super();
  }
}

/**
 * A JSON value that must not be seen: put it in place of a leaf (or any node) of a scope's values.
 *
 * Reading it marks the evaluation's result as sensitive.
 */
export class Marked extends Special {
  constructor(readonly json: unknown) {
    super();
  }
}

/** An object of JSON, or what `{…}` and `group_by` make. */
export type CelMap = { readonly [key: string]: unknown };

/** Whether `value` is an object with fields. */
export function isMap(value: unknown): value is CelMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Special) &&
    !(value instanceof Uint8Array)
  );
}

/** The CEL type's name, as `type()` and problems use it. */
export function typeName(value: unknown): string {
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return "double";
    case "string":
      return "string";
    case "object":
      if (value === null) return "null_type";
      if (Array.isArray(value)) return "list";
      if (value instanceof Uint8Array) return "bytes";
      if (value instanceof Timestamp) return "google.protobuf.Timestamp";
      if (value instanceof Duration) return "google.protobuf.Duration";
      if (value instanceof Optional) return "optional_type";
      if (value instanceof TypeName) return "type";
      return "map";
    default:
      return "dyn";
  }
}

/** Names that stand for CEL's types, as in `type(x) == string`, unless something in scope is called so. */
export const TYPE_NAMES: ReadonlyMap<string, TypeName> = new Map(
  ["bool", "int", "double", "string", "bytes", "list", "map", "null_type", "type"].map((of) => [of, new TypeName(of)]),
);

/** A type's name in a user's words. */
export function plainType(value: unknown): string {
  switch (typeName(value)) {
    case "bool":
      return "true or false";
    case "int":
    case "double":
      return "a number";
    case "string":
      return "text";
    case "null_type":
      return "null";
    case "list":
      return "a list";
    case "map":
      return "an object";
    case "bytes":
      return "bytes";
    case "google.protobuf.Timestamp":
      return "a timestamp";
    case "google.protobuf.Duration":
      return "a duration";
    default:
      return "a value";
  }
}
