import { setTimeout as sleep } from "node:timers/promises";
import type { Subscribe } from "./rooms";

const GAP_MS = 100;

/** Counts changes, at most ten items a second, until `signal` aborts. Changes that come close together are one item. */
export async function* ticks(subscribe: Subscribe, signal: AbortSignal | undefined): AsyncIterableIterator<number> {
  let count = 0;
  for await (const _ of each<void>((push) => subscribe(() => push(undefined)), signal, 1)) {
    yield ++count;
    // Aborted while it sleeps: the loop ends by itself.
    await sleep(GAP_MS, undefined, { ...(signal === undefined ? {} : { signal }) }).catch(() => undefined);
  }
}

/**
 * Items that `listen` pushes, as a stream that ends when `signal` aborts.
 *
 * Keeps at most `limit` items that nobody has taken yet, the newest.
 */
export async function* each<T>(
  listen: (push: (item: T) => void) => () => void,
  signal: AbortSignal | undefined,
  limit = 1000,
): AsyncIterableIterator<T> {
  const waiting: T[] = [];
  let wake: () => void = () => undefined;
  const stop = listen((item) => {
    waiting.push(item);
    if (waiting.length > limit) waiting.shift();
    wake();
  });
  const onAbort = (): void => wake();
  signal?.addEventListener("abort", onAbort);
  try {
    for (;;) {
      while (waiting.length > 0) yield waiting.shift() as T;
      if (signal?.aborted === true) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    stop();
    signal?.removeEventListener("abort", onAbort);
  }
}
