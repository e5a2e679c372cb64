import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import type { Work } from "@shared/execution/work";
import type { Carrier, Clock, LabExecution, Laboratory } from "../engine/ports";
import type { SharedChange } from "../engine/sharing";
import type { Fault, FaultPlan } from "./faults";
import { faulty } from "./injector";
import { LabShared } from "./shared";
import { VirtualClock } from "./virtual-clock";

/** What a laboratory is to do. */
export interface LabOptions {
  readonly faults?: FaultPlan;
  readonly virtualTime: boolean;
  /** The time that goes on by itself. */
  readonly clock: Clock;
  /** Ends this process on the spot; a host that serves others refuses such faults before it comes to that. */
  readonly crash: () => void;
}

/** A laboratory for one execution and those it calls. */
export function laboratory(options: LabOptions): Laboratory {
  return new Lab(options);
}

class Lab implements Laboratory {
  readonly clock: Clock;
  readonly grouping: boolean;
  private readonly shared = new LabShared();
  readonly breakers = this.shared.breakers;
  readonly cache = this.shared.cache;
  private readonly virtual: VirtualClock | undefined;
  private readonly executions = new Map<ExecutionId, LabExecution>();
  private readonly asleep = new Set<string>();
  private readonly met = new Set<Fault>();
  private looking = false;
  private wrapped: Carrier | undefined;

  constructor(private readonly options: LabOptions) {
    this.virtual = options.virtualTime ? new VirtualClock(options.clock) : undefined;
    this.clock = this.virtual ?? options.clock;
    // A group's members are carried out where no fault can reach them.
    this.grouping = options.faults === undefined;
  }

  unmet(): readonly string[] {
    const faults = this.options.faults?.faults ?? [];
    return faults.filter((fault) => !this.met.has(fault)).map(({ component }) => component);
  }

  share(change: SharedChange): void {
    this.shared.take(change);
  }

  carrier(own: Carrier): Carrier {
    const { faults, crash } = this.options;
    if (faults === undefined) return own;
    // One for all executions of the laboratory: steps are counted over those that are called too.
    this.wrapped ??= faulty(own, faults, {
      crash,
      pause: (work, delay, signal) => this.pause(work, delay, signal),
      met: (fault) => void this.met.add(fault),
    });
    return this.wrapped;
  }

  private pause({ executionId, path }: Work, delay: number, signal: AbortSignal): Promise<void> {
    const name = nameOf(executionId, path);
    this.asleep.add(name);
    this.quiet();
    return new Promise((resolve) => {
      const wake = (): void => {
        stop();
        this.asleep.delete(name);
        resolve();
      };
      const stop = this.clock.after(delay, wake);
      signal.addEventListener("abort", wake, { once: true });
    });
  }

  enter(execution: LabExecution): void {
    this.executions.set(execution.id, execution);
  }

  leave(id: ExecutionId): void {
    this.executions.delete(id);
    this.quiet();
  }

  quiet(): void {
    if (this.virtual === undefined || this.looking) return;
    this.looking = true;
    // What has been posted meanwhile takes its turn first.
    setImmediate(() => {
      this.looking = false;
      if (this.executions.size > 0 && [...this.executions.values()].every((one) => this.isStill(one))) {
        if (this.virtual?.jump() === true) this.quiet();
      }
    });
  }

  /** Whether nothing but time can make `execution` go on. */
  private isStill(execution: LabExecution): boolean {
    const underWay = execution.underWay();
    if (underWay === undefined) return false;
    return underWay.every(({ path, childId }) =>
      childId === undefined ? this.asleep.has(nameOf(execution.id, path)) : this.executions.has(childId),
    );
  }
}

function nameOf(id: ExecutionId, path: ComponentPath): string {
  return `${id}/${path}`;
}
