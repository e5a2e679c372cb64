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

export type ComponentStatus =
  "pending" | "ready" | "running" | "waiting" | "completed" | "failed" | "skipped" | "cancelled" | "compensated";

/** Whether an execution in `status` will do nothing more by itself. */
export function isSettled(status: ExecutionStatus): boolean {
  return (
    status === "completed" || status === "completed_with_warnings" || status === "failed" || status === "cancelled"
  );
}
