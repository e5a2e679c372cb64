import type { ComponentPath, ExecutionId } from "../base/ids";
import type { AtMs } from "../base/units";
import type { Breakpoint, Hold, HoldReason } from "./breakpoint";

/** An attempt the gate holds, with its number. */
export interface HeldAttempt extends Hold {
  readonly attempt: number;
}

/** What the gate does at a moment. What is held when is a fold of arrivals and commands, nothing else. */
export interface Gate {
  readonly executionId: ExecutionId;
  /** `free`: holds at breakpoints only. `paused`: holds everything. */
  readonly mode: "free" | "paused";
  /** Why what arrives while paused is held. */
  readonly reason: HoldReason;
  /** Oldest first. */
  readonly holds: readonly HeldAttempt[];
}

/** An attempt that `advance` asks for. */
export interface Arrival {
  readonly path: ComponentPath;
  readonly attempt: number;
}

/** What a person tells the gate. */
export type GateCommand =
  | { readonly kind: "pause" }
  /** Releases everything held; breakpoints hold again. */
  | { readonly kind: "continue" }
  /** Releases `path`, else the oldest hold, and holds what becomes ready next. */
  | { readonly kind: "step-over"; readonly path?: ComponentPath };

/** A gate that lets everything pass but breakpoints. */
export function openGate(executionId: ExecutionId): Gate {
  return { executionId, mode: "free", reason: "pause", holds: [] };
}

/** A gate that holds from the start: `recovered` after a host was gone, `pause` to hold before the first component. */
export function closedGate(executionId: ExecutionId, reason: HoldReason): Gate {
  return { executionId, mode: "paused", reason, holds: [] };
}

/** The enabled breakpoint on `component`, if any. Its condition is for the caller to judge. */
export function breakpointAt(
  breakpoints: readonly Breakpoint[],
  workflowId: string,
  component: string,
): Breakpoint | undefined {
  return breakpoints.find(
    (breakpoint) => breakpoint.enabled && breakpoint.component === component && breakpoint.workflowId === workflowId,
  );
}

/**
 * Whether an attempt passes or is held.
 *
 * A breakpoint holds a component once as it arrives, not each of its retries; a pause holds those too.
 *
 * @param hits whether an enabled breakpoint whose condition holds is on the component.
 */
export function decide(gate: Gate, { path, attempt }: Arrival, hits: boolean, at: AtMs): { gate: Gate; held: boolean } {
  const reason = hits && attempt === 1 ? "breakpoint" : gate.mode === "paused" ? gate.reason : undefined;
  if (reason === undefined) return { gate, held: false };
  const hold: HeldAttempt = { executionId: gate.executionId, path, attempt, reason, since: at };
  return { gate: { ...gate, holds: [...gate.holds, hold] }, held: true };
}

/** Obeys `command`: the gate after it, and the attempts that now pass, oldest first. */
export function obey(gate: Gate, command: GateCommand): { gate: Gate; released: readonly HeldAttempt[] } {
  switch (command.kind) {
    case "pause":
      return { gate: { ...gate, mode: "paused", reason: "pause" }, released: [] };
    case "continue":
      return { gate: { ...gate, mode: "free", holds: [] }, released: gate.holds };
    case "step-over": {
      const { path } = command;
      const released = path === undefined ? gate.holds[0] : gate.holds.find((hold) => hold.path === path);
      const holds = released === undefined ? gate.holds : gate.holds.filter((hold) => hold !== released);
      return {
        gate: { ...gate, mode: "paused", reason: "step", holds },
        released: released === undefined ? [] : [released],
      };
    }
  }
}

/** Lets go of what was stopped: it will never be carried out. */
export function forget(gate: Gate, paths: readonly ComponentPath[]): Gate {
  if (gate.holds.length === 0) return gate;
  const holds = gate.holds.filter((hold) => !paths.includes(hold.path));
  return holds.length === gate.holds.length ? gate : { ...gate, holds };
}

/** Whether the component at `path` is held. */
export function isHeld(gate: Gate, path: ComponentPath): boolean {
  return gate.holds.some((hold) => hold.path === path);
}
