import type { AtMs, Ms } from "../base/units";
import { Marked, Special } from "./kinds";
import { Fault, type Span } from "./problem";

/** How much one evaluation may cost. */
export interface Budget {
  /** Iterations, weighted by the size of what is repeated, and items touched by functions. Default 5,000,000. */
  readonly steps?: number;
  /** Default 100. */
  readonly ms?: Ms;
  /** A monotonic clock; without one only steps are counted. */
  readonly clock?: () => Ms;
}

/** What an expression sees. */
export interface Scope {
  /**
   * The names in scope. A null-prototype object; it and the objects in it may have getters, which are called when
   * (and only when) an expression reads that field. Objects with getters have no prototype. A getter's `undefined`
   * means absent.
   */
  readonly names: { readonly [name: string]: unknown };
  /** `false` promises that no {@link Marked} is in `names`, which spares a walk over lists and objects. */
  readonly mayHoldMarks?: boolean;
  /** The time `now()` gives. */
  readonly now?: AtMs;
  /** A deterministic stream of numbers from 0 to 1 (excluded); `random()` and `uuid()` draw from it. */
  readonly random?: () => number;
  readonly budget?: Budget;
}

/** The longest text an expression may make, in UTF-16 units. */
export const LONGEST_TEXT = 8_000_000;

const CLOCK_EVERY = 2_048;
const DEEPEST = 500;

/** The state of one evaluation: what is in scope, what it has cost, and whether it read something sensitive. */
export class Evaluation {
  readonly names: { readonly [name: string]: unknown };
  /** The variables of macros, by the slot the compiler gave them. */
  readonly slots: unknown[] = [];
  sensitive = false;
  readonly #mayHoldMarks: boolean;
  #steps: number;
  #untilClock = CLOCK_EVERY;
  #startedAt: Ms | undefined;
  readonly #ms: Ms;
  readonly #clock: (() => Ms) | undefined;

  constructor(readonly scope: Scope) {
    this.names = scope.names;
    this.#mayHoldMarks = scope.mayHoldMarks !== false;
    this.#steps = scope.budget?.steps ?? 5_000_000;
    this.#ms = scope.budget?.ms ?? 100;
    this.#clock = scope.budget?.clock;
  }

  /** Counts `steps`; throws when there are none left. The clock is read seldom: a reading costs more than a step. */
  charge(steps: number, at: Span): void {
    this.#steps -= steps;
    if (this.#steps < 0) throw new Fault("budget", at, { detail: "the expression takes too many steps" });
    this.#untilClock -= steps;
    if (this.#untilClock > 0 || this.#clock === undefined) return;
    this.#untilClock = CLOCK_EVERY;
    const time = this.#clock();
    this.#startedAt ??= time;
    if (time - this.#startedAt > this.#ms)
      throw new Fault("budget", at, { detail: `the expression takes longer than ${this.#ms} ms` });
  }

  /** Counts the making of a text of `length`. */
  chargeText(length: number, at: Span): void {
    if (length > LONGEST_TEXT)
      throw new Fault("budget", at, { detail: "the expression makes a text that is too long" });
    this.charge(1 + (length >> 6), at);
  }

  /** A value as it is read: a mark comes off, and the result will carry it. */
  take(value: unknown): unknown {
    if (!(value instanceof Marked)) return value;
    this.sensitive = true;
    return value.json;
  }

  /** `value` with the marks inside it taken off. Copies only what holds a mark. */
  bare(value: unknown, at: Span): unknown {
    if (!this.#mayHoldMarks || typeof value !== "object" || value === null) return value;
    return this.#bare(value, at, 0);
  }

  #bare(value: unknown, at: Span, depth: number): unknown {
    if (value instanceof Marked) return this.#bare(this.take(value), at, depth);
    if (typeof value !== "object" || value === null || value instanceof Special || value instanceof Uint8Array)
      return value;
    checkDepth(depth, at);
    this.charge(1, at);
    if (Array.isArray(value)) {
      let copy: unknown[] | undefined;
      for (let i = 0; i < value.length; i++) {
        const item = this.#bare(value[i], at, depth + 1);
        if (item !== value[i]) (copy ??= [...value])[i] = item;
      }
      return copy ?? value;
    }
    const fields = value as { readonly [key: string]: unknown };
    let copy: { [key: string]: unknown } | undefined;
    for (const key of Object.keys(fields)) {
      const read = fields[key];
      const field = this.#bare(read, at, depth + 1);
      if (field !== read) (copy ??= copyOf(fields))[key] = field;
    }
    return copy ?? value;
  }
}

/** Throws when a walk over a value is deeper than any sensible JSON. */
export function checkDepth(depth: number, at: Span): void {
  if (depth > DEEPEST) throw new Fault("budget", at, { detail: `a value is nested more than ${DEEPEST} levels deep` });
}

/** A null-prototype copy, so that a key called `__proto__` is a key. */
export function copyOf(fields: { readonly [key: string]: unknown }): { [key: string]: unknown } {
  const copy: { [key: string]: unknown } = Object.create(null);
  for (const key of Object.keys(fields)) copy[key] = fields[key];
  return copy;
}
