import { fail, ok, type Result } from "../base/result";
import { advance, start, type Step } from "./advance";
import type { Effect } from "./effect";
import { type Entry, type ExecutionStarted, RULES } from "./event";
import { pendingEffects } from "./pending";
import { compilePlan, type Plan, type PlanProblem } from "./plan";
import type { ExecutionState } from "./state";

/** A journal folded. */
export interface Replayed {
  readonly plan: Plan;
  readonly state: ExecutionState;
  /** What is still to be done; nothing once the execution has settled. */
  readonly pending: readonly Effect[];
}

/** Why a journal cannot be folded. */
export type ReplayProblem =
  | { readonly kind: "no-start" }
  /** A newer studio wrote it. */
  | { readonly kind: "newer-rules"; readonly rules: number; readonly known: number }
  | { readonly kind: "bad-definition"; readonly problems: readonly PlanProblem[] };

/** The plan of the execution that `entry` starts. */
export function planOf(entry: Entry | undefined): Result<Plan, ReplayProblem> {
  if (entry?.event.kind !== "execution-started") return fail({ kind: "no-start" });
  const { rules, definition } = entry.event;
  if (rules > RULES) return fail({ kind: "newer-rules", rules, known: RULES });
  const plan = compilePlan(definition);
  return plan.ok ? plan : fail({ kind: "bad-definition", problems: plan.problem });
}

/** Folds a journal from its first entry; with `until`, only up to that `seq`. */
export function replay(entries: readonly Entry[], until = Infinity): Result<Replayed, ReplayProblem> {
  const plan = planOf(entries[0]);
  if (!plan.ok) return plan;
  const state = fold(plan.value, undefined, until === Infinity ? entries : entries.filter(({ seq }) => seq <= until));
  if (state === undefined) return fail({ kind: "no-start" });
  return ok({ plan: plan.value, state, pending: pendingEffects(plan.value, state) });
}

/** Folds `entries` onto `state`; onto nothing when they begin with the start. Undefined only for no entries at all. */
export function fold(
  plan: Plan,
  state: ExecutionState | undefined,
  entries: Iterable<Entry>,
): ExecutionState | undefined {
  let folded = state;
  for (const { event } of entries) folded = step(plan, folded, event)?.state ?? folded;
  return folded;
}

function step(plan: Plan, state: ExecutionState | undefined, event: Entry["event"]): Step | undefined {
  if (state !== undefined) return advance(plan, state, event);
  return event.kind === "execution-started" ? start(plan, event satisfies ExecutionStarted) : undefined;
}
