import { isJsonObject, type Json, type JsonObject } from "../base/json";
import type { Path } from "./workflow";

/** The value at `path`; `undefined` where there is none. */
export function valueAt(value: Json | undefined, path: Path): Json | undefined {
  let at = value;
  for (const key of path) {
    if (Array.isArray(at) && typeof key === "number") at = (at as readonly Json[])[key];
    else if (isJsonObject(at) && Object.hasOwn(at, key)) at = at[key];
    else return undefined;
  }
  return at;
}

/**
 * `value` with `to` at `path`; what is missing on the way becomes mappings. A position just past the end of a list
 * appends. `undefined` where the path leads through a scalar, or past the end of a list.
 */
export function withValue(value: Json | undefined, path: Path, to: Json): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return to;
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    if (typeof key !== "number" || key < 0 || key > items.length) return undefined;
    const item = withValue(items[key], rest, to);
    return item === undefined ? undefined : [...items.slice(0, key), item, ...items.slice(key + 1)];
  }
  if (value !== undefined && value !== null && !isJsonObject(value)) return undefined;
  const map = isJsonObject(value) ? value : {};
  const child = withValue(Object.hasOwn(map, key) ? map[key] : undefined, rest, to);
  return child === undefined ? undefined : { ...map, [key]: child };
}

/** `value` without the key or item at `path`; `value` itself where there is none. */
export function withoutValue(value: Json, path: Path): Json {
  const [key, ...rest] = path;
  if (key === undefined) return null;
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    if (typeof key !== "number" || key < 0 || key >= items.length) return value;
    if (rest.length === 0) return items.filter((_, index) => index !== key);
    return replaceItem(items, key, withoutValue(items[key]!, rest));
  }
  if (!isJsonObject(value) || !Object.hasOwn(value, key)) return value;
  if (rest.length > 0) return replaceKey(value, String(key), withoutValue(value[key]!, rest));
  const { [key]: _gone, ...left } = value;
  return left;
}

/** `value` with `item` put into the list at `path` (made where missing), before `index`. */
export function withItem(value: Json, path: Path, index: number, item: Json): Json | undefined {
  const list = valueAt(value, path) ?? [];
  if (!Array.isArray(list)) return undefined;
  const items = list as readonly Json[];
  return withValue(value, path, [...items.slice(0, index), item, ...items.slice(index)]);
}

/** `map` with its keys in the order of `order`; keys that are not in it keep their place after their predecessor. */
export function placed(map: JsonObject, key: string, order: readonly string[]): JsonObject {
  const rank = order.indexOf(key);
  if (rank < 0 || !Object.hasOwn(map, key)) return map;
  const others = Object.keys(map).filter((other) => other !== key);
  const before = others.findLastIndex((other) => {
    const otherRank = order.indexOf(other);
    return otherRank >= 0 && otherRank < rank;
  });
  const keys = [...others.slice(0, before + 1), key, ...others.slice(before + 1)];
  return Object.fromEntries(keys.map((each) => [each, map[each]]));
}

/** Whether two values say the same; keys in any order, absent and `undefined` alike. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return (a as readonly Json[]).every((item, index) => sameJson(item, (b as readonly Json[])[index]));
  }
  const left = a as JsonObject;
  const right = b as JsonObject;
  const keys = Object.keys(left).filter((key) => left[key] !== undefined);
  if (keys.length !== Object.keys(right).filter((key) => right[key] !== undefined).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]));
}

function replaceItem(items: readonly Json[], at: number, by: Json): Json {
  return items[at] === by ? items : items.map((item, index) => (index === at ? by : item));
}

function replaceKey(map: JsonObject, key: string, by: Json): Json {
  return map[key] === by ? map : { ...map, [key]: by };
}
