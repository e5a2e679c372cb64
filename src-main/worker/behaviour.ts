import type { Json } from "@shared/base/json";
import type { ErrorType } from "@shared/execution/error";
import type { Outcome, Task } from "@shared/execution/effect";
import type { LogLine } from "@shared/execution/event";

/** What a behaviour is handed beside its task. */
export interface Tools {
  /** Aborted when the attempt is to stop: a cancel, a timeout, a sibling's failure. */
  readonly signal: AbortSignal;
  /** Tells how far a long task is; not journalled. */
  progress(text: string, fraction?: number): void;
}

/** How one component type is carried out. Pure types answer synchronously once they are loaded. */
export type Behaviour = (task: Task, tools: Tools) => Outcome | Promise<Outcome>;

/**
 * Where a behaviour may run: `inline-safe` anywhere, in a group too; `thread` in a worker thread;
 * `child` in a process of its own, whose memory is watched and which can be killed.
 */
export type Placement = "inline-safe" | "thread" | "child";

/** A problem on the way to an outcome: becomes the error of a failed one. */
export interface Problem {
  readonly type: ErrorType;
  readonly message: string;
  readonly place?: string;
  readonly retryAfterMs?: number;
  /** It is certain that nothing was sent. */
  readonly unsent?: true;
}

/** A problem in what the workflow's author wrote, or in the data. */
export function invalid(message: string, place?: string): Problem {
  return place === undefined ? { type: "validation_error", message } : { type: "validation_error", message, place };
}

/** Something of the workspace that a component names and that is not there. */
export function missing(message: string, place?: string): Problem {
  return place === undefined ? { type: "not_found", message } : { type: "not_found", message, place };
}

/** The failed outcome of `problem`. */
export function failed(problem: Problem, logs?: readonly LogLine[]): Outcome {
  return logs && logs.length > 0 ? { kind: "failed", error: problem, logs } : { kind: "failed", error: problem };
}

/** The completed outcome with `output`; `more` adds facts, warnings, logs, the chosen case. */
export function completed(
  output: Json,
  more: Omit<Extract<Outcome, { kind: "completed" }>, "kind" | "output"> = {},
): Outcome {
  return { kind: "completed", output, ...more };
}

/** Thrown inside a behaviour to leave it; caught in {@link outcomeOf} and nowhere else. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

/** Leaves the behaviour with a failed outcome. */
export function refuse(problem: Problem): never {
  throw new Refusal(problem);
}

/** Runs `work`; a {@link Refusal} becomes a failed outcome, anything else is a bug and goes on. */
export function outcomeOf(work: () => Outcome | Promise<Outcome>): Outcome | Promise<Outcome> {
  try {
    const outcome = work();
    return outcome instanceof Promise ? outcome.catch(fromThrown) : outcome;
  } catch (thrown) {
    return fromThrown(thrown);
  }
}

function fromThrown(thrown: unknown): Outcome {
  if (thrown instanceof Refusal) return failed(thrown.problem);
  throw thrown;
}
