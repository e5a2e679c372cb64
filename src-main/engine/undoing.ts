import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import type { UndoCount } from "@shared/execution/event";
import { NOTHING_KEPT } from "@shared/execution/keep";
import { componentAt } from "@shared/execution/read";
import { stepAt } from "@shared/execution/undo-steps";
import { NULL_VALUE } from "@shared/execution/value";
import type { Finished } from "@shared/execution/work";
import type { Course } from "./course";
import type { Ended } from "./engine";
import { failing } from "./failing";
import type { ExecutionsPort } from "./ports";

/** What undoing called executions needs of the engine. */
export interface UndoRooms {
  readonly executions: ExecutionsPort;
  resume(id: ExecutionId): Promise<void>;
  /** Takes up a settled execution so that what it did is undone; false when there is nothing to undo. */
  reopen(id: ExecutionId, reason: string): Promise<boolean>;
  stop(id: ExecutionId, mode: "once" | "final"): void;
  settled(id: ExecutionId): Promise<Ended>;
  isLive(id: ExecutionId): boolean;
}

const REASON = "The workflow that called it is undone.";

/**
 * Carries out the step at `path`, which undoes a `workflow_call`: the executions it started undo themselves, the last one first. Where
 * the call has an entry of its own, only what was stopped does: that one had completed is the outcome, and the entry follows.
 */
export async function undoCalled(
  rooms: UndoRooms,
  course: Course,
  path: ComponentPath,
  signal: AbortSignal,
): Promise<Finished> {
  const { plan, state } = course;
  const hasEntry = componentAt(plan, state, path)?.node.undo?.kind === "stopped";
  const attempts = componentAt(plan, state, stepAt(state.undoing, path)?.of ?? "")?.state.attempts ?? [];
  let completed = false;
  const sum = { done: 0, failed: 0, left: 0 };
  for (const { childId } of attempts.toReversed()) {
    if (childId === undefined) continue;
    if (signal.aborted) return failing("cancelled", "It was stopped.");
    const stop = (): void => {
      // A host that closes leaves all as it is for the next one; an execution that has ended does not.
      if (course.isSettled || !course.isClosed) rooms.stop(childId, "final");
    };
    signal.addEventListener("abort", stop, { once: true });
    const undone = await undoOne(rooms, childId, signal, stop, hasEntry);
    signal.removeEventListener("abort", stop);
    if (undone === "completed") completed = true;
    const { done = 0, failed = 0, left = 0 } = undone === "completed" ? {} : (undone ?? {});
    sum.done += done;
    sum.failed += failed;
    sum.left += left;
  }
  const missed = sum.failed + sum.left;
  if (missed > 0)
    return failing(
      "component_error",
      `${missed} of ${sum.done + missed} components of the called workflow could not be undone.`,
    );
  return {
    kind: "completed",
    output: NULL_VALUE,
    ...(completed ? { undoable: true as const } : {}),
    ...(sum.done === 0 ? {} : { facts: `${sum.done} undone` }),
    kept: NOTHING_KEPT,
  };
}

/** Waits until `child`, which was stopped when its attempt's time was up, has undone what it did; also what it had completed just then. */
export async function undoStopped(rooms: UndoRooms, child: ExecutionId, signal: AbortSignal): Promise<void> {
  // Its caller's stop reaches it as the stop of a call does.
  await undoOne(rooms, child, signal, () => undefined, false);
}

/** @param stop ends what `child` undoes; what is being taken up does not hear of it, so it is said again then. */
async function undoOne(
  rooms: UndoRooms,
  child: ExecutionId,
  signal: AbortSignal,
  stop: () => void,
  hasEntry: boolean,
): Promise<UndoCount | "completed" | undefined> {
  const head = rooms.executions.head(child);
  // The host died before the call began.
  if (head === undefined) return undefined;
  let status = head.settlement?.status;
  let undo: UndoCount | undefined;
  if (status === undefined) {
    if (!rooms.isLive(child)) await rooms.resume(child);
    // It was told when its caller stopped, unless the host died in between; while it is undone this changes nothing.
    rooms.stop(child, "once");
    if (signal.aborted) stop();
    ({ status, undo } = await rooms.settled(child));
  }
  const isOver = status === "completed" || status === "completed_with_warnings";
  if (isOver && hasEntry) return "completed";
  if (!isOver || !(await rooms.reopen(child, REASON))) return undo;
  if (signal.aborted) stop();
  return (await rooms.settled(child)).undo;
}
