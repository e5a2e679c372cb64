import type { Database, Statement } from "better-sqlite3";
import type { Clock } from "./clock";
import { seal, unseal } from "./vault";
import type { VaultLock } from "./vault-lock";

/** A secret without its value. */
export interface StoredSecret {
  readonly name: string;
  readonly createdAt: number;
  readonly rotatedAt: number;
  readonly usedAt?: number;
}

/** A use is written down at most this often. */
const USE_GAP_MS = 60_000;

/** The workspace's secrets, sealed under the workspace's key. */
export class Secrets {
  private readonly take: Statement;
  private readonly note: Statement;

  constructor(
    private readonly db: Database,
    private readonly lock: VaultLock,
    private readonly clock: Clock,
    private readonly changed: () => void,
  ) {
    this.take = db.prepare("SELECT nonce, sealed, used_at FROM secrets WHERE name = ? AND deleted_at IS NULL");
    this.note = db.prepare("UPDATE secrets SET used_at = ? WHERE name = ?");
  }

  list(): readonly StoredSecret[] {
    const rows = this.db
      .prepare("SELECT name, created_at, rotated_at, used_at FROM secrets WHERE deleted_at IS NULL ORDER BY name")
      .all() as { name: string; created_at: number; rotated_at: number; used_at: number | null }[];
    return rows.map((row) => ({
      name: row.name,
      createdAt: row.created_at,
      rotatedAt: row.rotated_at,
      ...(row.used_at === null ? {} : { usedAt: row.used_at }),
    }));
  }

  names(): readonly string[] {
    return this.list().map(({ name }) => name);
  }

  /** Makes a secret, or gives it another value; a deleted one of that name is gone for good. */
  set(values: { readonly [name: string]: string }): void {
    const now = this.clock.now();
    const put = this.db.prepare(
      `INSERT INTO secrets (name, nonce, sealed, created_at, rotated_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET nonce = excluded.nonce, sealed = excluded.sealed, rotated_at = excluded.rotated_at,
         created_at = iif(deleted_at IS NULL, created_at, excluded.created_at), deleted_at = NULL`,
    );
    this.db
      .transaction(() => {
        for (const [name, value] of Object.entries(values)) {
          const { nonce, sealed } = seal(this.lock.key, value, about(name));
          put.run(name, nonce, sealed, now, now);
        }
      })
      .immediate();
    this.changed();
  }

  /** Whether there was one to delete. It can be restored until retention removes it. */
  delete(name: string): boolean {
    return this.mark("UPDATE secrets SET deleted_at = ? WHERE name = ? AND deleted_at IS NULL", this.clock.now(), name);
  }

  restore(name: string): boolean {
    return this.mark("UPDATE secrets SET deleted_at = ? WHERE name = ? AND deleted_at IS NOT NULL", null, name);
  }

  private mark(sql: string, at: number | null, name: string): boolean {
    const done = this.db.prepare(sql).run(at, name).changes > 0;
    if (done) this.changed();
    return done;
  }

  /**
   * The value; `undefined` when there is no such secret. `sealed` when the workspace's key does not open it, `locked` while the key
   * itself is not open.
   */
  open(name: string): { readonly value: string } | "sealed" | "locked" | undefined {
    const row = this.take.get(name) as { nonce: Buffer; sealed: Buffer; used_at: number | null } | undefined;
    if (row === undefined) return undefined;
    if (!this.lock.isOpen) return "locked";
    const value = unseal(this.lock.key, row.nonce, row.sealed, about(name));
    if (value === undefined) return "sealed";
    const now = this.clock.now();
    if (now - (row.used_at ?? 0) > USE_GAP_MS) this.note.run(now, name);
    return { value };
  }
}

function about(name: string): string {
  return `secret/${name}`;
}
