import type { ComponentPath } from "@shared/base/ids";
import { isAwaited, isFoldedAlone } from "@shared/execution/pending";
import type { PlacedComponent } from "@shared/execution/read";
import { componentAt } from "@shared/execution/read";
import type { Attempts } from "./attempts";
import type { Course } from "./course";
import { childId } from "./identity";

/** Part of a turn: an attempt has come through the gate and begins, in the way of its kind. */
export function enter(course: Course, attempts: Attempts, path: ComponentPath, attempt: number): void {
  const placed = componentAt(course.plan, course.state, path);
  if (placed === undefined) return;
  if (placed.node.undo === undefined) return begin(course, attempts, placed, attempt);
  // Nothing is undone while what was stopped may still be at work.
  attempts.quiet(() => {
    if (isAwaited(course.plan, course.state, { kind: "attempt", path, attempt }))
      begin(course, attempts, placed, attempt);
  });
}

function begin(course: Course, attempts: Attempts, placed: PlacedComponent, attempt: number): void {
  const { path, node, state: slot } = placed;
  if (isFoldedAlone(node, course.state)) {
    attempts.started(path, attempt);
  } else if (node.kind === "call") {
    const begun = slot.status === "running" ? slot.attempts.at(-1)?.childId : undefined;
    const child = begun ?? childId(course.id, path, attempt);
    const call = (): void => {
      if (begun === undefined) attempts.started(path, attempt, child);
      course.afterwards(() => attempts.call(path, attempt, child));
    };
    const before = begun === undefined ? slot.attempts.at(-1) : undefined;
    if (before?.aborted === true && before.childId !== undefined)
      attempts.callAfter(path, attempt, before.childId, call);
    else call();
  } else if (node.kind === "undo-call") {
    if (slot.status !== "running") attempts.started(path, attempt);
    course.afterwards(() => attempts.undoCall(path, attempt));
  } else {
    attempts.admit(path, attempt);
  }
}
