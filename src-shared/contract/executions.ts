import { oc, type } from "@orpc/contract";
import { z } from "zod";
import type { Json } from "../base/json";
import type { Breakpoint, Hold } from "../debug/breakpoint";
import type { Entry } from "../execution/event";
import type { ExecutionStatus } from "../execution/status";
import type { Value } from "../execution/value";
import { faults } from "./faults";

/** An execution in a list. */
export interface ExecutionRow {
  readonly id: string;
  /** `#1843`: counted in the workspace. */
  readonly number: number;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly workflowVersion: string;
  readonly status: ExecutionStatus;
  readonly startedAt: number;
  readonly settledAt?: number;
  readonly durationMs?: number;
  readonly error?: { readonly type: string; readonly message: string; readonly component?: string };
  readonly warnings: number;
  readonly debug: boolean;
  /** It ran in the resilience lab: with faults on purpose or in virtual time. */
  readonly lab?: true;
  /** Whether a host carries it now. */
  readonly live: boolean;
  readonly parent?: { readonly executionId: string; readonly path: string };
  /** It waits for time (until then), an event, a person or an execution it called, and takes no memory. */
  readonly waiting?: { readonly until?: number };
  readonly events: number;
  /** Of journal and stored values. */
  readonly bytes: number;
}

/** What a window that follows an execution is told, in order. */
export type FollowItem =
  /** Journal entries, oldest first; at most 500 an item. The window folds them. */
  | { readonly kind: "entries"; readonly entries: readonly Entry[] }
  /** The gate's present state; sent after every change of it, when the execution is debugged. */
  | { readonly kind: "gate"; readonly gate: GateState }
  /** Progress of a running attempt, not journalled. */
  | { readonly kind: "progress"; readonly path: string; readonly text: string; readonly fraction?: number }
  /**
   * The execution has settled and all its entries were sent. The stream ends. `unmetFaults`: the components of those
   * faults on purpose that fitted no attempt, as long as the host that carried it remembers; absent when there is none.
   */
  | { readonly kind: "end"; readonly status: ExecutionStatus; readonly unmetFaults?: readonly string[] };

/** What the gate does at this moment. */
export interface GateState {
  /** `free`: nothing is held but at breakpoints. `paused`: everything is held. */
  readonly mode: "free" | "paused";
  readonly holds: readonly Hold[];
}

/** A page of a list, or the fields of an object, of a value. */
export interface ValuePage {
  readonly kind: "list" | "object" | "scalar";
  /** Items or fields in all. */
  readonly total: number;
  readonly from: number;
  /** At most 100. Keys are field names or list positions. Nested values are cut to their own previews. */
  readonly items: readonly {
    readonly key: string | number;
    readonly summary: string;
    readonly json: Json;
    readonly cut: boolean;
    readonly redacted: boolean;
  }[];
  readonly bytes: number;
}

const id = z.object({ id: z.string().min(1).max(100) });
const parameters = z.record(z.string(), z.unknown());

