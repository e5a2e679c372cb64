import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import Database from "better-sqlite3";

/**
 * A host's sign of life: an exclusive lock on its own small database file, which the operating system drops
 * with the process, however it ends.
 */
export interface HostLock {
  readonly host: string;
  release(): void;
}

function lockFile(folder: string, host: string): string {
  return join(folder, `${host}.db`);
}

function tryExclusive(file: string): Database.Database | undefined {
  const db = new Database(file, { timeout: 0 });
  try {
    db.exec("BEGIN EXCLUSIVE");
    return db;
  } catch (error) {
    db.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY");
}

/** Takes a lock under a fresh name in `folder`. */
export function lockHost(folder: string): HostLock {
  mkdirSync(folder, { recursive: true });
  for (;;) {
    const host = `${process.pid}-${randomBytes(6).toString("hex")}`;
    const file = lockFile(folder, host);
    const db = tryExclusive(file);
    // A sweep may have unlinked the file between its making and the lock: a lock on an unlinked file is seen by nobody.
    if (db !== undefined && existsSync(file) && statSync(file).nlink > 0) {
      return {
        host,
        release: () => {
          db.close();
          rmSync(file, { force: true });
        },
      };
    }
    db?.close();
  }
}

/** Whether a process holds the lock of `host`. */
export function hostLives(folder: string, host: string): boolean {
  const file = lockFile(folder, host);
  if (!existsSync(file)) return false;
  let db: Database.Database;
  try {
    db = new Database(file, { timeout: 0, readonly: true, fileMustExist: true });
  } catch (error) {
    // Removed by its host between the look and the opening.
    if (error instanceof Database.SqliteError && error.code === "SQLITE_CANTOPEN") return false;
    throw error;
  }
  try {
    db.prepare("SELECT count(*) FROM sqlite_schema").get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    db.close();
  }
}

/** Removes the files of hosts that are gone. */
export function sweepHosts(folder: string, own: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(".db") || name === `${own}.db`) continue;
    const file = join(folder, name);
    const db = tryExclusive(file);
    if (db === undefined) continue;
    rmSync(file, { force: true });
    db.close();
  }
}

/** Which host has which execution. */
export class Owners {
  constructor(
    private readonly db: Database.Database,
    private readonly folder: string,
    readonly host: string,
  ) {}

  /** Whether `host` is alive at this moment. */
  lives(host: string | null): boolean {
    return host !== null && (host === this.host || hostLives(this.folder, host));
  }

  claim(id: string): boolean {
    return this.db
      .transaction(() => {
        const row = this.db.prepare("SELECT owner FROM executions WHERE id = ? AND settled_at IS NULL").get(id) as
          { owner: string | null } | undefined;
        if (row === undefined || (row.owner !== this.host && this.lives(row.owner))) return false;
        this.db.prepare("UPDATE executions SET owner = ? WHERE id = ?").run(this.host, id);
        return true;
      })
      .immediate();
  }

  /** Makes this host the owner of all executions that have left memory and that no living host owns. */
  claimParked(): void {
    this.db
      .transaction(() => {
        const owners = this.db
          .prepare("SELECT DISTINCT owner FROM executions WHERE parked = 1 AND settled_at IS NULL")
          .pluck()
          .all() as (string | null)[];
        const claim = this.db.prepare(
          "UPDATE executions SET owner = ? WHERE parked = 1 AND settled_at IS NULL AND owner IS ?",
        );
        for (const owner of owners) if (!this.lives(owner)) claim.run(this.host, owner);
      })
      .immediate();
  }

  owned(id: string): boolean {
    const row = this.db.prepare("SELECT owner FROM executions WHERE id = ?").get(id) as
      { owner: string | null } | undefined;
    return row !== undefined && this.lives(row.owner);
  }
}
