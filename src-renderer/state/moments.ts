import type { Entry } from "@shared/execution/event";
import type { Plan } from "@shared/execution/plan";
import { fold } from "@shared/execution/replay";
import type { ExecutionState } from "@shared/execution/state";

const EVERY = 64;
const KEPT = 512;

/**
 * The states an execution went through, by how many entries were folded.
 *
 * Every 64th state is kept, so that any moment is at most 63 steps away: a slider dragged over 100,000 events stays instant. States
 * share what did not change, so that keeping them costs little.
 */
export class Moments {
  readonly #plan: Plan;
  readonly #kept = new Map<number, ExecutionState>();
  #apart = EVERY;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** The state after the first `count` of `entries`; undefined for none. */
  at(entries: readonly Entry[], count: number): ExecutionState | undefined {
    const wanted = Math.min(count, entries.length);
    if (wanted < 1) return undefined;
    let from = wanted - (wanted % this.#apart);
    while (from > 0 && !this.#kept.has(from)) from -= this.#apart;
    let state = this.#kept.get(from);
    for (let next = from; next < wanted;) {
      const until = Math.min(wanted, next + this.#apart - (next % this.#apart));
      state = fold(this.#plan, state, entries.slice(next, until));
      if (state && until % this.#apart === 0) this.#keep(until, state);
      next = until;
    }
    return state;
  }

  #keep(count: number, state: ExecutionState): void {
    this.#kept.set(count, state);
    if (this.#kept.size <= KEPT) return;
    // A longer journal keeps fewer states a stretch rather than more memory.
    this.#apart *= 2;
    for (const at of this.#kept.keys()) if (at % this.#apart !== 0) this.#kept.delete(at);
  }
}
