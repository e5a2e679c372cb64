import { Bug } from "@shared/base/bug";
import type { ExecutionId } from "@shared/base/ids";
import type { Ended } from "./engine";

interface Waiter {
  readonly resolve: (ended: Ended) => void;
  readonly reject: (error: unknown) => void;
}

/** Who waits for the ends of this host's executions. */
export class Ends {
  private readonly waiting = new Map<ExecutionId, Set<Waiter>>();

  /** Resolves with the end of `id`; rejects when the host fails at it, or when `signal` says that nobody waits any more. */
  of(id: ExecutionId, signal?: AbortSignal): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { resolve, reject };
      const set = this.waiting.get(id) ?? new Set<Waiter>();
      set.add(waiter);
      this.waiting.set(id, set);
      signal?.addEventListener("abort", () => {
        if (!set.delete(waiter)) return;
        if (set.size === 0 && this.waiting.get(id) === set) this.waiting.delete(id);
        reject(new Bug(`nobody waits for ${id} any more`));
      });
    });
  }

  ended(ended: Ended): void {
    for (const { resolve } of this.taken(ended.id)) resolve(ended);
  }

  failed(id: ExecutionId, error: unknown): void {
    for (const { reject } of this.taken(id)) reject(error);
  }

  close(): void {
    for (const id of [...this.waiting.keys()]) this.failed(id, new Bug(`the engine closed while ${id} was waited for`));
  }

  private taken(id: ExecutionId): Iterable<Waiter> {
    const set = this.waiting.get(id) ?? [];
    this.waiting.delete(id);
    return [...set];
  }
}
