import { Bug } from "@shared/base/bug";
import type { ExecutionId } from "@shared/base/ids";
import { fold, planOf, type ReplayProblem } from "@shared/execution/replay";
import { fail, ok, type Result } from "@shared/base/result";
import type { Entry } from "@shared/execution/event";
import type { Plan } from "@shared/execution/plan";
import { fromSnapshot } from "@shared/execution/snapshot";
import type { ExecutionState } from "@shared/execution/state";
import type { JournalPort } from "./ports";

const BATCH = 1000;

/** An execution as its journal says it is. */
export interface Folded {
  readonly plan: Plan;
  readonly state: ExecutionState;
  /** Entries folded. */
  readonly seq: number;
}

/** Folds an execution's journal, from its last snapshot where that may be used; with `until`, no further than that entry. */
export async function foldJournal(
  journal: JournalPort,
  id: ExecutionId,
  until = Infinity,
): Promise<Result<Folded, ReplayProblem>> {
  const first: Entry | undefined = (await journal.read(id, 1, 1))[0];
  const plan = planOf(first);
  if (!plan.ok) return fail(plan.problem);
  const snapshot = await journal.snapshot(id);
  const restored = snapshot === undefined || snapshot.seq > until ? undefined : fromSnapshot(snapshot.text);
  let state = restored?.ok === true ? restored.value : undefined;
  let seq = state === undefined ? 0 : (snapshot?.seq ?? 0);
  while (seq < until) {
    const limit = Math.min(BATCH, until - seq);
    const entries = await journal.read(id, seq + 1, limit);
    state = fold(plan.value, state, entries);
    seq += entries.length;
    if (entries.length < limit) break;
  }
  if (state === undefined) throw new Bug(`${id} has a start and no state`);
  return ok({ plan: plan.value, state, seq });
}
