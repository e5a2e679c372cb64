import type { ComponentPath } from "../base/ids";
import type { AtMs, Ms } from "../base/units";
import type { ComponentError } from "./error";
import type { Event, LogLine } from "./event";
import type { Value } from "./value";

/** How an attempt ended, as the journal takes it: large and sensitive parts are references. */
export type AttemptOutcome =
  | {
      readonly kind: "completed";
      readonly output: Value;
      readonly chosen?: string;
      readonly warnings?: readonly string[];
      readonly logs?: readonly LogLine[];
      readonly facts?: string;
      readonly from?: "cache";
      readonly undoable?: true;
    }
  | { readonly kind: "failed"; readonly error: ComponentError; readonly logs?: readonly LogLine[] };

/** The events an outcome becomes: what was logged, then how it ended. */
export function outcomeEvents(
  path: ComponentPath,
  attempt: number,
  at: AtMs,
  durationMs: Ms,
  outcome: AttemptOutcome,
): readonly Event[] {
  const { logs } = outcome;
  const ended: Event =
    outcome.kind === "failed"
      ? { kind: "attempt-failed", at, path, attempt, error: outcome.error, durationMs }
      : {
          kind: "attempt-completed",
          at,
          path,
          attempt,
          output: outcome.output,
          ...(outcome.chosen === undefined ? {} : { chosen: outcome.chosen }),
          ...(outcome.warnings === undefined || outcome.warnings.length === 0 ? {} : { warnings: outcome.warnings }),
          ...(outcome.facts === undefined ? {} : { facts: outcome.facts }),
          ...(outcome.from === undefined ? {} : { from: outcome.from }),
          ...(outcome.undoable === undefined ? {} : { undoable: outcome.undoable }),
          durationMs,
        };
  return logs === undefined || logs.length === 0 ? [ended] : [{ kind: "log-written", at, path, lines: logs }, ended];
}
