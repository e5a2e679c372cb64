import type { ComponentPath } from "@shared/base/ids";
import type { Effect } from "@shared/execution/effect";
import { groupFrom, isGroupable, type GroupReach } from "@shared/execution/group";
import type { GroupAnswer, GroupJob } from "@shared/execution/jobs";
import type { PlanNode } from "@shared/execution/node";
import { componentAt } from "@shared/execution/read";
import { isOutOfMemory } from "./failing";
import type { SessionRooms } from "./rooms";
import type { Session } from "./session";
import { placeFor } from "./working";

interface Grouped {
  readonly paths: ReadonlySet<ComponentPath>;
  readonly controller: AbortController;
}

/** Runs of pure components of one execution, each carried out as one task in a thread. */
export class Groups {
  private readonly running = new Set<Grouped>();
  /** A group broke a thread: from then on each component is carried out, and fails, by itself. */
  private broken = false;

  constructor(
    private readonly session: Session,
    private readonly rooms: SessionRooms,
  ) {}

  /** Part of a turn: how many of `todo` from `at` on were taken for a group. */
  take(todo: readonly Effect[], at: number): number {
    const { session } = this;
    // At an open gate only: whoever steps wants to see each component by itself.
    if (this.broken || !this.rooms.grouping || session.parts.gate !== undefined || session.keeps) return 0;
    let end = at;
    while (end < todo.length && this.begins(todo[end] as Effect)) end += 1;
    if (end === at) return 0;
    const effects = todo.slice(at, end);
    const reach: GroupReach = { allowed: (_path, node) => fits(node), wide: true };
    const paths = groupFrom(session.plan, session.state, effects, reach);
    // A group costs one more event; a lone component gains nothing by it.
    if (paths.length < 2) return 0;
    const grouped: Grouped = { paths: new Set(paths), controller: new AbortController() };
    this.running.add(grouped);
    session.take({ kind: "group-started", at: this.rooms.clock.now(), paths });
    session.afterwards(() => void this.run(grouped, effects, paths));
    return end - at;
  }

  private begins(effect: Effect): boolean {
    if (effect.kind !== "prepare") return false;
    const placed = componentAt(this.session.plan, this.session.state, effect.path);
    return placed !== undefined && placed.state.status === "ready" && isGroupable(placed.node) && fits(placed.node);
  }

  private async run(grouped: Grouped, effects: readonly Effect[], paths: readonly ComponentPath[]): Promise<void> {
    const { session, rooms } = this;
    const { state } = session;
    let answer: GroupAnswer = { kind: "split" };
    try {
      const { definition } = session.parts;
      const place = placeFor(session.parts.head.place, rooms.scratch, session.id);
      const job: GroupJob = { kind: "group", definition, state, effects, paths, place };
      answer = await rooms.carrier.think<GroupAnswer>(job, grouped.controller.signal);
    } catch (error) {
      // Ungrouped, the component that broke the thread fails by itself.
      if (!grouped.controller.signal.aborted && !isOutOfMemory(error)) rooms.trouble(session.id, error);
    }
    session.post(() => {
      if (!this.running.delete(grouped)) return;
      if (answer.kind === "split") {
        this.broken = true;
        session.again(effects);
        return;
      }
      // How the execution ends was worked out as if nothing else happened; if something did, it is worked out anew.
      const settled = session.state === state ? answer.settled : undefined;
      session.takeGroup(answer, settled);
    });
  }

  abort(path: ComponentPath): void {
    for (const grouped of this.running) {
      if (!grouped.paths.has(path)) continue;
      this.session.afterwards(() => grouped.controller.abort());
    }
  }

  close(): void {
    for (const { controller } of this.running) controller.abort();
    this.running.clear();
  }
}

/** `code` may take long and is better spread over cores; a memory limit is kept by a process of its own; a time limit is the driver's. */
function fits(node: PlanNode): boolean {
  return node.type !== "code" && node.memoryBytes === undefined && node.attemptTimeoutMs === undefined;
}
