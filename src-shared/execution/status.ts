/** How an execution goes, or how it ended. */
export type ExecutionStatus =
  | "pending"
  | "queued"
  | "running"
  | "paused"
  | "compensating"
  | "completed"
  | "completed_with_warnings"
  | "failed"
  | "cancelled";

/** How a component goes, or how it ended; `compensated` once what it did is undone. */
export type ComponentStatus =
  "pending" | "ready" | "running" | "waiting" | "completed" | "failed" | "skipped" | "cancelled" | "compensated";

/** Whether an execution in `status` will do nothing more by itself. */
export function isSettled(status: ExecutionStatus): boolean {
  return (
    status === "completed" || status === "completed_with_warnings" || status === "failed" || status === "cancelled"
  );
}
