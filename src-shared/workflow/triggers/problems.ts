import type { Json, JsonObject } from "../../base/json";
import { nearest } from "../../expression/nearest";
import type { Path } from "../workflow";

/** Why a trigger cannot work. */
export interface TriggerProblem {
  /** `unknown-trigger`, `missing-config` or `trigger`. */
  readonly rule: string;
  /** From the trigger inwards. */
  readonly path: Path;
  readonly message: string;
  /** What was meant, where there is a guess: a value for `path`. */
  readonly meant?: Json;
}

/** What goes wrong while a trigger is read, all of it. */
export class TriggerProblems {
  readonly all: TriggerProblem[] = [];

  add(path: Path, message: string, rest: { readonly meant?: Json; readonly rule?: string } = {}): void {
    const { meant, rule = "trigger" } = rest;
    this.all.push({ rule, path, message, ...(meant === undefined ? {} : { meant }) });
  }

  /** The text at `key`; what is no text is a problem. */
  text(from: JsonObject, key: string, under: Path = []): string | undefined {
    const value = from[key];
    if (value === undefined || value === null) return undefined;
    if (typeof value === "string" && value !== "") return value;
    this.add([...under, key], `${key} is a text.`);
    return undefined;
  }

  /** The number at `key` within its bounds, else `usual`. */
  number<T>(from: JsonObject, key: string, least: number, most: number, usual: T, under: Path = []): number | T {
    const value = from[key];
    if (value === undefined || value === null) return usual;
    if (typeof value === "number" && value >= least && value <= most) return value;
    this.add([...under, key], `${key} is a number from ${least} to ${most}.`);
    return usual;
  }

  /** The one of `choices` at `key`, else `usual`. */
  choice<T extends string>(from: JsonObject, key: string, choices: readonly T[], usual: T, under: Path = []): T {
    const value = from[key];
    if (value === undefined || value === null) return usual;
    if (choices.includes(value as T)) return value as T;
    const meant = typeof value === "string" ? nearest(value, choices) : undefined;
    this.add([...under, key], `${key} is one of ${choices.join(", ")}.`, meant === undefined ? {} : { meant });
    return usual;
  }
}