/** Starting, following and looking into executions. */
export const executions = {
  list: oc
    .errors(faults)
    .input(
      z.object({
        workflowId: z.string().optional(),
        status: z.array(z.string()).optional(),
        search: z.string().optional(),
        from: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(200).default(100),
      }),
    )
    .output(type<{ readonly rows: readonly ExecutionRow[]; readonly total: number; readonly bytes: number }>()),
  /** Yields a number each time the list changed; at most ten a second. */
  changes: oc.output(type<AsyncIterableIterator<number>>()),
  get: oc.errors(faults).input(id).output(type<ExecutionRow>()),
  /** Runs the text given (the editor's, saved or not) or the stored workflow. Errors found by check refuse it. */
  start: oc
    .errors(faults)
    .input(
      z.object({
        workflowId: z.string(),
        text: z.string().optional(),
        format: z.enum(["yaml", "json"]).default("yaml"),
        input: z.unknown(),
        parameters: parameters.default({}),
        debug: z.boolean().default(false),
        breakpoints: z.array(z.custom<Breakpoint>()).default([]),
        /** Hold before the first component. */
        pauseAtStart: z.boolean().default(false),
        /** The environment it runs in; the active one unless said. */
        environment: z.string().optional(),
        /** In the queue higher goes first; the workflow's own unless said. */
        priority: z.number().int().min(-1000).max(1000).optional(),
        /** The text of a faults file: what is to go wrong on purpose. */
        faults: z.string().max(1_000_000).optional(),
        /** Of chance in expressions, backoff and faults: the same again. */
        seed: z.string().min(1).max(200).optional(),
        /** Timers, retries and schedules pass at once. */
        virtualTime: z.boolean().default(false),
      }),
    )
    .output(type<{ id: string }>()),
  /** The input and parameters last used for a workflow; sensitive ones are missing. */
  lastInput: oc
    .errors(faults)
    .input(z.object({ workflowId: z.string() }))
    .output(type<{ readonly input: Json; readonly parameters: { readonly [name: string]: Json } }[]>()),
  /** Runs again with the same input; asks (INVALID) for sensitive parameters that are gone. */
  again: oc
    .errors(faults)
    .input(z.object({ id: z.string(), parameters: parameters.default({}), debug: z.boolean().default(false) }))
    .output(type<{ id: string }>()),
  follow: oc
    .errors(faults)
    .input(z.object({ id: z.string(), from: z.number().int().min(1).default(1) }))
    .output(type<AsyncIterableIterator<FollowItem>>()),
  /** A page of a value; `path` leads from the value's root to the node looked at. */
  value: oc
    .errors(faults)
    .input(
      z.object({
        executionId: z.string(),
        value: z.custom<Value>(),
        path: z.array(z.union([z.string(), z.number()])).default([]),
        from: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(100).default(100),
      }),
    )
    .output(type<ValuePage>()),
  /** The JSON text of a value, redacted, cut at `maxBytes`. */
  raw: oc
    .errors(faults)
    .input(
      z.object({
        executionId: z.string(),
        value: z.custom<Value>(),
        maxBytes: z.number().int().max(5_000_000).default(200_000),
      }),
    )
    .output(type<{ readonly text: string; readonly cut: boolean; readonly bytes: number }>()),
  cancel: oc.errors(faults).input(id).output(type<null>()),
  delete: oc
    .errors(faults)
    .input(z.object({ ids: z.array(z.string()).max(10_000) }))
    .output(type<{ readonly deleted: number }>()),
  restore: oc
    .errors(faults)
    .input(z.object({ ids: z.array(z.string()).max(10_000) }))
    .output(type<null>()),
};

/** The gate of a debugged execution. */
export const debug = {
  setBreakpoints: oc
    .errors(faults)
    .input(z.object({ workflowId: z.string(), breakpoints: z.array(z.custom<Breakpoint>()).max(1000) }))
    .output(type<null>()),
  breakpoints: oc
    .errors(faults)
    .input(z.object({ workflowId: z.string() }))
    .output(type<readonly Breakpoint[]>()),
  pause: oc.errors(faults).input(id).output(type<null>()),
  /** Releases everything held; breakpoints hold again. */
  continue: oc.errors(faults).input(id).output(type<null>()),
  /** Releases `path` (else the hold that is oldest) and holds what becomes ready next. */
  stepOver: oc
    .errors(faults)
    .input(z.object({ id: z.string(), path: z.string().optional() }))
    .output(type<null>()),
  /** Changes what a held component gets. Either part may be left as it is. */
  edit: oc
    .errors(faults)
    .input(
      z.object({ id: z.string(), path: z.string(), input: z.unknown().optional(), config: z.unknown().optional() }),
    )
    .output(type<null>()),
  /** Evaluates CEL at `seq` with what `path` could see; for watches and conditions. Sensitive results are redacted. */
  evaluate: oc
    .errors(faults)
    .input(
      z.object({
        id: z.string(),
        expression: z.string().max(10_000),
        seq: z.number().int().optional(),
        path: z.string().optional(),
      }),
    )
    .output(
      type<
        | { readonly ok: true; readonly json: Json; readonly redacted: boolean }
        | { readonly ok: false; readonly message: string }
      >(),
    ),
};
