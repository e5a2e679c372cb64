import type { ComponentPath } from "@shared/base/ids";
import type { AtMs } from "@shared/base/units";
import type { Effect } from "@shared/execution/effect";
import { groupFrom, isGroupable, type GroupReach } from "@shared/execution/group";
import type { GroupAnswer, GroupJob } from "@shared/execution/jobs";
import type { PlanNode } from "@shared/execution/node";
import type { Plan } from "@shared/execution/plan";
import { componentAt } from "@shared/execution/read";
import type { ExecutionState } from "@shared/execution/state";
import { writtenAhead } from "./ahead";
import type { Course, SessionRooms } from "./course";
import { isOutOfMemory } from "./failing";
import { placeFor } from "./working";

interface Grouped {
  readonly paths: readonly ComponentPath[];
  stop?: () => void;
}

/** Runs of pure components of one execution, each carried out as one task in a thread. */
export class Groups {
  private readonly running = new Set<Grouped>();
  /** A group broke a thread: from then on each component is carried out, and fails, by itself. */
  private broken = false;

  constructor(
    private readonly course: Course,
    private readonly rooms: SessionRooms,
  ) {}

  get isIdle(): boolean {
    return this.running.size === 0;
  }

  /** Part of a turn: how many of `todo` from `at` on were taken for a group. */
  take(todo: readonly Effect[], at: number): number {
    const { course } = this;
    // At an open gate only: whoever steps wants to see each component by itself.
    if (this.broken || !this.rooms.grouping || course.parts.gate !== undefined || course.keeps) return 0;
    let end = at;
    while (end < todo.length && this.begins(todo[end] as Effect)) end += 1;
    if (end === at) return 0;
    const effects = todo.slice(at, end);
    const { plan, state } = course;
    const paths = state.seq === 1 ? firstGroup(plan, state, effects) : groupFrom(plan, state, effects, REACH);
    // A group costs one more event; a lone component gains nothing by it.
    if (paths.length < 2) return 0;
    const grouped: Grouped = { paths };
    this.running.add(grouped);
    const now = this.rooms.clock.now();
    course.take({ kind: "group-started", at: now, paths });
    course.afterwards(() => this.run(grouped, effects, now));
    return end - at;
  }

  private begins(effect: Effect): boolean {
    if (effect.kind !== "prepare") return false;
    const placed = componentAt(this.course.plan, this.course.state, effect.path);
    return placed !== undefined && placed.state.status === "ready" && isGroupable(placed.node) && fits(placed.node);
  }

  private run(grouped: Grouped, effects: readonly Effect[], startedAt: AtMs): void {
    const { course, rooms } = this;
    const { state } = course;
    const { paths } = grouped;
    const job: GroupJob = {
      definition: course.parts.definition,
      // Two events: the execution's start and the group's.
      from:
        state.seq === 2 && course.startText !== undefined
          ? { kind: "begun", start: course.startText, at: startedAt }
          : { kind: "state", state, effects },
      paths,
      place: placeFor(course.parts.head.place, rooms.scratch, course.id),
    };
    grouped.stop = rooms.carrier.group(job, (answer, error) => {
      // Ungrouped, the component that broke the thread fails by itself.
      if (error !== undefined && !isOutOfMemory(error)) rooms.trouble(course.id, error);
      const ahead = answer?.kind === "done" ? writtenAhead(course, rooms, answer.kept) : undefined;
      if (answer?.kind !== "done" || ahead === undefined)
        return course.post(() => this.ended(grouped, effects, answer, state));
      void ahead.then((kept) => course.post(() => this.ended(grouped, effects, { ...answer, kept }, state)));
    });
  }

  /** Part of a turn: the group that began in `state` gave `answer`. */
  private ended(
    grouped: Grouped,
    effects: readonly Effect[],
    answer: GroupAnswer | undefined,
    state: ExecutionState,
  ): void {
    const { course } = this;
    if (!this.running.delete(grouped)) return;
    if (answer === undefined || answer.kind === "split") {
      this.broken = true;
      course.again(effects);
      return;
    }
    // How the execution ends was worked out as if nothing else happened; if something did, it is worked out anew.
    course.takeGroup(answer, course.state === state ? answer.settled : undefined);
  }

  abort(path: ComponentPath): void {
    for (const grouped of this.running) {
      if (!grouped.paths.includes(path)) continue;
      this.course.afterwards(() => grouped.stop?.());
    }
  }

  close(): void {
    for (const { stop } of this.running) stop?.();
    this.running.clear();
  }
}

const REACH: GroupReach = { allowed: (_path, node) => fits(node), wide: true };
const firsts = new WeakMap<Plan, readonly ComponentPath[]>();

/** The group an execution begins with: the same each time, as nothing has happened yet. */
function firstGroup(plan: Plan, state: ExecutionState, effects: readonly Effect[]): readonly ComponentPath[] {
  let paths = firsts.get(plan);
  if (paths === undefined) firsts.set(plan, (paths = groupFrom(plan, state, effects, REACH)));
  return paths;
}

/** `code` may take long and is better spread over cores; a memory limit is kept by a process of its own; a time limit is the driver's. */
function fits(node: PlanNode): boolean {
  const { cpu_cores: cores } = node.component.resource_limits ?? {};
  return (
    node.type !== "code" && cores === undefined && node.memoryBytes === undefined && node.attemptTimeoutMs === undefined
  );
}
