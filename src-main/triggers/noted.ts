import type { ExecutionId } from "@shared/base/ids";
import type { Firing, FiringState } from "../store/firings";
import type { NotedPort } from "./ports";

/** A firing with what it came to. */
export interface Noted extends Firing {
  readonly message?: string;
}

/** Firings that are nobody's but a rehearsal's: noted as the workspace's are, in memory. */
export class NotedFirings implements NotedPort {
  private readonly all = new Map<number, Noted>();
  private readonly keys = new Map<string, ExecutionId>();
  private readonly running = new Map<number, Set<ExecutionId>>();
  /** By number, oldest first: those that have not come to anything. */
  private readonly isOpen = new Map<number, Noted>();

  /** @param came told of every firing that came to something. */
  constructor(private readonly came: (firing: Noted) => void) {}

  add(given: Omit<Firing, "id" | "state">): Firing | undefined {
    const name = `${given.triggerId}/${given.key}`;
    if (this.keys.has(name)) return undefined;
    this.keys.set(name, given.executionId);
    const firing: Noted = { ...given, id: this.all.size + 1, state: "pending" };
    this.put(firing);
    return firing;
  }

  executionOf(triggerId: number, key: string): ExecutionId | undefined {
    return this.keys.get(`${triggerId}/${key}`);
  }

  due(): readonly Firing[] {
    const queued = new Set<number>();
    return [...this.isOpen.values()].filter(({ state, triggerId }) => {
      if (state === "pending") return true;
      const isFirst = !queued.has(triggerId);
      queued.add(triggerId);
      return isFirst;
    });
  }

  open(id: number): Firing | undefined {
    return this.isOpen.get(id);
  }

  isBehind({ id, triggerId }: Pick<Firing, "id" | "triggerId">): boolean {
    for (const one of this.isOpen.values()) if (one.triggerId === triggerId && one.id < id) return true;
    return false;
  }

  underWay(triggerId: number): readonly ExecutionId[] {
    return [...(this.running.get(triggerId) ?? [])];
  }

  /** Whether any has not come to its end. */
  get isAnyLeft(): boolean {
    return this.isOpen.size > 0 || [...this.running.values()].some((some) => some.size > 0);
  }

  /** All executions under way. */
  get executions(): readonly ExecutionId[] {
    return [...this.running.values()].flatMap((some) => [...some]);
  }

  state(id: number, state: FiringState, message?: string): void {
    const before = this.all.get(id);
    if (before === undefined) return;
    const firing: Noted = { ...before, state, ...(message === undefined ? {} : { message }) };
    this.put(firing);
    if (state === "started") {
      const running = this.running.get(firing.triggerId) ?? new Set();
      this.running.set(firing.triggerId, running.add(firing.executionId));
    }
    if (state !== "queued" && state !== "pending") this.came(firing);
  }

  /** The execution of a firing that had started has ended. */
  ended({ triggerId, executionId }: Noted): void {
    this.running.get(triggerId)?.delete(executionId);
  }

  /** Those that wait come to nothing; one about to start does start. */
  giveUp(message: string): void {
    for (const { id, state } of [...this.isOpen.values()]) if (state === "queued") this.state(id, "skipped", message);
  }

  private put(firing: Noted): void {
    this.all.set(firing.id, firing);
    if (firing.state === "pending" || firing.state === "queued") this.isOpen.set(firing.id, firing);
    else this.isOpen.delete(firing.id);
  }
}
