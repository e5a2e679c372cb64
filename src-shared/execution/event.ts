import type { ComponentPath, ExecutionId } from "../base/ids";
import type { AtMs, Ms } from "../base/units";
import type { Workflow } from "../workflow/workflow";
import type { ComponentError } from "./error";
import type { ExecutionStatus } from "./status";
import type { Value } from "./value";

/**
 * The rules by which `advance` decides today. Journals of older rules keep theirs: 1 knows no undoing, no waiting for time,
 * events or people, and no last good output; 2 goes on from a call whose time was up before what it called has ended.
 */
export const RULES = 3;

/** The call that made an execution. */
export interface Parent {
  readonly executionId: ExecutionId;
  readonly path: ComponentPath;
}

/** A line a component wrote. */
export interface LogLine {
  readonly level: "debug" | "info" | "warning" | "error";
  readonly message: string;
}

/** The first event of every journal. It carries all that the fold needs, the definition included. */
export interface ExecutionStarted {
  readonly kind: "execution-started";
  readonly at: AtMs;
  readonly executionId: ExecutionId;
  readonly rules: number;
  readonly definition: Workflow;
  /** The text the definition was read from, for the text view of the debugger. */
  readonly definitionText?: string;
  readonly input: Value;
  /** What started it, where a trigger did. */
  readonly event?: Value;
  /** By name, defaults filled in, checked against their schemas. */
  readonly parameters: { readonly [name: string]: Value };
  readonly env: { readonly [name: string]: string };
  /** Of `random()`, `uuid()` and jitter. */
  readonly seed: string;
  readonly correlationId: string;
  readonly parent?: Parent;
  /** It waits for its turn: nothing begins before `execution-begun`. */
  readonly queued?: true;
  /** The first execution of the tree of calls; this one's own id when nobody called it. */
  readonly rootId: ExecutionId;
}

