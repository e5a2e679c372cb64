import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import type { AtMs } from "@shared/base/units";
import type { GateState } from "@shared/contract/executions";
import type { Breakpoint, HoldReason } from "@shared/debug/breakpoint";
import { conditionHits } from "@shared/debug/condition";
import { breakpointAt, closedGate, decide, forget, isHeld, obey, openGate } from "@shared/debug/gate";
import type { Arrival, Gate, GateCommand } from "@shared/debug/gate";
import { inline } from "@shared/execution/value";
import { openerOf } from "@shared/execution/opened";
import type { Plan } from "@shared/execution/plan";
import { componentAt } from "@shared/execution/read";
import type { ExecutionState } from "@shared/execution/state";

/** What the gate sees of its execution. */
export interface Sight {
  readonly plan: Plan;
  readonly state: ExecutionState;
  readonly at: AtMs;
  readonly text: (kind: "texts" | "secrets", id: string) => string;
}

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

  /** Whether the attempt stays here; `at` is now. */
  holds({ plan, state, text, at }: Sight, path: ComponentPath, attempt: number): boolean {
    const id = componentAt(plan, state, path)?.node.id ?? path;
    const breakpoint = breakpointAt(this.breakpoints, plan.workflow.id, id);
    const opener = openerOf(text);
    const hits =
      breakpoint !== undefined &&
      conditionHits(breakpoint.condition, {
        plan,
        state,
        path,
        access: { read: opener.read, mark: inline, keep: (value) => value },
        at,
        clock: () => performance.now(),
      });
    const decided = decide(this.gate, { path, attempt }, hits, at);
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
