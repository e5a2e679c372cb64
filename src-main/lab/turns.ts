import type { ExecutionId } from "@shared/base/ids";
import type { LabExecution, QueuePort } from "../engine/ports";

interface Queued {
  readonly id: ExecutionId;
  readonly workflowId: string;
  readonly priority: number;
  readonly limit?: number;
}

/** Whose turn it is among the executions of one laboratory that nobody called. */
export class LabTurns implements QueuePort {
  /** By id in the order they came: those that run, with their workflow. */
  private readonly running = new Map<ExecutionId, string>();
  private readonly waiting = new Map<ExecutionId, Queued>();

  enter({ id, parts: { head } }: LabExecution): void {
    const { workflowId, parent, queue } = head;
    if (parent !== undefined) return;
    if (queue === undefined) this.running.set(id, workflowId);
    else this.waiting.set(id, { id, workflowId, ...queue });
  }

  leave(id: ExecutionId): void {
    this.running.delete(id);
    this.waiting.delete(id);
  }

  queued(): readonly Queued[] {
    return [...this.waiting.values()].sort((a, b) => b.priority - a.priority);
  }

  admit(id: ExecutionId, workflowId: string, limit: number | undefined, workspaceLimit: number | undefined): boolean {
    if (!this.waiting.has(id) || this.isFull(workflowId, limit, workspaceLimit)) return false;
    this.waiting.delete(id);
    this.running.set(id, workflowId);
    return true;
  }

  isFull(workflowId: string, limit: number | undefined, workspaceLimit: number | undefined): boolean {
    const same = [...this.running.values()].filter((one) => one === workflowId).length;
    return (
      (limit !== undefined && same >= limit) || (workspaceLimit !== undefined && this.running.size >= workspaceLimit)
    );
  }

  underWay(workflowId: string): readonly ExecutionId[] {
    const running = [...this.running].filter(([, one]) => one === workflowId).map(([id]) => id);
    return [
      ...running,
      ...[...this.waiting.values()].filter((one) => one.workflowId === workflowId).map(({ id }) => id),
    ];
  }
}
