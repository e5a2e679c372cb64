import type { Database } from "better-sqlite3";
import { fold, planOf } from "@shared/execution/replay";
import { fromSnapshot, snapshotText } from "@shared/execution/snapshot";
import type { Reads } from "./reads";

const BATCH = 1000;

/** Folds an execution's journal from its last snapshot on and stores the state; a journal that cannot be folded keeps none. */
export function foldSnapshot(db: Database, reads: Reads, id: string): void {
  const plan = planOf(reads.journal(id, 1, 1)[0]);
  if (!plan.ok) return;
  const before = reads.snapshot(id);
  const restored = before === undefined ? undefined : fromSnapshot(before.text);
  let state = restored?.ok === true ? restored.value : undefined;
  let seq = state === undefined ? 0 : (before?.seq ?? 0);
  for (;;) {
    const entries = reads.journal(id, seq + 1, BATCH);
    state = fold(plan.value, state, entries);
    seq += entries.length;
    if (entries.length < BATCH) break;
  }
  if (state === undefined) return;
  db.prepare(
    "INSERT OR REPLACE INTO snapshots (execution, seq, text) SELECT number, ?, ? FROM executions WHERE id = ?",
  ).run(seq, snapshotText(state), id);
}
