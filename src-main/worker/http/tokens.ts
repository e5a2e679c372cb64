import type { AtMs } from "@shared/base/units";
import { Refusal } from "../behaviour";
import type { ClientCredentials } from "./auth";
import type { Granted, PostForm } from "./grant";

const MOST = 200;

/** Access tokens of this thread, in memory only, until they expire. Calls that need the same one at the same time fetch it once. */
export class Tokens {
  readonly #kept = new Map<string, Granted>();
  readonly #fetching = new Map<string, Promise<Granted>>();

  /** A token for `credentials`; throws the reason of `signal` when that comes first. */
  async get(credentials: ClientCredentials, post: PostForm, nowMs: AtMs, signal: AbortSignal): Promise<string> {
    const key = keyOf(credentials);
    for (;;) {
      signal.throwIfAborted();
      const kept = this.#kept.get(key);
      if (kept && kept.until > nowMs) return kept.token;
      const other = this.#fetching.get(key);
      if (other === undefined) break;
      const got = await until(signal, other).catch((thrown: unknown) => {
        if (thrown instanceof Refusal || signal.aborted) throw thrown;
        // Whoever fetched it was stopped or ran out of time, which says nothing of this call.
        return undefined;
      });
      if (got !== undefined) return got.token;
    }
    // Loaded when needed: few workflows sign in this way.
    const fetching = import("./grant")
      .then(({ granted }) => granted(credentials, post, nowMs))
      .finally(() => this.#fetching.delete(key));
    this.#fetching.set(key, fetching);
    const fresh = await fetching;
    if (this.#kept.size >= MOST) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(key, fresh);
    return fresh.token;
  }

  /** A server did not take `token`: the next call gets another. */
  forget(credentials: ClientCredentials, token: string): void {
    const key = keyOf(credentials);
    if (this.#kept.get(key)?.token === token) this.#kept.delete(key);
  }
}

function until<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function keyOf(one: ClientCredentials): string {
  return JSON.stringify([one.tokenUrl.href, one.clientId, one.clientSecret, one.scope, one.audience, one.clientAuth]);
}
