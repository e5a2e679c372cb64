import type { ComponentPath } from "@shared/base/ids";
import type { GateState } from "@shared/contract/executions";
import type { GateCommand } from "@shared/debug/gate";
import { isAwaited } from "@shared/execution/pending";
import type { Session } from "./session";
import type { Timers } from "./timers";

/** What happens at the gate of one execution: attempts that come are held or go through, and whoever watches is told. */
export class AtGate {
  private paused = false;
  /** The gate as of the last turn that is written: nobody sees a hold before the journal has what led to it. */
  shown: GateState | undefined;

  constructor(
    private readonly session: Session,
    private readonly timers: Timers,
    private readonly admit: (path: ComponentPath, attempt: number) => void,
  ) {
    this.shown = session.parts.gate?.state();
  }

  /** Part of a turn: an attempt comes to the gate. */
  arrive(path: ComponentPath, attempt: number): void {
    const { gate } = this.session.parts;
    if (gate?.holds(this.session, path, attempt) === true) this.changed();
    else this.admit(path, attempt);
  }

  /** Part of a turn: obeys a debug command. */
  obey(command: GateCommand): void {
    const { plan, state, parts } = this.session;
    for (const { path, attempt } of parts.gate?.obey(command) ?? []) {
      if (isAwaited(plan, state, { kind: "attempt", path, attempt })) this.admit(path, attempt);
    }
    this.changed();
  }

  /** Part of a turn: what was stopped is held no longer. */
  forget(paths: readonly ComponentPath[]): void {
    this.session.parts.gate?.forget(paths);
    this.changed();
  }

  /** Part of a turn: the clocks stand still while anything is held; watchers are told when it is written. */
  changed(): void {
    const { session } = this;
    const gate = session.parts.gate?.state();
    if (gate === undefined) return;
    const held = gate.mode === "paused" || gate.holds.length > 0;
    this.timers.hold(held);
    session.afterwards(() => {
      if (this.paused !== held && !session.isSettled)
        session.rooms.executions.setStatus(session.id, held ? "paused" : session.state.status);
      this.paused = held;
      this.shown = gate;
      for (const watcher of session.rooms.watchers.of(session.id)) watcher.gate(gate);
    });
  }
}
