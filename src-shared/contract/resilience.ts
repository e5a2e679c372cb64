import { oc, type } from "@orpc/contract";
import { z } from "zod";
import { faults } from "./faults";

/** A circuit breaker at this moment. */
export interface BreakerRow {
  readonly key: string;
  readonly workflowId: string;
  /** The component it guards; absent where several share a key. */
  readonly component?: string;
  /** The environment whose executions it guards; absent for those without one. */
  readonly environment?: string;
  readonly state: "closed" | "open" | "half-open";
  /** Attempts that ended in the window, and those of them that failed in a way that counts. */
  readonly requests: number;
  readonly failures: number;
  readonly threshold: number;
  readonly openedAt?: number;
  /** When an open one lets attempts through again. */
  readonly retryAt?: number;
  /** Successes of the half-open state so far, and how many close it. */
  readonly successes: number;
  readonly needed: number;
  readonly lastError?: { readonly type: string; readonly message: string };
}

/** Circuit breakers of the workspace. */
export const breakers = {
  list: oc.input(z.object({ workflowId: z.string().optional() })).output(type<readonly BreakerRow[]>()),
  /** Closes a breaker and forgets its counts. */
  reset: oc
    .errors(faults)
    .input(z.object({ key: z.string() }))
    .output(type<null>()),
  /** Yields a number each time a breaker changed its state; at most ten a second. */
  changes: oc.output(type<AsyncIterableIterator<number>>()),
};

/** A cached value. */
export interface CacheRow {
  /** As stored: `workflow_id/key`, or `~/key` for the scope `workspace`. */
  readonly key: string;
  readonly workflowId?: string;
  readonly bytes: number;
  readonly storedAt: number;
  /** Absent: until it is cleared or pushed out. */
  readonly expiresAt?: number;
  readonly usedAt: number;
  readonly hits: number;
  readonly summary: string;
  readonly sensitive: boolean;
}

/** Cached values of the workspace. */
export const caches = {
  list: oc
    .input(
      z.object({
        search: z.string().optional(),
        from: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(200).default(100),
      }),
    )
    .output(
      type<{
        readonly rows: readonly CacheRow[];
        readonly total: number;
        readonly bytes: number;
        readonly limitBytes: number;
      }>(),
    ),
  /** Clears the keys named, or everything that matches `search`; no argument clears all. Says how many went. */
  clear: oc
    .errors(faults)
    .input(z.object({ keys: z.array(z.string()).optional(), search: z.string().optional() }))
    .output(type<{ readonly cleared: number }>()),
  changes: oc.output(type<AsyncIterableIterator<number>>()),
};
