import type { ComponentPath, ExecutionId } from "../base/ids";
import type { Json, JsonObject } from "../base/json";
import type { AtMs, Bytes, Ms } from "../base/units";
import type { ComponentError } from "./error";
import type { LogLine, TimerKind } from "./event";
import type { ExecutionStatus } from "./status";

/** What `advance` asks the driver to do next. Each is answered by the event named beside it. */
export type Effect =
  /** Evaluate condition and config: `component-prepared` or `preparation-failed`. */
  | { readonly kind: "prepare"; readonly path: ComponentPath }
  /** Carry out an attempt: `attempt-started`, then `attempt-completed` or `attempt-failed`. The gate holds this one. */
  | { readonly kind: "attempt"; readonly path: ComponentPath; readonly attempt: number }
  /** Evaluate conditions of outgoing connections: `connections-judged`. */
  | { readonly kind: "judge-connections"; readonly path: ComponentPath; readonly connections: readonly number[] }
  /** Evaluate a loop's `while`: `round-judged`. */
  | { readonly kind: "judge-round"; readonly path: ComponentPath; readonly round: number }
  /** Fire after `delayMs` counted from the event at `from`: `timer-fired`. */
  | {
      readonly kind: "set-timer";
      readonly path: ComponentPath;
      readonly timer: TimerKind;
      readonly from: AtMs;
      readonly delayMs: Ms;
    }
  | { readonly kind: "clear-timer"; readonly path: ComponentPath; readonly timer: TimerKind }
  /** Abort attempts that run; their outcomes are no longer awaited. */
  | { readonly kind: "abort"; readonly paths: readonly ComponentPath[] }
  /** Evaluate `outputs` and end: `execution-settled`. */
  | { readonly kind: "conclude"; readonly status: ExecutionStatus; readonly error?: ComponentError };

/** One attempt as a worker gets it: everything resolved, secrets included, nothing left to look up. */
export interface Task {
  readonly executionId: ExecutionId;
  readonly workflowId: string;
  readonly path: ComponentPath;
  readonly attempt: number;
  /** Sent as `Idempotency-Key` by remote types. */
  readonly key: string;
  readonly correlationId: string;
  readonly type: string;
  readonly config: JsonObject;
  readonly input: Json;
  /** What `code` sees as `context`. Present for `code` only. */
  readonly context?: JsonObject;
  /** Plain texts of sensitive values in `config` and `input`. Behaviours never log them. */
  readonly sensitive: readonly string[];
  readonly limits: { readonly timeoutMs?: Ms; readonly memoryBytes?: Bytes };
  readonly place: TaskPlace;
}

/** What of the machine a task may touch. */
export interface TaskPlace {
  /** The folder relative paths start from. */
  readonly folder: string;
  /** Absolute folders that may be read and written, `folder` among them. */
  readonly allowed: readonly string[];
  /** Host name to base URL: `{"api.example.com": "http://127.0.0.1:8123"}`. */
  readonly hosts: { readonly [host: string]: string };
  /** Whether the workspace is trusted: only then may `code` ask for `trust: trusted`. */
  readonly trusted: boolean;
  /** A folder for temporary files, removed with the execution. */
  readonly scratch: string;
}

/** How an attempt ended. */
export type Outcome =
  | {
      readonly kind: "completed";
      readonly output: Json;
      /** The case a decision or switch chose. */
      readonly chosen?: string;
      readonly warnings?: readonly string[];
      readonly logs?: readonly LogLine[];
      /** The card's second line after the run, e.g. `412 records`. */
      readonly facts?: string;
      /** Plain texts in `output` that must become references, beside those the task was given (`sensitive_fields` of an answer). */
      readonly sensitive?: readonly string[];
    }
  | { readonly kind: "failed"; readonly error: ComponentError; readonly logs?: readonly LogLine[] };
