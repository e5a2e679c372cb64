import type { ComponentPath } from "../base/ids";
import { clearAttemptTimer } from "./attempt-timer";
import type { ComponentError } from "./error";
import type { PlanNode } from "./node";
import type { Plan } from "./plan";
import { memberPath } from "./route";
import { type ComponentState, type ExecutionState, PENDING, type Undoing, type UndoStep } from "./state";
import type { Spot, Turn } from "./turn";
import { undoables, withComponent } from "./undo-frames";
import { NOTICE, RECOVERY } from "./undo-plan";
import { withStep } from "./undo-steps";
import { isDone, mayBeUndone } from "./undo-which";

/** Notes that a component has settled which may have to be undone, and after which others. */
export function noteDone(turn: Turn, spot: Spot): void {
  const { plan, before } = turn;
  const step = before.facts.rules < 2 ? undefined : plan.undo.of.get(spot.node.number);
  if (step === undefined || !mayBeUndone(step, spot.node.kind, turn.slot(spot))) return;
  turn.done += 1;
  turn.set(spot, { done: turn.done });
}

/** Whether anything that was done can be undone. */
export function isUndoable(plan: Plan, state: ExecutionState): boolean {
  return state.done !== undefined && undoables(plan, state.root).length > 0;
}

/** How undoing begins. */
export interface UndoBegin {
  /** How the execution ends when all is undone. */
  readonly status: "failed" | "cancelled";
  readonly error: ComponentError;
  /** How often somebody has asked to stop. */
  readonly stops: number;
  /** Whether `error_recovery` follows. */
  readonly recovers: boolean;
}

/** Undoes what was done, if anything was: nothing else runs any more. */
export function beginUndo(turn: Turn, { status, error, stops, recovers }: UndoBegin): boolean {
  const { plan, before } = turn;
  if (before.facts.rules < 2) return false;
  const steps: UndoStep[] = undoStepsOf(plan, turn.root.frame);
  if (recovers)
    for (const path of [RECOVERY, NOTICE]) if (plan.undo.nodes.has(path)) steps.push({ path, slot: PENDING });
  if (steps.length === 0) return false;
  turn.undoing = { status, error, steps, at: 0, stops };
  beginStep(turn, turn.undoing);
  return true;
}

function undoStepsOf(plan: Plan, root: ExecutionState["root"]): UndoStep[] {
  return undoables(plan, root).map(({ path, node, slot }) => {
    // What was stopped undoes itself: the entry of a call is for one that had completed all the same.
    const stopped = isDone(slot) ? undefined : plan.undo.stopped.get(node.number);
    return stepOf(stopped ?? (plan.undo.of.get(node.number) as PlanNode), path, node);
  });
}

function stepOf(step: PlanNode, of: ComponentPath, node: PlanNode): UndoStep {
  return { path: memberPath(of.slice(0, Math.max(0, of.length - node.id.length - 1)), step.id), of, slot: PENDING };
}

function beginStep(turn: Turn, undoing: Undoing): void {
  const step = undoing.steps[undoing.at];
  turn.undoing = undoing;
  if (step === undefined) {
    conclude(turn, undoing);
    return;
  }
  turn.undoing = withStep(undoing, undoing.at, { ...step.slot, status: "ready", readyAt: turn.at });
  turn.effect({ kind: "prepare", path: step.path });
}

function conclude(turn: Turn, { status, error }: Undoing): void {
  turn.ending = { status, error };
  turn.effect({ kind: "conclude", status, error });
}

/** A step of undoing is over, well or not: the next one begins. */
export function stepSettled(turn: Turn, spot: Spot, patch: Partial<ComponentState>): void {
  const { undoing } = turn;
  const step = undoing?.steps[undoing.at];
  if (undoing === undefined || step === undefined) return;
  const slot: ComponentState = { ...step.slot, ...patch, settledAt: turn.at };
  const entry = slot.undoable === true ? entryAfter(turn, spot, step) : undefined;
  if (entry !== undefined) return beginStep(turn, { ...undoing, steps: undoing.steps.with(undoing.at, entry) });
  turn.settled.push(step.path);
  if (spot.node.timeoutMs !== undefined && slot.startedAt !== undefined)
    turn.effect({ kind: "clear-timer", path: step.path, timer: "component-timeout" });
  if (slot.status === "completed" && step.of !== undefined)
    turn.replaceRoot(withComponent(turn.plan, turn.root.frame, step.of, { status: "compensated" }));
  if (slot.status === "failed") turn.warn(failedText(step, spot.node, slot.error));
  beginStep(turn, { ...withStep(undoing, undoing.at, slot), at: undoing.at + 1 });
}

/** A call that was stopped had completed before it heard of it: the step that undoes it by its entry takes over. */
function entryAfter({ plan }: Turn, { node }: Spot, { of }: UndoStep): UndoStep | undefined {
  if (node.undo?.kind !== "stopped" || of === undefined) return undefined;
  const entry = plan.undo.of.get(node.undo.of) as PlanNode;
  return stepOf(entry, of, plan.nodes[node.undo.of] as PlanNode);
}

function failedText({ of }: UndoStep, node: PlanNode, error: ComponentError | undefined): string {
  const why = error?.message ?? "";
  if (of !== undefined) return `${of} could not be undone: ${why}`;
  if (node.undo?.kind === "notice") return `Nobody was told of the failure: ${why}`;
  return `The compensation workflow ${String(node.component.config?.["workflow_id"])} failed: ${why}`;
}

/** A stop while undoing: the second one ends it and says what was left. */
export function stopUndo(turn: Turn, mode: "once" | "final" | undefined): void {
  const { undoing } = turn;
  if (undoing === undefined || mode === "once") return;
  const stops = undoing.stops + 1;
  if (mode !== "final" && stops < 2) {
    turn.undoing = { ...undoing, stops };
    return;
  }
  const steps = undoing.steps.map((step, at) => (at < undoing.at ? step : left(turn, step)));
  turn.undoing = { ...undoing, stops, steps, at: steps.length };
  conclude(turn, turn.undoing);
}

function left(turn: Turn, { path, of, slot }: UndoStep): UndoStep {
  const spot = turn.spot(path);
  if (spot !== undefined) clearAttemptTimer(turn, spot);
  if (slot.status !== "pending") turn.abort(path);
  if (slot.status === "waiting") turn.effect({ kind: "clear-timer", path, timer: "retry" });
  if (slot.startedAt !== undefined && spot?.node.timeoutMs !== undefined)
    turn.effect({ kind: "clear-timer", path, timer: "component-timeout" });
  if (of !== undefined) turn.warn(`${of} was not undone: undoing was stopped.`);
  return { path, ...(of === undefined ? {} : { of }), slot: { ...slot, status: "cancelled", settledAt: turn.at } };
}

/** Says what stays done because the execution is not to be undone at all. */
export function leaveDone(turn: Turn): void {
  for (const { path } of undoables(turn.plan, turn.root.frame))
    turn.warn(`${path} was not undone: undoing was stopped.`);
}
