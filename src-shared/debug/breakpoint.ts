import type { ComponentPath, ExecutionId } from "../base/ids";
import type { AtMs } from "../base/units";

/** Where an execution is to be held: before a component of a workflow runs. */
export interface Breakpoint {
  readonly workflowId: string;
  readonly component: string;
  readonly enabled: boolean;
  /** CEL over what the component will see; held only where true. */
  readonly condition?: string;
}

/** Why an attempt is held. */
export type HoldReason = "breakpoint" | "pause" | "step" | "recovered";

/** An attempt the gate holds. */
export interface Hold {
  readonly executionId: ExecutionId;
  readonly path: ComponentPath;
  readonly reason: HoldReason;
  readonly since: AtMs;
}
