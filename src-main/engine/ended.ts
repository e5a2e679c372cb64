import type { ExecutionId } from "@shared/base/ids";
import type { Event } from "@shared/execution/event";
import type { Ended } from "./engine";

/** How an execution ended, by the last event of its journal. */
export function endedBy(id: ExecutionId, settled: Extract<Event, { readonly kind: "execution-settled" }>): Ended {
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
