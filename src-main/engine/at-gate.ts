import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import type { GateState } from "@shared/contract/executions";
import type { GateCommand } from "@shared/debug/gate";
import { isAwaited } from "@shared/execution/pending";
import type { Course } from "./course";
import type { Timers } from "./timers";

/** What happens at the gate of one execution: attempts that come are held or go through, and whoever watches is told. */
export class AtGate {
  private paused = false;
  /** Called executions whose clocks stand still. */
  private readonly below = new Set<ExecutionId>();
  /** Whether those of this one do. */
  private stands = false;
  /** The gate as of the last turn that is written: nobody sees a hold before the journal has what led to it. */
  shown: GateState | undefined;

  constructor(
    private readonly course: Course,
    private readonly timers: Timers,
    private readonly admit: (path: ComponentPath, attempt: number) => void,
  ) {
    this.shown = course.parts.gate?.state();
  }

  /** Part of a turn: an attempt comes to the gate. */
  arrive(path: ComponentPath, attempt: number): void {
    const { plan, state, parts, rooms } = this.course;
    const text = (kind: "texts" | "secrets", id: string): string => this.course.text(kind, id);
    const sight = { plan, state, text, at: rooms.clock.now() };
    if (parts.gate?.holds(sight, path, attempt) === true) this.changed();
    else this.admit(path, attempt);
  }

  /** Part of a turn: obeys a debug command. */
  obey(command: GateCommand): void {
    const { plan, state, parts } = this.course;
    for (const { path, attempt } of parts.gate?.obey(command) ?? []) {
      if (isAwaited(plan, state, { kind: "attempt", path, attempt })) this.admit(path, attempt);
    }
    this.changed();
  }

  /** Part of a turn: what was stopped is held no longer. */
  forget(paths: readonly ComponentPath[]): void {
    this.course.parts.gate?.forget(paths);
    this.changed();
  }

  /** Part of a turn: the clocks of `child`, which this execution called, stand still or go on. */
  childStands(child: ExecutionId, stands: boolean): void {
    if (stands) this.below.add(child);
    else this.below.delete(child);
    this.stand(this.isHeld);
  }

  /** The execution is let go of: nobody stands still because of it any more. */
  close(): void {
    if (this.stands) this.tell(false);
  }

  private get isHeld(): boolean {
    const gate = this.course.parts.gate?.state();
    return gate !== undefined && (gate.mode === "paused" || gate.holds.length > 0);
  }

  /** Its clocks stand still while something in it is held, or in what it called: their time is part of its own. */
  private stand(isHeld: boolean): void {
    const stands = isHeld || this.below.size > 0;
    this.timers.hold(stands);
    if (stands === this.stands) return;
    this.stands = stands;
    this.course.afterwards(() => this.tell(stands));
  }

  private tell(stands: boolean): void {
    const { id, parts, rooms } = this.course;
    const { parent } = parts.head;
    if (parent !== undefined) rooms.childStands(parent.executionId, id, stands);
  }

  /** Part of a turn: the clocks stand still while anything is held; watchers are told when it is written. */
  changed(): void {
    const { course } = this;
    const gate = course.parts.gate?.state();
    if (gate === undefined) return;
    const held = this.isHeld;
    this.stand(held);
    course.afterwards(() => {
      if (this.paused !== held && !course.isSettled)
        course.rooms.executions.setStatus(course.id, held ? "paused" : course.state.status);
      this.paused = held;
      this.shown = gate;
      for (const watcher of course.rooms.watchers.of(course.id)) watcher.gate(gate);
    });
  }
}
