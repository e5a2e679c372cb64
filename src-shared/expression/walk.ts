import type { Json, JsonObject } from "../base/json";
import { isJsonObject } from "../base/json";

/** A string in a JSON tree, and the keys that lead to it. */
export interface StringAt {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** Whether the key that `path` leads to holds no templates of its owner, so that nothing below it is one. */
export type IsOpaque = (path: readonly (string | number)[]) => boolean;

const NOTHING_OPAQUE: IsOpaque = () => false;

/** The strings in `json` that are templates of its owner, in document order. Keys are never templates. */
export function* templateStrings(json: Json | undefined, isOpaque: IsOpaque = NOTHING_OPAQUE): Generator<StringAt> {
  if (json !== undefined) yield* strings(json, [], isOpaque);
}

function* strings(json: Json, path: readonly (string | number)[], isOpaque: IsOpaque): Generator<StringAt> {
  if (typeof json === "string") {
    yield { path, text: json };
  } else if (Array.isArray(json)) {
    for (const [position, item] of (json as readonly Json[]).entries()) {
      const at = [...path, position];
      if (!isOpaque(at)) yield* strings(item, at, isOpaque);
    }
  } else if (isJsonObject(json)) {
    for (const key of Object.keys(json)) {
      const value = json[key];
      const at = [...path, key];
      if (value !== undefined && !isOpaque(at)) yield* strings(value, at, isOpaque);
    }
  }
}

/**
 * `json` with each template string replaced by what `replace` gives for it; the rest is shared, not copied.
 *
 * `T` may be more than JSON (a driver puts references in). Made objects have no prototype trouble: a key called
 * `__proto__` stays a key.
 */
export function mapTemplates<T>(
  json: Json,
  replace: (at: StringAt) => Json | T,
  isOpaque: IsOpaque = NOTHING_OPAQUE,
  path: readonly (string | number)[] = [],
): Json | T | Mapped<T> {
  if (typeof json === "string") return replace({ path, text: json });
  if (Array.isArray(json)) {
    return (json as readonly Json[]).map((item, position) => below(item, [...path, position], replace, isOpaque));
  }
  if (!isJsonObject(json)) return json;
  const made: { [key: string]: Json | T | Mapped<T> } = {};
  for (const key of Object.keys(json)) {
    const value = (json as JsonObject)[key];
    if (value === undefined) continue;
    const mapped = below(value, [...path, key], replace, isOpaque);
    // Assigning `__proto__` would set the prototype instead of a key.
    Object.defineProperty(made, key, { value: mapped, enumerable: true, writable: true, configurable: true });
  }
  return made;
}

/** A JSON tree in which some nodes may be a `T`. */
export type Mapped<T> = readonly (Json | T | Mapped<T>)[] | { readonly [key: string]: Json | T | Mapped<T> };

function below<T>(
  json: Json,
  path: readonly (string | number)[],
  replace: (at: StringAt) => Json | T,
  isOpaque: IsOpaque,
): Json | T | Mapped<T> {
  return isOpaque(path) ? json : mapTemplates(json, replace, isOpaque, path);
}
