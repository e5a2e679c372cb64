import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Database } from "better-sqlite3";

/**
 * Removes for good what was deleted before `before`, executions that settled before `settledBefore`, and those whose
 * workflow keeps personal data for a time that is over; and breakers that nobody needs. In small transactions, so
 * that hosts go on writing.
 */
export function purge(
  db: Database,
  before: number,
  now: number,
  settledBefore?: number,
): { readonly workflows: number; readonly executions: number } {
  const workflows = db.prepare("DELETE FROM workflows WHERE deleted_at < ?").run(before).changes;
  for (const table of ["secrets", "connections"]) db.prepare(`DELETE FROM ${table} WHERE deleted_at < ?`).run(before);
  db.prepare(QUIET_BREAKERS).run({ now });
  db.prepare("DELETE FROM breaker_trials WHERE key NOT IN (SELECT key FROM breakers)").run();
  // What is overwritten cannot be read from the file any more.
  db.pragma("secure_delete = ON");
  const deleted = inParts(
    db,
    "DELETE FROM executions WHERE number IN (SELECT number FROM executions WHERE deleted_at < :before LIMIT 50)",
    before,
  );
  const old = settledBefore === undefined ? 0 : inParts(db, OLD, settledBefore);
  return { workflows, executions: deleted + old + inParts(db, OVER, now) };
}

/**
 * Breakers that say nothing any more: closed ones that nobody has asked for a day and their window, and those of executions without an
 * environment, which are no more.
 */
const QUIET_BREAKERS = `DELETE FROM breakers
  WHERE (environment IS NULL OR json_extract(state, '$.mode') = 'closed')
  AND touched_at < :now - max(86400000, json_extract(rule, '$.windowMs'), json_extract(rule, '$.recoveryMs'))`;

/** Called executions stay as long as the one that began it all: its journal names their values. */
const OLD = `DELETE FROM executions WHERE number IN (
  SELECT execution.number FROM executions execution LEFT JOIN executions root ON root.id = execution.root_id
  WHERE execution.settled_at < :before AND (root.id IS NULL OR root.settled_at < :before) LIMIT 50)`;

/** An execution whose own workflow says how long it is kept takes those it called with it. */
const OVER = `DELETE FROM executions WHERE number IN (
  SELECT called.number FROM executions over JOIN executions called ON called.id = over.id OR called.root_id = over.id
  WHERE over.retention_days IS NOT NULL AND over.settled_at < :before - over.retention_days * 86400000 LIMIT 50)`;

function inParts(db: Database, sql: string, before: number): number {
  const some = db.prepare(sql);
  let all = 0;
  for (;;) {
    const { changes } = some.run({ before });
    all += changes;
    if (changes === 0) return all;
  }
}

/** Removes the records that executions kept in files of `folder`, a folder each, where the execution itself is gone. */
export function sweepDatasets(db: Database, folder: string): void {
  if (!existsSync(folder)) return;
  const known = db.prepare("SELECT 1 FROM executions WHERE id = ?");
  for (const id of readdirSync(folder))
    if (known.get(id) === undefined) rmSync(join(folder, id), { recursive: true, force: true });
}
