import { refuse } from "./fault";
import { os } from "./implementer";
import type { Rooms } from "./rooms";
import { ticks } from "./ticks";

/** Circuit breakers: looked at, and reset by hand. */
export function breakersApi({ breakers }: Pick<Rooms, "breakers">) {
  const api = os.breakers;
  return {
    list: api.list.handler(({ input }) => breakers.list(input.workflowId)),
    reset: api.reset.handler(({ input }) => {
      if (!breakers.reset(input.key))
        refuse({
          code: "NOT_FOUND",
          what: `There is no circuit breaker ${input.key}.`,
          todo: "It may have been reset already.",
        });
      return null;
    }),
    changes: api.changes.handler(({ signal }) => ticks(breakers.changed, signal)),
  };
}

/** Cached values: listed and cleared. */
export function cachesApi({ caches }: Pick<Rooms, "caches">) {
  const api = os.caches;
  return {
    list: api.list.handler(({ input: { search, from, limit } }) =>
      caches.list({ ...(search === undefined ? {} : { search }), from, limit }),
    ),
    clear: api.clear.handler(({ input: { keys, search } }) => ({
      cleared: caches.clear({
        ...(keys === undefined ? {} : { keys }),
        ...(search === undefined ? {} : { search }),
      }),
    })),
    changes: api.changes.handler(({ signal }) => ticks(caches.changed, signal)),
  };
}
