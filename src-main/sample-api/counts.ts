/** How often something was called. */
export interface Tally {
  /** Every call. */
  readonly raw: number;
  /** Calls that were not a repetition of one with the same `Idempotency-Key`. */
  readonly distinct: number;
}

/** What the API was asked to do since it started, or since the last reset. */
export interface Counts extends Tally {
  /** By method and path without the query, e.g. `POST /payments/charge`. */
  readonly routes: { readonly [route: string]: Tally };
}

/** An answer that a repeated call gets again. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Counts calls and remembers the answers of those that have an `Idempotency-Key`. */
export class Calls {
  #routes = new Map<string, { raw: number; keyless: number; keys: Set<string> }>();
  #answers = new Map<string, Answer>();

  /** Counts one call; also one that fails or is cut off. */
  count(route: string, key: string | undefined): void {
    const tally = this.#routes.get(route) ?? { raw: 0, keyless: 0, keys: new Set<string>() };
    this.#routes.set(route, tally);
    tally.raw++;
    if (key === undefined) tally.keyless++;
    else tally.keys.add(key);
  }

  /** The answer to the first call of `route` with this key. */
  remembered(route: string, key: string): Answer | undefined {
    return this.#answers.get(`${route} ${key}`);
  }

  remember(route: string, key: string, answer: Answer): void {
    this.#answers.set(`${route} ${key}`, answer);
  }

  counts(): Counts {
    const routes: { [route: string]: Tally } = {};
    let raw = 0;
    let distinct = 0;
    for (const [route, tally] of [...this.#routes].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const own = { raw: tally.raw, distinct: tally.keyless + tally.keys.size };
      routes[route] = own;
      raw += own.raw;
      distinct += own.distinct;
    }
    return { raw, distinct, routes };
  }

  reset(): void {
    this.#routes.clear();
    this.#answers.clear();
  }
}
