import type { ExecutionRow } from "@shared/contract/executions";
import { isSettled } from "@shared/execution/status";
import { executionsText } from "../text/executions";
import { untilText } from "../text/format";
import { statusText } from "../text/status";

/** Whether it takes no memory until time passes or something comes. */
export function isWaiting({ status, waiting }: ExecutionRow): boolean {
  return waiting !== undefined && !isSettled(status);
}

/** How an execution went or goes, in a line. */
export function outcomeText(row: ExecutionRow, now: number): string {
  if (row.error) return row.error.message;
  if (row.warnings > 0) return executionsText.warnings(row.warnings);
  if (!isWaiting(row)) return statusText[row.status];
  const until = row.waiting?.until;
  return executionsText.waits(until === undefined ? "" : untilText(until, now));
}
