import { setting } from "./settings";
import type { NodeKind, PlanNode } from "./node";
import type { AttemptRecord, ComponentState } from "./state";

/** Whether a component has done its work itself: it is known what came of it. */
export function isDone({ attempts, from, status }: ComponentState): boolean {
  const last = attempts[attempts.length - 1];
  if (last === undefined || from !== undefined || status === "skipped") return false;
  return last.endedAt !== undefined && last.error === undefined;
}

/** Whether there is anything to undo at `step`'s component: it was done, or nobody knows whether it was. */
export function mayBeUndone(step: PlanNode, kind: NodeKind, slot: ComponentState): boolean {
  const isCall = step.undo?.kind === "call";
  // A called workflow that nobody waits for goes its own way.
  if (isCall && setting(slot, "wait") === false) return false;
  if (isDone(slot)) return !isCall || slot.undoable === true;
  // The members of an owner speak for themselves, and who only waited sent nothing.
  if (kind !== "step" && kind !== "call") return false;
  return slot.attempts.some((attempt) => isUnknown(attempt, kind));
}

/** Whether an attempt may have had its effect although it did not complete. */
function isUnknown({ endedAt, aborted, error }: AttemptRecord, kind: NodeKind): boolean {
  if (endedAt === undefined || aborted === true) return true;
  // A called workflow that failed has undone itself.
  if (kind === "call" || error === undefined || error.unsent === true) return false;
  return error.type === "timeout" || error.type === "connection_error";
}
