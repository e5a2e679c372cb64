import type { ComponentPath } from "@shared/base/ids";
import type { Entry, Event } from "@shared/execution/event";

/** Whether an event is one that stepping stops at: what a person would call a step, not its bookkeeping. */
export function isStep(event: Event): boolean {
  switch (event.kind) {
    case "attempt-started":
    case "attempt-completed":
    case "attempt-failed":
    case "preparation-failed":
    case "input-edited":
    case "cancel-requested":
    case "execution-begun":
    case "execution-recovered":
    case "execution-settled":
      return true;
    case "component-prepared":
      return !event.run;
    default:
      return false;
  }
}

/** The component an event is about; undefined for the execution's own. */
export function pathOf(event: Event | undefined): ComponentPath | undefined {
  return event !== undefined && "path" in event ? event.path : undefined;
}

/** How many entries the step before `seq` had seen; 1 for the start. */
export function previousStep(entries: readonly Entry[], seq: number): number {
  for (let at = Math.min(seq, entries.length) - 1; at > 1; at--) {
    const entry = entries[at - 1];
    if (entry && isStep(entry.event)) return at;
  }
  return 1;
}

/** How many entries the step after `seq` has seen; all of them when there is none. */
export function nextStep(entries: readonly Entry[], seq: number): number {
  for (let at = seq + 1; at <= entries.length; at++) {
    const entry = entries[at - 1];
    if (entry && isStep(entry.event)) return at;
  }
  return entries.length;
}
