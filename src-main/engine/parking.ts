import type { ExecutionId } from "@shared/base/ids";
import type { AtMs } from "@shared/base/units";
import type { Clock, DefinitionsPort } from "./ports";

/** An execution that has left memory. */
export interface Parked {
  /** Absent: it waits for something from outside alone. */
  readonly wakeAt?: AtMs;
  /** Another host had it when it left memory. */
  readonly isForeign?: boolean;
  /** Where its calls look first, where that is not the engine's own place. */
  readonly definitions?: DefinitionsPort;
}

/** The longest a timer of the machine may take. */
const LONG = 2 ** 31 - 1;

interface Alarm {
  readonly at: AtMs;
  readonly id: ExecutionId;
}

/** The executions of this host that only wait: nothing of them is in memory, and one timer of the machine serves them all. */
export class Parking {
  private readonly parked = new Map<ExecutionId, Parked>();
  /** A heap by time. An alarm whose execution was woken otherwise, or parked anew, is passed over. */
  private readonly alarms: Alarm[] = [];
  private stop: (() => void) | undefined;
  private armedFor: AtMs | undefined;
  /** Keeps the process: one that waits for an event alone has nothing else that would. */
  private alive: NodeJS.Timeout | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly due: (ids: readonly ExecutionId[]) => void,
  ) {}

  get size(): number {
    return this.parked.size;
  }

  has(id: ExecutionId): boolean {
    return this.parked.has(id);
  }

  /** When the next one is due. */
  get nextDue(): AtMs | undefined {
    return this.first()?.at;
  }

  add(id: ExecutionId, parked: Parked): void {
    this.parked.set(id, parked);
    this.alive ??= setInterval(() => undefined, LONG);
    if (parked.wakeAt === undefined) return;
    push(this.alarms, { at: parked.wakeAt, id });
    this.arm();
  }

  /** Takes one out, if it is here. */
  take(id: ExecutionId): Parked | undefined {
    const parked = this.parked.get(id);
    this.parked.delete(id);
    if (this.parked.size === 0) this.rest();
    return parked;
  }

  close(): void {
    this.stop?.();
    this.rest();
    this.parked.clear();
    this.alarms.length = 0;
  }

  private rest(): void {
    clearInterval(this.alive);
    this.alive = undefined;
  }

  private arm(): void {
    const next = this.first()?.at;
    if (next === this.armedFor) return;
    this.stop?.();
    this.armedFor = next;
    this.stop =
      next === undefined ? undefined : this.clock.after(Math.max(0, next - this.clock.now()), () => this.ring());
  }

  private ring(): void {
    this.armedFor = undefined;
    this.stop = undefined;
    const now = this.clock.now();
    const ids: ExecutionId[] = [];
    for (let next = this.first(); next !== undefined && next.at <= now; next = this.first()) {
      pop(this.alarms);
      ids.push(next.id);
    }
    this.arm();
    if (ids.length > 0) this.due(ids);
  }

  /** The earliest alarm that still holds. */
  private first(): Alarm | undefined {
    for (;;) {
      const next = this.alarms[0];
      if (next === undefined || this.parked.get(next.id)?.wakeAt === next.at) return next;
      pop(this.alarms);
    }
  }
}

function push(heap: Alarm[], alarm: Alarm): void {
  let at = heap.length;
  heap.push(alarm);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above] as Alarm;
    if (parent.at <= alarm.at) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = alarm;
}

function pop(heap: Alarm[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && (heap[below + 1] as Alarm).at < (heap[below] as Alarm).at) below += 1;
    if (last.at <= (heap[below] as Alarm).at) break;
    heap[at] = heap[below] as Alarm;
    at = below;
  }
  heap[at] = last;
}
