import type { BreakerRow, CacheRow } from "@shared/contract/resilience";
import { usage } from "./exit";
import type { OpenHost } from "./host";
import { type Options, within } from "./in-host";
import { counted, print, printJson, table } from "./output";

/** `apg breakers`: the workspace's circuit breakers. */
export async function breakersCommand(options: Options, openHost: OpenHost): Promise<number> {
  return within(options, openHost, async ({ breakers }) => {
    const rows = breakers.list();
    if (options.json) await printJson(rows);
    else if (rows.length === 0)
      await print("No circuit breakers yet: one appears when a component with circuit_breaker has run.");
    else {
      const cells = rows.map((row) => [
        row.key,
        row.state,
        `${row.failures} of ${row.requests}`,
        String(row.threshold),
        restOf(row),
        row.lastError === undefined ? "" : `${row.lastError.type}: ${row.lastError.message}`,
      ]);
      await print(table(["KEY", "STATE", "FAILED", "OPENS AT", "NEXT", "LAST ERROR"], cells));
    }
  });
}

/** `apg breakers reset KEY`: closes a breaker and forgets its counts. */
export async function resetCommand(key: string, options: Options, openHost: OpenHost): Promise<number> {
  return within(options, openHost, async ({ breakers }) => {
    if (!breakers.reset(key)) throw usage(`There is no circuit breaker ${key}; "apg breakers" shows them.`);
    await print(`${key}: closed.`);
  });
}

/** `apg cache list`: cached values, the last used first. */
export async function cacheListCommand(
  options: Options & { readonly search?: string; readonly limit: number },
  openHost: OpenHost,
): Promise<number> {
  return within(options, openHost, async ({ caches }) => {
    const { search, limit } = options;
    const found = caches.list({ ...(search === undefined ? {} : { search }), from: 0, limit });
    if (options.json) {
      await printJson(found);
      return;
    }
    if (found.rows.length > 0) {
      const head = ["KEY", "BYTES", "STORED", "EXPIRES", "HITS", "VALUE"];
      await print(`${table(head, found.rows.map(cells))}\n`);
    }
    await print(`${counted(found.total, "value")}, ${megabytes(found.bytes)} of ${megabytes(found.limitBytes)} MB.`);
  });
}

/** `apg cache clear [KEY…]`: clears the keys named, else what matches `--search`, else everything. */
export async function cacheClearCommand(
  keys: readonly string[],
  options: Options & { readonly search?: string },
  openHost: OpenHost,
): Promise<number> {
  return within(options, openHost, async ({ caches }) => {
    const { search } = options;
    const cleared = caches.clear({
      ...(keys.length === 0 ? {} : { keys }),
      ...(search === undefined ? {} : { search }),
    });
    if (keys.length > 0 && cleared === 0)
      throw usage(`Nothing is cached under ${keys.join(", ")}; "apg cache list" shows the keys.`);
    if (options.json) await printJson({ cleared });
    else await print(`${counted(cleared, "value")} cleared.`);
  });
}

function restOf({ state, retryAt, successes, needed }: BreakerRow): string {
  if (state === "open" && retryAt !== undefined) return `trials from ${new Date(retryAt).toISOString()}`;
  return state === "half-open" ? `${successes} of ${needed} trials succeeded` : "";
}

function cells(row: CacheRow): string[] {
  return [
    row.key,
    String(row.bytes),
    new Date(row.storedAt).toISOString(),
    row.expiresAt === undefined ? "" : new Date(row.expiresAt).toISOString(),
    String(row.hits),
    row.summary,
  ];
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
