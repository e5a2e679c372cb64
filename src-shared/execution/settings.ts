import type { Json } from "../base/json";
import { partOf, plainJson } from "./parts";
import type { Value } from "./value";

/** Whatever has an evaluated config. */
export interface Configured {
  readonly config?: Value;
}

/** The evaluated `config.KEY` of an owner, if it is held in place. */
export function setting(slot: Configured, key: string): Json | undefined {
  const part = slot.config === undefined ? undefined : partOf(slot.config, key);
  return part === undefined ? undefined : plainJson(part);
}

/** A whole number of at least one, or `otherwise`. */
export function countSetting(slot: Configured, key: string, otherwise: number): number {
  const value = setting(slot, key);
  return typeof value === "number" && value >= 1 ? Math.floor(value) : otherwise;
}
