import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Database } from "better-sqlite3";

/** Removes for good what was deleted before `before`, in small transactions so that hosts go on writing. */
export function purge(db: Database, before: number): { readonly workflows: number; readonly executions: number } {
  const workflows = db.prepare("DELETE FROM workflows WHERE deleted_at < ?").run(before).changes;
  for (const table of ["secrets", "connections"]) db.prepare(`DELETE FROM ${table} WHERE deleted_at < ?`).run(before);
  const some = db.prepare(
    "DELETE FROM executions WHERE number IN (SELECT number FROM executions WHERE deleted_at < ? LIMIT 50)",
  );
  let executions = 0;
  for (;;) {
    const { changes } = some.run(before);
    executions += changes;
    if (changes === 0) return { workflows, executions };
  }
}

/** Removes the records that executions kept in files of `folder`, a folder each, where the execution itself is gone. */
export function sweepDatasets(db: Database, folder: string): void {
  if (!existsSync(folder)) return;
  const known = db.prepare("SELECT 1 FROM executions WHERE id = ?");
  for (const id of readdirSync(folder))
    if (known.get(id) === undefined) rmSync(join(folder, id), { recursive: true, force: true });
}
