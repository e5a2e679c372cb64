import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import type { GateState } from "@shared/contract/executions";
import type { Breakpoint, HoldReason } from "@shared/debug/breakpoint";
import { conditionHits } from "@shared/debug/condition";
import { breakpointAt, closedGate, decide, forget, isHeld, obey, openGate } from "@shared/debug/gate";
import type { Arrival, Gate, GateCommand } from "@shared/debug/gate";
import { inline } from "@shared/execution/value";
import { openerOf } from "@shared/execution/opened";
import { componentAt } from "@shared/execution/read";
import type { Session } from "./session";

/** The gate of one debugged execution, and the breakpoints it heeds. */
export class Gatekeeper {
  private gate: Gate;

  /** `closed`: hold from the start, and why. */
  constructor(
    id: ExecutionId,
    public breakpoints: readonly Breakpoint[],
    closed?: HoldReason,
  ) {
    this.gate = closed === undefined ? openGate(id) : closedGate(id, closed);
  }

  /** Whether the attempt stays here. */
  holds(session: Session, path: ComponentPath, attempt: number): boolean {
    const { plan, state, rooms } = session;
    const id = componentAt(plan, state, path)?.node.id ?? path;
    const breakpoint = breakpointAt(this.breakpoints, plan.workflow.id, id);
    const opener = openerOf((kind, text) => session.text(kind, text));
    const hits =
      breakpoint !== undefined &&
      conditionHits(breakpoint.condition, {
        plan,
        state,
        path,
        access: { read: opener.read, mark: inline, keep: (value) => value },
        at: rooms.clock.now(),
        clock: () => performance.now(),
      });
    const decided = decide(this.gate, { path, attempt }, hits, rooms.clock.now());
    this.gate = decided.gate;
    return decided.held;
  }

  obey(command: GateCommand): readonly Arrival[] {
    const { gate, released } = obey(this.gate, command);
    this.gate = gate;
    return released;
  }

  forget(paths: readonly ComponentPath[]): void {
    this.gate = forget(this.gate, paths);
  }

  isHeld(path: ComponentPath): boolean {
    return isHeld(this.gate, path);
  }

  get held(): number {
    return this.gate.holds.length;
  }

  state(): GateState {
    return { mode: this.gate.mode, holds: this.gate.holds };
  }
}