/** What happened in one execution, in order. The journal is a list of these; the state is their fold. */
export type Event =
  | ExecutionStarted
  /** Condition and config were evaluated. `run` false: the component is skipped. `items`: a loop's count, when it goes over items. */
  | {
      readonly kind: "component-prepared";
      readonly at: AtMs;
      readonly path: ComponentPath;
      readonly run: boolean;
      readonly input: Value;
      readonly config: Value;
      readonly items?: number;
    }
  /** Condition or config could not be evaluated; handled like a failed attempt. */
  | {
      readonly kind: "preparation-failed";
      readonly at: AtMs;
      readonly path: ComponentPath;
      readonly input: Value;
      readonly error: ComponentError;
    }
  /** A person changed what a held component will get. */
  | {
      readonly kind: "input-edited";
      readonly at: AtMs;
      readonly path: ComponentPath;
      readonly input?: Value;
      readonly config?: Value;
      /** The new count of a loop's items, where they changed. */
      readonly items?: number;
    }
  /** These pure components run as one task; their own events follow as if ungrouped. */
  | { readonly kind: "group-started"; readonly at: AtMs; readonly paths: readonly ComponentPath[] }
  /** `key` is the idempotency key: the same over attempts, restarts and redrives. */
  | {
      readonly kind: "attempt-started";
      readonly at: AtMs;
      readonly path: ComponentPath;
      readonly attempt: number;
      readonly key: string;
      readonly childId?: ExecutionId;
    }
  | {
      readonly kind: "attempt-completed";
      readonly at: AtMs;
      readonly path: ComponentPath;
      readonly attempt: number;
      readonly output: Value;
      readonly chosen?: string;
      readonly warnings?: readonly string[];
      readonly facts?: string;
      /** A cache had it: nothing was called. */
      readonly from?: "cache";
      /** The called execution can be undone. */
      readonly undoable?: true;
      readonly durationMs: Ms;
    }
  | {
      readonly kind: "attempt-failed";
      readonly at: AtMs;
      readonly path: ComponentPath;
      readonly attempt: number;
      readonly error: ComponentError;
      readonly durationMs: Ms;
    }
  /** The conditions of `path`'s outgoing connections, by index into the plan's connections. */
  | {
      readonly kind: "connections-judged";
      readonly at: AtMs;
      readonly path: ComponentPath;
      readonly active: { readonly [connection: number]: boolean };
      readonly errors?: { readonly [connection: number]: ComponentError };
    }
  /** A `while` loop's condition before round `round`. */
  | {
      readonly kind: "round-judged";
      readonly at: AtMs;
      readonly path: ComponentPath;
      readonly round: number;
      readonly go: boolean;
      readonly error?: ComponentError;
    }
  | { readonly kind: "timer-fired"; readonly at: AtMs; readonly path: ComponentPath; readonly timer: TimerKind }
  /** A `cache_lookup` found nothing, and its fallback is to get the value. */
  | { readonly kind: "cache-missed"; readonly at: AtMs; readonly path: ComponentPath; readonly attempt: number }
  /** The answer to `recall`: the last good output of a component whose attempts are used up; absent when there is none. */
  | {
      readonly kind: "recalled";
      readonly at: AtMs;
      readonly path: ComponentPath;
      readonly output?: Value;
      /** When that output was stored. */
      readonly storedAt?: AtMs;
    }
  /** An event that a `wait` waited for. */
  | { readonly kind: "event-received"; readonly at: AtMs; readonly path: ComponentPath; readonly event: Value }
  /** A person answered a `human_task`. */
  | {
      readonly kind: "task-answered";
      readonly at: AtMs;
      readonly path: ComponentPath;
      readonly answer: Value;
      readonly by: string;
    }
  /** The caller of this settled execution failed: what it did is to be undone. */
  | { readonly kind: "undo-requested"; readonly at: AtMs; readonly reason: string }
  | {
      readonly kind: "log-written";
      readonly at: AtMs;
      readonly path: ComponentPath;
      readonly lines: readonly LogLine[];
    }
  /**
   * A person's stop: the second one ends undoing as well. A calling workflow says which it means: `once` never ends undoing, `final`
   * ends it or keeps it from beginning.
   */
  | {
      readonly kind: "cancel-requested";
      readonly at: AtMs;
      readonly reason: string;
      readonly mode?: "once" | "final";
    }
  /** All components have settled and `outputs` cannot be evaluated: what was done is to be undone. */
  | { readonly kind: "outputs-failed"; readonly at: AtMs; readonly error: ComponentError }
  /** The turn of a queued execution has come. */
  | { readonly kind: "execution-begun"; readonly at: AtMs }
  /** A host took the execution over after the one before was gone. */
  | { readonly kind: "execution-recovered"; readonly at: AtMs; readonly host: string }
  /** The last event: `outputs` were evaluated. */
  | {
      readonly kind: "execution-settled";
      readonly at: AtMs;
      readonly status: ExecutionStatus;
      readonly output: Value;
      readonly error?: ComponentError;
      readonly warnings: readonly string[];
      /** Something it did can be undone should its caller fail. */
      readonly undoable?: true;
      /** How undoing went, where there was something to undo. */
      readonly undo?: UndoCount;
    };

/** How many components were undone, could not be undone, and were left as they are by a stop. */
export interface UndoCount {
  readonly done: number;
  readonly failed: number;
  readonly left: number;
}

/**
 * What a timer ends: the pause before the next attempt, the time one attempt of a call may take, the time all attempts together may
 * take, a `wait`, the time a person has to answer, the time a branch may take (its path is the branch's), the time the execution may
 * take (its path is empty).
 */
export type TimerKind =
  "retry" | "attempt-timeout" | "component-timeout" | "wait" | "deadline" | "branch-timeout" | "execution-timeout";

/** An event with its place in the journal, counted from 1. */
export interface Entry {
  readonly seq: number;
  readonly event: Event;
}
