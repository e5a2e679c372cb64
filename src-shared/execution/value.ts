import type { Json } from "../base/json";
import type { Bytes } from "../base/units";

/**
 * A value as events and state hold it: small ones in place, large ones by reference, sensitive ones never.
 *
 * `object` and `list` compose values without reading them, so that the fold needs no store.
 */
export type Value =
  | { readonly kind: "inline"; readonly json: Json }
  /** Above {@link INLINE_LIMIT} bytes of JSON: the store has it under `id`. `preview` is at most 4 KiB of JSON. */
  | {
      readonly kind: "stored";
      readonly id: string;
      readonly bytes: Bytes;
      readonly summary: string;
      readonly preview: Json;
    }
  /**
   * The vault has it under `id`; resolved only while an effect is carried out. `from`: the ids of the sensitive values it was made of,
   * which must not come out of it by themselves either.
   */
  | { readonly kind: "sensitive"; readonly id: string; readonly from?: readonly string[] }
  | { readonly kind: "object"; readonly fields: { readonly [key: string]: Value } }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  /** Element `index`, or field `key`, of a list or object that is kept elsewhere (a loop's item). */
  | { readonly kind: "part"; readonly of: Value; readonly at: string | number };

/** JSON text above this many bytes is stored once and travels by reference. */
export const INLINE_LIMIT: Bytes = 32 * 1024;

/** What stands for a sensitive value on screens, in logs and exports. */
export const REDACTED = "[REDACTED]";

/** The value null, in place. */
export const NULL_VALUE: Value = { kind: "inline", json: null };

/** A value in place. The caller sees to it that it is small and not sensitive. */
export function inline(json: Json): Value {
  return { kind: "inline", json };
}
