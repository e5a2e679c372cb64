import type { ComponentPath, ExecutionId } from "../base/ids";
import type { Json, JsonObject } from "../base/json";
import type { AtMs, Bytes, Ms } from "../base/units";
import type { ConnectionKind } from "../components/connection-kinds";
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
      /** A moment, not a span: it comes while the execution is held, too. */
      readonly absolute?: true;
    }
  | { readonly kind: "clear-timer"; readonly path: ComponentPath; readonly timer: TimerKind }
  /** Abort attempts that run; their outcomes are no longer awaited. */
  | { readonly kind: "abort"; readonly paths: readonly ComponentPath[] }
  /** Look for the last good output of a component whose attempts are used up: `recalled`. */
  | { readonly kind: "recall"; readonly path: ComponentPath }
  /** Wait until what a call called, which was stopped for lack of time, has ended and undone what it did: `attempt-failed`. */
  | { readonly kind: "await-stopped"; readonly path: ComponentPath }
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
  /** What the workflow's `permissions.execution_context.network_policy` allows: `restricted` holds whatever the component says. */
  readonly networkPolicy?: NetworkPolicy;
  /** What the workspace provides for it; absent for types that need nothing of it. */
  readonly services?: TaskServices;
}

/**
 * What the workspace provides for one attempt: looked up when the attempt is carried out, never journalled. Credentials are in plain;
 * their texts are in {@link Task.sensitive} too.
 */
export interface TaskServices {
  /** The connection that `config.connection` names, or the only one of the kind the type needs. */
  readonly connection?: Connection;
  /** By name: the connections that parts of the config name (`source` and `destination` of a transform). */
  readonly connections?: { readonly [name: string]: Connection };
  /** The capability behind an `apg_*` or `payment_*` type. */
  readonly capability?: Connection;
  /** How HTTP leaves the machine. */
  readonly network?: NetworkSettings;
  /** The hosts that the workflow's `permissions.resource_access.apis` lets it call by address; absent: any. */
  readonly apis?: readonly string[];
  /** By name: what `channels` of `notify` stand for. */
  readonly channels?: { readonly [name: string]: Connection };
}

/** A named connection of the workspace in the environment the execution runs in, secrets filled in. */
export interface Connection {
  readonly name: string;
  readonly kind: ConnectionKind;
  /** By kind; see `src-shared/components/connection-kinds.ts`. */
  readonly settings: JsonObject;
}

export type { ConnectionKind };

/** Whether calls may reach private addresses (`open`), or public and listed ones only. */
export type NetworkPolicy = "open" | "restricted";

/** How HTTP leaves the machine. */
export interface NetworkSettings {
  /** A proxy's address; hosts in `noProxy` are reached without it. */
  readonly proxy?: string;
  readonly noProxy?: readonly string[];
  /** PEM texts trusted beside the system's. */
  readonly ca?: readonly string[];
  /** Under `network_policy: restricted`, the only hosts that may be reached (`*.example.com` for all below); absent means any public one. */
  readonly allow?: readonly string[];
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
  /** A folder for temporary files, removed when the execution ends. */
  readonly scratch: string;
  /** A folder for records that later components read, kept as long as the execution; without it, `scratch`. */
  readonly datasets?: string;
}

/** What a `notify` tells the person at the screen. */
export interface Notice {
  readonly level: "info" | "warning" | "error";
  readonly title: string;
  readonly message: string;
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
      /** A cache had it: nothing was called. */
      readonly from?: "cache";
      /** The called execution can be undone. */
      readonly undoable?: true;
      /** What the host is to show on the desktop. */
      readonly notices?: readonly Notice[];
      /** Plain texts in `output` that must become references, beside those the task was given (`sensitive_fields` of an answer). */
      readonly sensitive?: readonly string[];
    }
  | { readonly kind: "failed"; readonly error: ComponentError; readonly logs?: readonly LogLine[] };
