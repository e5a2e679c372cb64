import type { ComponentPath, ExecutionId } from "../base/ids";
import type { AtMs } from "../base/units";
import type { ComponentError } from "../execution/error";
import type { ComponentStatus } from "../execution/status";

/** What a component with the status `waiting` waits for; `until` is absent where nothing ends it by itself. */
export type WaitingFor =
  /** The next attempt. */
  | { readonly kind: "retry"; readonly until?: AtMs }
  /** A `wait` for a moment. */
  | { readonly kind: "time"; readonly until?: AtMs }
  /** A `wait` for an event. */
  | { readonly kind: "event"; readonly pattern: string; readonly until?: AtMs }
  /** A `human_task`; without an assignee anybody may answer. */
  | { readonly kind: "person"; readonly assignee?: string; readonly escalated?: boolean; readonly until?: AtMs };

/** What became of undoing one component. */
export interface UndoFacts {
  /** `ready`: it waits for its turn; `running` and `waiting` (for its next attempt) are at work. */
  readonly status: ComponentStatus;
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly error?: ComponentError;
  /** What the undo said of its result, e.g. `398 rows undone`. */
  readonly facts?: string;
  /** When it is tried again. */
  readonly retryAt?: AtMs;
}

/** One step of undoing, in the order it is carried out. */
export interface UndoView extends UndoFacts {
  /** Of the step itself, as its events have it. */
  readonly path: ComponentPath;
  /** `undo` takes back what `of` did; then the recovery workflow is called and the channels are told. */
  readonly kind: "undo" | "recovery" | "notice";
  /** The component it undoes; absent for the two that follow. */
  readonly of?: ComponentPath;
  /** The component type it runs. */
  readonly type: string;
  readonly startedAt?: AtMs;
  readonly settledAt?: AtMs;
  /** The execution it called, or the one whose own steps are carried out in its place. */
  readonly childId?: ExecutionId;
}
