import type { Json } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import type { Keeper } from "@shared/execution/keep";
import { objectOf, partOf } from "@shared/execution/parts";
import { REDACTED, type Value } from "@shared/execution/value";

/** A value a person edited: where `[REDACTED]` was left as shown, the sensitive value stays. */
export function edited(json: Json, before: Value | undefined, keeper: Keeper): Value {
  // What a screen masked came back as it was shown, whether it is sensitive or only personal.
  if (json === REDACTED && before !== undefined) return before;
  if (before === undefined || !JSON.stringify(json).includes(REDACTED)) return keeper.keep(json);
  if (Array.isArray(json))
    return { kind: "list", items: json.map((item: Json, at) => edited(item, partOf(before, at), keeper)) };
  if (!isJsonObject(json)) return keeper.keep(json);
  const fields: { [key: string]: Value } = {};
  for (const [key, field] of Object.entries(json)) {
    Object.defineProperty(fields, key, {
      value: edited(field ?? null, partOf(before, key), keeper),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return { kind: "object", fields };
}

/** An edited config, field by field: the fold reads an owner's settings, which must not vanish into one large value. */
export function editedConfig(
  json: Json,
  before: Value | undefined,
  keeper: Keeper,
): { readonly config: Value; readonly items?: number } {
  if (!isJsonObject(json)) return { config: edited(json, before, keeper) };
  const fields = Object.entries(json).map(([key, field]): [string, Value] => [
    key,
    edited(field ?? null, before === undefined ? undefined : partOf(before, key), keeper),
  ]);
  const config = objectOf(Object.fromEntries(fields));
  return Array.isArray(json["items"]) ? { config, items: json["items"].length } : { config };
}
