import type { ComponentPath, ExecutionId } from "../base/ids";
import type { AtMs } from "../base/units";
import type { Awaiting } from "./awaits";
import type { ComponentError } from "./error";
import type { Parent } from "./event";
import type { ComponentStatus, ExecutionStatus } from "./status";
import type { Value } from "./value";
import type { Vector } from "./vector";

/** One attempt of a component: begun, and perhaps ended. */
export interface AttemptRecord {
  readonly attempt: number;
  readonly startedAt: AtMs;
  readonly endedAt?: AtMs;
  readonly error?: ComponentError;
  /** The execution a `workflow_call` started. */
  readonly childId?: ExecutionId;
  /** Its own time was up while it ran: nobody waited for how it ended. */
  readonly aborted?: true;
}

/** How often a loop's member ended in which way, over the rounds that are over. */
export interface Tally {
  readonly completed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What a `parallel` is doing. */
export interface ParallelState {
  readonly kind: "parallel";
  /** One a branch, in the order of the plan; null until it is opened. */
  readonly branches: readonly (Frame | null)[];
  readonly opened: number;
  readonly finished: number;
  /** The branch that won, where only the first counts. */
  readonly winner?: number;
}

/** What a `loop` is doing. Finished rounds leave: their outputs, the tallies and the last round remain. */
export interface LoopState {
  readonly kind: "loop";
  /** How many rounds there will be; absent for `while`. */
  readonly total?: number;
  /** The number of the next round to open. */
  readonly next: number;
  /** Waiting for the answer to `while`. */
  readonly judging: boolean;
  readonly open: readonly Frame[];
  readonly outputs: Vector<Value>;
  readonly completed: number;
  readonly failed: number;
  /** By component id, nested members included. */
  readonly tallies: { readonly [id: string]: Tally };
  readonly last?: Frame;
  /** By number, rounds in which something was done that can be undone: as much of them as undoing reads. */
  readonly kept?: Vector<Frame>;
}

/** What an owner holds: its branches or rounds. */
export type OwnerState = ParallelState | LoopState;

/** One component in one frame. */
export interface ComponentState {
  readonly status: ComponentStatus;
  readonly input?: Value;
  readonly config?: Value;
  /** A loop's count of items. */
  readonly items?: number;
  readonly attempts: readonly AttemptRecord[];
  readonly output?: Value;
  /** The case a decision chose. */
  readonly chosen?: string;
  readonly error?: ComponentError;
  /** Why a failure did not stop the workflow. */
  readonly tolerated?: "strategy" | "handler" | "connection";
  readonly judged?: { readonly [edge: number]: boolean };
  readonly facts?: string;
  /** A cache had its output, fresh or the last good one: it was not run. */
  readonly from?: "cache" | "last-good";
  readonly warnings?: readonly string[];
  /** Where it comes in the order in which components were done that can be undone. */
  readonly done?: number;
  /** The called execution can be undone. */
  readonly undoable?: true;
  readonly readyAt?: AtMs;
  readonly startedAt?: AtMs;
  readonly settledAt?: AtMs;
  /** When a waiting component tries again. */
  readonly retryAt?: AtMs;
  /** What a waiting `wait` or `human_task` waits for. */
  readonly awaits?: Awaiting;
  /** Its attempts are used up, and its last good output is looked for. */
  readonly recalling?: true;
  /** The time of a call was up and its failure is tolerated; it fails once what it called has undone itself. */
  readonly stopping?: true;
  readonly owner?: OwnerState;
}

/** The components of one scope while they run: one slot a member. */
export interface Frame {
  readonly scope: number;
  readonly slots: readonly ComponentState[];
  /** How many members have not settled. */
  readonly open: number;
  /** When a branch with a time limit was opened. */
  readonly openedAt?: AtMs;
  /** A loop's round, and what it works on. */
  readonly round?: number;
  readonly item?: Value;
}

/** What an execution knows from its first event, the definition aside. */
export interface ExecutionFacts {
  readonly executionId: ExecutionId;
  readonly rules: number;
  readonly startedAt: AtMs;
  readonly input: Value;
  readonly event?: Value;
  readonly parameters: { readonly [name: string]: Value };
  readonly env: { readonly [name: string]: string };
  readonly seed: string;
  readonly correlationId: string;
  readonly parent?: Parent;
  readonly rootId: ExecutionId;
}

/** One step of undoing. */
export interface UndoStep {
  /** `PATH~undo`, `PATH~stopped~undo`, `~recovery` or `~notify`. */
  readonly path: ComponentPath;
  /** The component it undoes. */
  readonly of?: ComponentPath;
  readonly slot: ComponentState;
}

/** What is undone, in this order, one after another. */
export interface Undoing {
  /** How the execution ends when all is undone. */
  readonly status: "failed" | "cancelled";
  readonly error: ComponentError;
  readonly steps: readonly UndoStep[];
  /** The step under way; the number of steps when none is left. */
  readonly at: number;
  /** How often somebody asked to stop. */
  readonly stops: number;
}

/** The fold of a journal. Plain JSON; unchanged parts are shared between one state and the next. */
export interface ExecutionState {
  /** How many events were folded: the `seq` of the last one. */
  readonly seq: number;
  readonly facts: ExecutionFacts;
  readonly status: ExecutionStatus;
  /** When a queued execution began. */
  readonly begunAt?: AtMs;
  readonly root: Frame;
  /** At most {@link WARNINGS_KEPT}; `warned` counts them all. */
  readonly warnings: readonly string[];
  readonly warned: number;
  /** How the execution is going to end; nothing starts any more. */
  readonly ending?: { readonly status: ExecutionStatus; readonly error?: ComponentError };
  /** How many components were done that can be undone. */
  readonly done?: number;
  /** Undoing, from its beginning on. */
  readonly undoing?: Undoing;
  readonly output?: Value;
  readonly error?: ComponentError;
  readonly settledAt?: AtMs;
}

/** How many warnings a state keeps word for word. */
export const WARNINGS_KEPT = 100;

/** A component nothing has happened to. */
export const PENDING: ComponentState = { status: "pending", attempts: [] };

/** Whether a component in `status` will do nothing more by itself. */
export function isComponentSettled(status: ComponentState["status"]): boolean {
  return (
    status === "completed" ||
    status === "failed" ||
    status === "skipped" ||
    status === "cancelled" ||
    status === "compensated"
  );
}
