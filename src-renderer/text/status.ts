import type { ExecutionStatus } from "@shared/execution/status";

/** The words for an execution's status. */
export const statusText: Readonly<Record<ExecutionStatus, string>> = {
  pending: "pending",
  queued: "queued",
  running: "running",
  paused: "held",
  compensating: "undoing",
  completed: "completed",
  completed_with_warnings: "completed with warnings",
  failed: "failed",
  cancelled: "cancelled",
};
