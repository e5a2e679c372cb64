import type { ExecutionId } from "@shared/base/ids";
import type { Event } from "@shared/execution/event";
import type { SessionParts } from "./course";
import type { Ended } from "./engine";
import type { Settlement } from "./ports";

type Settled = Extract<Event, { readonly kind: "execution-settled" }>;

/** How an execution ended, by the last event of its journal. */
export function endedBy(id: ExecutionId, settled: Settled): Ended {
  const { status, output, error, warnings, undoable, undo } = settled;
  return {
    id,
    status,
    output,
    ...(error === undefined ? {} : { error }),
    warnings,
    ...(undoable === undefined ? {} : { undoable }),
    ...(undo === undefined ? {} : { undo }),
  };
}

/** What lists show of the end of an execution; what it called shares its laboratory and says nothing of faults. */
export function settlementOf({ status, at, error }: Settled, warned: number, { head, lab }: SessionParts): Settlement {
  const unmet = head.parent === undefined ? (lab?.unmet() ?? []) : [];
  return {
    status,
    at,
    ...(error === undefined ? {} : { error }),
    warnings: warned,
    ...(unmet.length === 0 ? {} : { unmetFaults: unmet }),
  };
}
