import type { Bytes, Ms } from "../base/units";
import type { Component } from "../workflow/workflow";
import type { BreakerRule } from "./breaker";

/**
/**
 * How a component is carried out: by a behaviour, as a sub-workflow, by undoing one, by running its members, by the cache and on a miss
 * by a member, or not at all, because it only awaits time, an event or a person.
 */
export type NodeKind = "step" | "call" | "undo-call" | "parallel" | "loop" | "lookup" | "await";

/** When an attempt is made again. Durations are in milliseconds. */
export interface RetryRule {
  readonly maxAttempts: number;
  readonly initialDelayMs: Ms;
  readonly maxDelayMs: Ms;
  readonly multiplier: number;
  /** Full jitter: a delay between nothing and the computed one. */
  readonly jitter: boolean;
  readonly retryable: readonly string[];
  readonly never: readonly string[];
}

/** What happens when the attempts are used up. */
export type LastResort =
  | { readonly kind: "fail" }
  /** Tolerated; followers go on and read null. */
  | { readonly kind: "continue" }
  /** The last good output, where a cache has one. */
  | { readonly kind: "cached" }
  /** Tolerated; the component `node` takes over. */
  | { readonly kind: "component"; readonly node: number };

/** One component of a plan. Numbers index `Plan.nodes`, `Plan.edges` and `Plan.scopes`. */
export interface PlanNode {
  readonly number: number;
  readonly id: string;
  readonly type: string;
  readonly kind: NodeKind;
  readonly component: Component;
  readonly scope: number;
  /** Its place among the scope's members; also its slot in a frame. */
  readonly position: number;
  readonly incoming: readonly number[];
  readonly outgoing: readonly number[];
  /** Outgoing edges whose condition has to be evaluated. */
  readonly judged: readonly number[];
  /** The scopes it runs: a parallel's branches in order, a loop's round, a fallback. */
  readonly owns: readonly number[];
  readonly disabled: boolean;
  /** May be carried out together with its neighbours, and again after a crash. */
  readonly pure: boolean;
  /** How a `merge` waits; `all` for everything else. */
  readonly waits: "all" | "any" | "first";
  readonly retry?: RetryRule;
  /** Asked before each attempt, told of its end. */
  readonly breaker?: BreakerRule;
  /** Reads or writes cached values; what exactly shows in the evaluated config. */
  readonly caches: boolean;
  readonly lastResort: LastResort;
  /** A drawn `error` connection takes its failure. */
  readonly takenByError: boolean;
  /** For all attempts and the pauses between them. */
  readonly timeoutMs?: Ms;
  /** From `error_handling.timeout`; the evaluated `config.timeout` may be smaller. */
  readonly attemptTimeoutMs?: Ms;
  readonly memoryBytes?: Bytes;
  /** What it is for, when it is a step of undoing and none of the workflow's components. */
  readonly undo?: UndoRole;
}

/** What a step of undoing is for; `of` is the number of the component it undoes. */
export type UndoRole =
  /** Undoes a component by its entry in `compensation`. */
  | { readonly kind: "entry"; readonly of: number }
  /** Has a called execution undo itself. */
  | { readonly kind: "call"; readonly of: number }
  /** Waits until a called execution that was stopped has undone itself; its entry is for one that had completed. */
  | { readonly kind: "stopped"; readonly of: number }
  /** Calls `error_recovery.compensation_workflow`. */
  | { readonly kind: "recovery" }
  /** Tells `error_recovery.notification_channels`. */
  | { readonly kind: "notice" };

/** One connection of a plan, drawn or implied. */
export interface PlanEdge {
  readonly index: number;
  readonly source: number;
  readonly target: number;
  /** `order`: only says who comes first; goes on after anything that does not stop the workflow. */
  readonly type: "success" | "error" | "conditional" | "order";
  /** Its place in `workflow.connections`; absent for implied ones. */
  readonly listed?: number;
  readonly condition?: string;
  /** The condition was written as `false`. */
  readonly never: boolean;
  readonly case?: string;
  /** Makes its target wait without being a reason to run (the order around an error handler). */
  readonly onlyWaits: boolean;
}

/** A set of components that run together: the workflow itself, a branch, a loop's round or a fallback. */
export interface PlanScope {
  readonly index: number;
  readonly kind: "root" | "branch" | "round" | "fallback";
  /** The node that runs it; absent for the root. */
  readonly owner?: number;
  /** A branch's id; `fallback` for a fallback. */
  readonly id?: string;
  /** How long a branch may take. */
  readonly timeoutMs?: Ms;
  /** In the order listed. */
  readonly members: readonly number[];
  readonly entries: readonly number[];
}
