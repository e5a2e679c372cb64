import type { AtMs } from "../base/units";
import type { Awaiting } from "../execution/awaits";
import type { ComponentError } from "../execution/error";
import type { PlanNode } from "../execution/node";
import type { ComponentState } from "../execution/state";
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
  /** `pending`: its turn has not come; `running` and `waiting` (for its next attempt) are at work. */
  readonly status: ComponentStatus;
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly error?: ComponentError;
  /** What the undo said of its result, e.g. `398 rows`. */
  readonly facts?: string;
  /** When it is tried again. */
  readonly retryAt?: AtMs;
}

/** What `slot` waits for, if it waits. */
export function waitingFor({ status, retryAt, awaits }: ComponentState): WaitingFor | undefined {
  if (status !== "waiting") return undefined;
  if (awaits !== undefined) return awaited(awaits);
  return { kind: "retry", ...(retryAt === undefined ? {} : { until: retryAt }) };
}

function awaited(awaits: Awaiting): WaitingFor {
  const until = awaits.due === undefined ? {} : { until: awaits.due.at };
  switch (awaits.kind) {
    case "time":
      return { kind: "time", ...until };
    case "event":
      return { kind: "event", pattern: awaits.pattern, ...until };
    case "task":
      return {
        kind: "person",
        ...(awaits.assignee === undefined ? {} : { assignee: awaits.assignee }),
        ...(awaits.escalatedAt === undefined ? {} : { escalated: true }),
        ...until,
      };
  }
}

/** What became of the undo step `node`, whose state is `slot`. */
export function undoFacts(node: PlanNode | undefined, slot: ComponentState): UndoFacts {
  const { status, attempts, error, facts, retryAt } = slot;
  return {
    status,
    attempts: attempts.length,
    maxAttempts: node?.retry?.maxAttempts ?? 1,
    ...(error === undefined ? {} : { error }),
    ...(facts === undefined ? {} : { facts }),
    ...(retryAt === undefined ? {} : { retryAt }),
  };
}
