import type { ExecutionId } from "@shared/base/ids";
import type { FollowItem, GateState } from "@shared/contract/executions";

/** What one follower is told between its reads of the journal. */
export interface Watcher {
  /** The journal grew, here or perhaps elsewhere. */
  grown(): void;
  gate(gate: GateState): void;
  progress(item: Extract<FollowItem, { kind: "progress" }>): void;
}

/** Who follows which execution in this host. */
export class Watchers {
  private readonly byId = new Map<ExecutionId, Set<Watcher>>();

  watch(id: ExecutionId, watcher: Watcher): () => void {
    const set = this.byId.get(id) ?? new Set<Watcher>();
    this.byId.set(id, set);
    set.add(watcher);
    return () => {
      set.delete(watcher);
      if (set.size === 0 && this.byId.get(id) === set) this.byId.delete(id);
    };
  }

  of(id: ExecutionId): Iterable<Watcher> {
    return this.byId.get(id) ?? [];
  }

  grown(id: ExecutionId): void {
    for (const watcher of this.of(id)) watcher.grown();
  }

  /** Something changed that may concern anybody. */
  allGrown(): void {
    for (const set of this.byId.values()) for (const watcher of set) watcher.grown();
  }
}
