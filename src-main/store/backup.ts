import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { MIGRATIONS } from "./schema";
import { hostLives } from "./owners";

/** Why a backup cannot be restored. */
export type RestoreProblem =
  | { readonly kind: "no-backup"; readonly file: string; readonly reason: string }
  | { readonly kind: "newer-backup"; readonly version: number; readonly known: number }
  /** A host has the workspace open. */
  | { readonly kind: "in-use"; readonly folder: string };

/** Writes a consistent copy to `file`; sensitive values stay encrypted under the workspace's key, which is not part of it. */
export function backupTo(db: Database.Database, file: string): void {
  db.prepare("VACUUM INTO ?").run(file);
}

/** Replaces the workspace's database by a backup. The one before is kept beside it as `workspace.db.before-restore`. */
export function restoreFrom(folder: string, file: string): RestoreProblem | undefined {
  const problem = inspect(file);
  if (problem !== undefined) return problem;
  const hosts = join(folder, "hosts");
  mkdirSync(hosts, { recursive: true });
  if (readdirSync(hosts).some((name) => name.endsWith(".db") && hostLives(hosts, name.slice(0, -3))))
    return { kind: "in-use", folder };
  const target = join(folder, "workspace.db");
  const aside = `${target}.restoring`;
  copyFileSync(file, aside);
  if (existsSync(target)) {
    // Folds the write-ahead log into the file that is kept.
    const before = new Database(target);
    before.pragma("wal_checkpoint(TRUNCATE)");
    before.close();
    renameSync(target, `${target}.before-restore`);
  }
  for (const rest of ["-wal", "-shm"]) rmSync(`${target}${rest}`, { force: true });
  renameSync(aside, target);
  return undefined;
}

function inspect(file: string): RestoreProblem | undefined {
  if (!existsSync(file)) return { kind: "no-backup", file, reason: "there is no such file" };
  try {
    const db = new Database(file, { readonly: true });
    try {
      const version = db.pragma("user_version", { simple: true }) as number;
      if (version > MIGRATIONS.length) return { kind: "newer-backup", version, known: MIGRATIONS.length };
      const tables = db
        .prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name IN ('workflows', 'executions', 'journal')")
        .get() as { n: number };
      if (version === 0 || tables.n !== 3) return { kind: "no-backup", file, reason: "it is no workspace" };
      return (db.pragma("quick_check", { simple: true }) as string) === "ok"
        ? undefined
        : { kind: "no-backup", file, reason: "it is damaged" };
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof Database.SqliteError) return { kind: "no-backup", file, reason: "it is no database" };
    throw error;
  }
}
