import { isJsonObject, type Json, type JsonObject } from "@shared/base/json";
import type { Path } from "@shared/workflow/workflow";

/** A connection's settings by environment. */
export type Settings = { readonly [environment: string]: JsonObject };

/** `whole` with `value` at `path`; undefined takes the key away, and objects that become empty with it. */
export function placed(whole: JsonObject, path: Path, value: Json | undefined): JsonObject {
  const [first, ...rest] = path;
  if (first === undefined) return whole;
  const key = String(first);
  const inner = whole[key];
  const next = rest.length === 0 ? value : placed(isJsonObject(inner) ? inner : {}, rest, value);
  const { [key]: _before, ...others } = whole;
  const isGone = next === undefined || (rest.length > 0 && isJsonObject(next) && Object.keys(next).length === 0);
  return isGone ? others : { ...whole, [key]: next };
}

/** Settings as they are sent: keys without a value are left out. */
export function plainOf(settings: Settings): { [environment: string]: { [key: string]: Json } } {
  return Object.fromEntries(
    Object.entries(settings).map(([environment, own]) => [
      environment,
      Object.fromEntries(Object.entries(own).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))),
    ]),
  );
}
