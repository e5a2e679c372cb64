/** A JSON value: what crosses every border of the studio (files, journal, workers, windows). */
export type Json = null | boolean | number | string | JsonList | JsonObject;

/** A JSON array. */
export type JsonList = readonly Json[];

/** A JSON object; a missing key is `undefined` when read. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Whether `value` is a JSON object (neither null nor a list). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
