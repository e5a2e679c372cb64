import type { ComponentPath } from "../base/ids";
import type { UndoCount } from "./event";
import { type ComponentState, isComponentSettled, type Undoing, type UndoStep } from "./state";

/** The state of the step of undoing at `path`, while it is the one under way. */
export function currentStep(undoing: Undoing | undefined, path: ComponentPath): UndoStep | undefined {
  const step = undoing?.steps[undoing.at];
  return step?.path === path ? step : undefined;
}

/** The step of undoing at `path`, whether its turn has come or not. */
export function stepAt(undoing: Undoing | undefined, path: ComponentPath): UndoStep | undefined {
  return currentStep(undoing, path) ?? undoing?.steps.find((step) => step.path === path);
}

/** `undoing` with the state of one step changed. */
export function withStep(undoing: Undoing, at: number, slot: ComponentState): Undoing {
  const steps = undoing.steps.slice();
  steps[at] = { ...(steps[at] as UndoStep), slot };
  return { ...undoing, steps };
}

/** How undoing went; steps that only follow it do not count. */
export function undoCount({ steps }: Undoing): UndoCount {
  const own = steps.filter(({ of }) => of !== undefined).map(({ slot }) => slot.status);
  return {
    done: own.filter((status) => status === "completed").length,
    failed: own.filter((status) => status === "failed").length,
    left: own.filter((status) => status === "cancelled" || !isComponentSettled(status)).length,
  };
}
