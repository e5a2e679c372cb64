import { oc, type } from "@orpc/contract";
import { z } from "zod";
import type { ExecutionStatus } from "../execution/status";
import { durationOf } from "../base/duration";
import type { Ms } from "../base/units";
import { faults } from "./faults";

/** A rehearsal ends after so many firings. */
export const MOST_FIRINGS = 10_000;
/** How long the time may be that a rehearsal covers, in milliseconds: ten years. */
export const LONGEST_SPAN: Ms = 3653 * 24 * 3_600_000;
/** The latest a rehearsal may begin, 1970 being the earliest: up to it and ten years more every moment can be written. */
export const LATEST_BEGINNING = 253_402_300_799_999;

/** The span of a rehearsal as a person writes it, such as `24h`; undefined when it is none, or longer than {@link LONGEST_SPAN}. */
export function spanOf(text: string): Ms | undefined {
  const span = durationOf(text);
  return span === undefined || span === 0 || span > LONGEST_SPAN ? undefined : span;
}

/** How an execution of a rehearsal ended, in virtual time. */
export interface RehearsedEnd {
  readonly status: ExecutionStatus;
  readonly startedAt: number;
  readonly settledAt: number;
  readonly error?: { readonly type: string; readonly message: string; readonly component?: string };
}

/** What a schedule came to at one of its times. */
export interface RehearsedFiring {
  /** Its place in the workflow's `triggers`. */
  readonly index: number;
  readonly cron: string;
  readonly timezone?: string;
  /** The time it was due at; where it is `missed`, the first of the times. */
  readonly dueAt: number;
  /** How many starts were missed that this one makes up for; or that nothing makes up for, where it is `missed`. */
  readonly missed: number;
  /** The times of those starts, oldest first; absent where none was missed. */
  readonly missedAt?: readonly number[];
  /** Whether older ones were missed than are told: of a schedule's, the newest so many are looked at. */
  readonly hasOlderMissed?: true;
  /** `missed`: the machine slept. The others are why nothing was started. */
  readonly outcome: "ended" | "missed" | "skipped" | "refused" | "failed";
  readonly executionId?: string;
  readonly end?: RehearsedEnd;
  readonly message?: string;
}

/** What a firing came to: how its execution ended, or why there was none. */
export type FiringStatus = ExecutionStatus | "missed" | "skipped" | "refused";

/** What a firing came to. */
export function firingStatus({ outcome, end }: Pick<RehearsedFiring, "outcome" | "end">): FiringStatus {
  return end?.status ?? (outcome === "ended" ? "completed" : outcome);
}

/** A rehearsal that a window asked for. */
export interface RehearsalRow {
  readonly id: string;
  readonly workflowId: string;
  readonly from: number;
  readonly until: number;
  /** How often the workflow's schedules are due between; at most {@link MOST_FIRINGS}. */
  readonly due: number;
  /** Whether they are due more often than that. */
  readonly isMore: boolean;
}

/** What a window that follows a rehearsal is told, in order. */
export type RehearsalItem =
  /** Firings in the order in which they came to something, at most 500 an item; `from` counts those told before. */
  | { readonly kind: "firings"; readonly from: number; readonly firings: readonly RehearsedFiring[] }
  /**
   * It is over and all was told. The stream ends. `cut`: there were more firings than one rehearsal takes. `stopped`: by
   * hand. `unmetFaults`: the components of those faults on purpose that fitted no attempt.
   */
  | {
      readonly kind: "end";
      readonly cut: boolean;
      readonly stopped: boolean;
      readonly unmetFaults: readonly string[];
    };

const id = z.object({ id: z.string().min(1).max(100) });

/** Schedules fired in virtual time. They go on while no window looks, and their host remembers the latest. */
export const rehearsals = {
  /**
   * Fires the `schedule` triggers of the text given (the editor's, saved or not) or of the stored workflow, from `from` (now
   * unless said) for `spanMs`. Errors found by check refuse it, a workflow without such a trigger too (INVALID), and one that
   * is being rehearsed (CONFLICT).
   */
  start: oc
    .errors(faults)
    .input(
      z.object({
        workflowId: z.string(),
        text: z.string().optional(),
        format: z.enum(["yaml", "json"]).default("yaml"),
        from: z.number().int().min(0).max(LATEST_BEGINNING).optional(),
        spanMs: z.number().positive().max(LONGEST_SPAN),
        /** The environment it runs in; the active one unless said. */
        environment: z.string().optional(),
        /** The text of a faults file: what is to go wrong on purpose. */
        faults: z.string().max(1_000_000).optional(),
        /** Of chance in expressions, backoff and faults; each firing has chance of its own, the same again. */
        seed: z.string().min(1).max(200).optional(),
      }),
    )
    .output(type<RehearsalRow>()),
  /** The workflow's latest that this host remembers. */
  latest: oc.input(z.object({ workflowId: z.string() })).output(type<RehearsalRow | null>()),
  /** Tells the firings after the first `from`, and those to come, until it is over. */
  follow: oc
    .errors(faults)
    .input(z.object({ id: z.string(), from: z.number().int().min(0).default(0) }))
    .output(type<AsyncIterableIterator<RehearsalItem>>()),
  /** Starts nothing any more and cancels what is under way; a second time ends undoing as well. */
  stop: oc.errors(faults).input(id).output(type<null>()),
};
