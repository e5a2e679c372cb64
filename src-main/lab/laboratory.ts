import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import type { AtMs } from "@shared/base/units";
import type { Work } from "@shared/execution/work";
import type { Attendant, Carrier, Clock, LabExecution, Laboratory } from "../engine/ports";
import type { SharedChange } from "../engine/sharing";
import type { Fault, FaultPlan } from "./faults";
import { faulty } from "./injector";
import { LabShared } from "./shared";
import { LabTurns } from "./turns";
import { VirtualClock } from "./virtual-clock";

/** What a laboratory is to do. */
export interface LabOptions {
  readonly faults?: FaultPlan;
  readonly virtualTime: boolean;
  /** When virtual time begins; now unless said. */
  readonly from?: AtMs;
  /** The time that goes on by itself. */
  readonly clock: Clock;
  /** Ends this process on the spot; a host that serves others refuses such faults before it comes to that. */
  readonly crash: () => void;
}

/** A laboratory for executions and those they call. */
export function laboratory(options: LabOptions): Laboratory {
  return new Lab(options);
}

class Lab implements Laboratory {
  readonly clock: Clock;
  readonly grouping: boolean;
  private readonly shared = new LabShared();
  readonly breakers = this.shared.breakers;
  readonly cache = this.shared.cache;
  readonly queue = new LabTurns();
  private readonly virtual: VirtualClock | undefined;
  /** When its time began. */
  private readonly began: AtMs;
  private readonly executions = new Map<ExecutionId, LabExecution>();
  private readonly attendants = new Set<Attendant>();
  /** The executions that nobody called, by their first, in the order they came: chance hits each of them otherwise. */
  private readonly roots = new Map<ExecutionId, number>();
  private readonly asleep = new Set<string>();
  private readonly met = new Set<Fault>();
  private looking = false;
  private wrapped: Carrier | undefined;

  constructor(private readonly options: LabOptions) {
    const { clock, faults, from = clock.now() } = options;
    const asleep = (faults?.asleep ?? []).map(({ afterMs, forMs }) => ({
      from: from + afterMs,
      until: from + afterMs + forMs,
    }));
    this.virtual = options.virtualTime ? new VirtualClock(clock, options.from, asleep) : undefined;
    this.clock = this.virtual ?? clock;
    this.began = from;
    // A group is carried out where no fault can reach its members, and by the clock of the machine.
    this.grouping = faults === undefined && !options.virtualTime;
  }

  get isOutlived(): boolean {
    const { faults } = this.options;
    const kills = faults?.faults.every(({ effect }) => effect === undefined || effect.kind === "crash") === true;
    return kills && this.attendants.size === 0;
  }

  unmet(): readonly string[] {
    // Whoever attends starts more, and what has fitted nothing yet may fit that.
    if (this.attendants.size > 0) return [];
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
      elapsed: () => this.clock.now() - this.began,
      ordinalOf: (id) => this.roots.get(this.executions.get(id)?.parts.head.rootId ?? id) ?? 0,
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
    const { id, parts } = execution;
    this.executions.set(id, execution);
    this.queue.enter(execution);
    if (!this.roots.has(parts.head.rootId)) this.roots.set(parts.head.rootId, this.roots.size);
  }

  leave(id: ExecutionId): void {
    this.executions.delete(id);
    this.queue.leave(id);
    this.quiet();
  }

  attend(one: Attendant): () => void {
    this.attendants.add(one);
    this.quiet();
    return () => {
      this.attendants.delete(one);
      this.quiet();
    };
  }

  quiet(): void {
    if (this.virtual === undefined || this.looking) return;
    this.looking = true;
    // What has been posted meanwhile takes its turn first.
    setImmediate(() => {
      this.looking = false;
      if (!this.isWaiting()) return;
      if (this.virtual?.jump() === true) this.quiet();
      else for (const one of this.attendants) one.stranded();
    });
  }

  /** Whether anything is there that goes on with time, and only with it. */
  private isWaiting(): boolean {
    if (this.executions.size === 0 && this.attendants.size === 0) return false;
    for (const one of this.attendants) if (one.isBusy()) return false;
    for (const one of this.executions.values()) if (!this.isStill(one)) return false;
    return true;
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
