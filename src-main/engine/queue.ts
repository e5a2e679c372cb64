import type { ExecutionId } from "@shared/base/ids";
import { isJsonObject, type Json } from "@shared/base/json";
import type { Workflow } from "@shared/workflow/workflow";
import type { StartRequest } from "./engine";
import type { Laboratory, QueuePort } from "./ports";

/** What becomes of an execution that is one too many. */
export type Overlap = "queue" | "skip" | "cancel_previous";

/** How executions of a workflow queue. */
export interface Turns {
  /** How many run at once; absent: any number. */
  readonly limit?: number;
  readonly overlap: Overlap;
  /** Higher goes first. */
  readonly priority: number;
}

/** What the workflow's `concurrency` says, and what a start says instead. */
export function turnsOf({ concurrency }: Workflow, request: Pick<StartRequest, "priority" | "overlap">): Turns {
  const said: { readonly [key: string]: Json | undefined } = isJsonObject(concurrency) ? concurrency : {};
  const { limit, overlap, priority } = said;
  return {
    ...(typeof limit === "number" && limit >= 1 ? { limit: Math.floor(limit) } : {}),
    overlap: request.overlap ?? (overlap === "skip" || overlap === "cancel_previous" ? overlap : "queue"),
    priority: request.priority ?? (typeof priority === "number" ? Math.floor(priority) : 0),
  };
}

/** The limit of `turns`, where there is one. */
export function limitOf({ limit }: Turns): { readonly limit?: number } {
  return limit === undefined ? {} : { limit };
}

/** The executions of this host that wait for their turn. */
export class Queue {
  /** This host's own; asking the store is not worth it while there are none. */
  private waiting = false;

  constructor(
    private readonly port: QueuePort,
    private readonly workspaceLimit: () => number | undefined,
    private readonly begin: (id: ExecutionId) => void,
  ) {}

  /** Executions of a workflow that have not settled and that nobody called, oldest first. */
  underWay(workflowId: string): readonly ExecutionId[] {
    return this.port.underWay(workflowId);
  }

  /** Whether executions of a workflow with these turns have to queue at all. */
  applies({ limit }: Turns): boolean {
    return limit !== undefined || this.workspaceLimit() !== undefined;
  }

  /** Whether one more would be one too many. */
  isFull(workflowId: string, { limit }: Turns): boolean {
    return this.port.isFull(workflowId, limit, this.workspaceLimit());
  }

  /** There may be some in the store: one was added, or taken over from a host that is gone. */
  added(): void {
    this.waiting = true;
    this.next();
  }

  /** Lets begin what may, in order: higher priority first, then as they came. */
  next(): void {
    if (!this.waiting) return;
    const queued = this.port.queued();
    this.waiting = queued.length > 0;
    const full = new Set<string>();
    for (const { id, workflowId, limit } of queued) {
      if (full.has(workflowId)) continue;
      if (this.port.admit(id, workflowId, limit, this.workspaceLimit())) this.begin(id);
      // Those of the same workflow that come after it wait behind it.
      else full.add(workflowId);
    }
  }
}

/** The workspace's queue, and one for each laboratory: its executions wait for each other alone. */
export class Queues {
  private readonly own: Queue;
  private readonly labs = new WeakMap<Laboratory, Queue>();

  constructor(
    port: QueuePort,
    private readonly workspaceLimit: () => number | undefined,
    private readonly begin: (id: ExecutionId) => void,
    labOf: (id: ExecutionId) => Laboratory | undefined,
    /** What lists show when one of a laboratory begins; with the workspace's own the store has noted it. */
    private readonly show: (id: ExecutionId) => void,
  ) {
    const outside: QueuePort = {
      queued: () => port.queued().filter(({ id }) => labOf(id) === undefined),
      admit: (...given) => port.admit(...given),
      isFull: (...given) => port.isFull(...given),
      underWay: (workflowId) => port.underWay(workflowId),
    };
    this.own = new Queue(outside, workspaceLimit, begin);
  }

  /** An execution has ended, in `lab` or outside: whose turn it is may begin. One in a laboratory takes a place of the workspace too. */
  next(lab: Laboratory | undefined): void {
    this.own.next();
    if (lab !== undefined) this.of(lab).next();
  }

  of(lab: Laboratory | undefined): Queue {
    if (lab === undefined) return this.own;
    let queue = this.labs.get(lab);
    if (queue === undefined) {
      const begin = (id: ExecutionId): void => {
        this.show(id);
        this.begin(id);
      };
      this.labs.set(lab, (queue = new Queue(lab.queue, this.workspaceLimit, begin)));
    }
    return queue;
  }
}
