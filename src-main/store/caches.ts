import { createHmac } from "node:crypto";
import type { Database, Statement } from "better-sqlite3";
import type { CacheRow } from "@shared/contract/resilience";
import { Owed } from "./owed";
import { seal, unseal } from "./vault";
import type { VaultLock } from "./vault-lock";

/** What the cache may hold unless the workspace says otherwise. */
export const CACHE_LIMIT_BYTES = 256_000_000;

/** A value to be kept. The engine's port says the same. */
export interface CachePut {
  readonly kind: "put";
  readonly key: string;
  readonly workflowId?: string;
  /** The value as JSON text; what it refers to is beside it. */
  readonly value: string;
  readonly values: readonly { readonly id: string; readonly text: string }[];
  readonly secrets: readonly { readonly id: string; readonly text: string }[];
  readonly at: number;
  readonly expiresAt?: number;
  readonly summary: string;
}

/** A change of the cache that belongs to a turn. The engine's port says the same. */
export type CacheChange =
  | CachePut
  | { readonly kind: "used"; readonly key: string; readonly at: number }
  /** Nobody fetches it any more. */
  | { readonly kind: "released"; readonly key: string };

/** A cached value. The engine's port says the same. */
export interface CacheHit {
  readonly value: string;
  readonly storedAt: number;
  readonly expiresAt?: number;
  readonly text: (kind: "stored" | "sensitive", id: string) => string | undefined;
}

interface Row {
  key: string;
  workflow_id: string | null;
  bytes: number;
  stored_at: number;
  expires_at: number | null;
  used_at: number;
  hits: number;
  summary: string;
  sensitive: number;
}

interface TextRow {
  nonce: Buffer | null;
  text: string | Buffer;
}

/** How long a host may fetch a value before others stop waiting for it. */
const LEASE_MS = 60_000;

/** Cached values of the workspace, and who is fetching one. */
export class Caches {
  private readonly find: Statement;
  private readonly putRow: Statement;
  private readonly putText: Statement;
  private readonly dropTexts: Statement;
  private readonly use: Statement;
  private readonly release: Statement;
  private readonly takeText: Statement;
  private readonly oldest: Statement;
  private readonly drop: Statement;
  private readonly owed = new Owed();
  private total: number | undefined;

  constructor(
    private readonly db: Database,
    private readonly lock: VaultLock,
    private readonly host: string,
    private readonly lives: (host: string) => boolean,
    private readonly limit: () => number,
    private readonly changed: () => void,
  ) {
    this.find = db.prepare("SELECT value, stored_at, expires_at, bytes FROM caches WHERE key = ?");
    this.putRow = db.prepare(
      `INSERT INTO caches (key, workflow_id, value, bytes, stored_at, expires_at, used_at, hits, summary, sensitive) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)
       ON CONFLICT (key) DO UPDATE SET workflow_id = excluded.workflow_id, value = excluded.value, bytes = excluded.bytes, stored_at = excluded.stored_at, expires_at = excluded.expires_at, used_at = excluded.used_at, summary = excluded.summary, sensitive = excluded.sensitive`,
    );
    this.putText = db.prepare("INSERT INTO cache_texts (key, id, nonce, text) VALUES (?, ?, ?, ?)");
    this.dropTexts = db.prepare("DELETE FROM cache_texts WHERE key = ?");
    this.use = db.prepare("UPDATE caches SET used_at = ?, hits = hits + 1 WHERE key = ?");
    this.release = db.prepare("DELETE FROM cache_leases WHERE key = ? AND host = ?");
    this.takeText = db.prepare("SELECT nonce, text FROM cache_texts WHERE key = ? AND id = ?");
    this.oldest = db.prepare("SELECT key, bytes FROM caches WHERE key <> ? ORDER BY used_at LIMIT 32");
    this.drop = db.prepare("DELETE FROM caches WHERE key = ?");
  }

  /** A short name for `text` that tells nothing of it: sensitive parts may be in it. */
  digest(text: string): string {
    return createHmac("sha256", this.lock.key).update(text).digest("hex").slice(0, 32);
  }

  /** What is stored under `key`, expired or not. */
  get(key: string): CacheHit | undefined {
    const row = this.find.get(key) as
      { value: string; stored_at: number; expires_at: number | null; bytes: number } | undefined;
    if (row === undefined) return undefined;
    return {
      value: row.value,
      storedAt: row.stored_at,
      ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
      text: (_kind, id) => this.textOf(key, id),
    };
  }

  /** Makes this host the one that fetches `key`, unless another living one does. */
  lease(key: string, at: number): boolean {
    // One that is given back late must not take this one with it.
    this.owed.pay();
    const taken = this.db.prepare("SELECT host, until FROM cache_leases WHERE key = ?").get(key) as
      { host: string; until: number } | undefined;
    if (taken !== undefined && taken.host !== this.host && taken.until > at && this.lives(taken.host)) return false;
    // Two hosts that look at the same moment both fetch at worst.
    this.db
      .prepare(
        "INSERT INTO cache_leases (key, host, until) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET host = excluded.host, until = excluded.until",
      )
      .run(key, this.host, at + LEASE_MS);
    return true;
  }

  /** Part of a turn's transaction. */
  apply(change: CacheChange): void {
    if (change.kind === "used") this.use.run(change.at, change.key);
    else if (change.kind === "released") this.release.run(change.key, this.host);
    else this.put(change);
  }

  /** Gives a lease back outside a turn: its execution is gone. */
  giveBack(key: string): void {
    this.owed.pay(() => void this.release.run(key, this.host));
  }

  private put(change: CachePut): void {
    const { key, value, values, secrets, at, expiresAt, summary } = change;
    const bytes = [...values, ...secrets].reduce((sum, { text }) => sum + text.length, value.length + key.length);
    const limit = this.limit();
    const before = (this.find.get(key) as { bytes: number } | undefined)?.bytes ?? 0;
    this.total = this.bytes() - before;
    this.dropTexts.run(key);
    if (bytes > limit) {
      this.drop.run(key);
      return;
    }
    this.putRow.run(
      key,
      change.workflowId ?? null,
      value,
      bytes,
      at,
      expiresAt ?? null,
      at,
      summary,
      secrets.length > 0 ? 1 : 0,
    );
    for (const { id, text } of values) this.putText.run(key, id, null, text);
    for (const { id, text } of secrets) {
      const { nonce, sealed } = seal(this.lock.key, text, `cache/${key}/${id}`);
      this.putText.run(key, id, nonce, sealed);
    }
    this.total += bytes;
    this.makeRoom(key, limit);
    this.changed();
  }

  /** What was used longest ago goes first; `kept` stays. */
  private makeRoom(kept: string, limit: number): void {
    while (this.bytes() > limit) {
      const rows = this.oldest.all(kept) as { key: string; bytes: number }[];
      if (rows.length === 0) return;
      for (const row of rows) {
        if (this.bytes() <= limit) return;
        this.drop.run(row.key);
        this.total = this.bytes() - row.bytes;
      }
    }
  }

  /** What was in memory may be wrong: another process wrote, or a transaction was undone. */
  refresh(): void {
    this.total = undefined;
  }

  list(query: { readonly search?: string; readonly from: number; readonly limit: number }): {
    readonly rows: readonly CacheRow[];
    readonly total: number;
    readonly bytes: number;
    readonly limitBytes: number;
  } {
    const like = likeOf(query.search);
    const { total } = this.db
      .prepare("SELECT count(*) AS total FROM caches WHERE key LIKE ? ESCAPE '\\'")
      .get(like) as { total: number };
    const rows = this.db
      .prepare("SELECT * FROM caches WHERE key LIKE ? ESCAPE '\\' ORDER BY used_at DESC, key LIMIT ? OFFSET ?")
      .all(like, query.limit, query.from) as Row[];
    return { rows: rows.map(shown), total, bytes: this.bytes(), limitBytes: this.limit() };
  }

  /** Clears the keys named, else what matches `search`, else everything; says how many went. */
  clear(what: { readonly keys?: readonly string[]; readonly search?: string }): number {
    const cleared = this.db
      .transaction(() => {
        if (what.keys !== undefined) return what.keys.reduce((sum, key) => sum + this.drop.run(key).changes, 0);
        return this.db.prepare("DELETE FROM caches WHERE key LIKE ? ESCAPE '\\'").run(likeOf(what.search)).changes;
      })
      .immediate();
    this.refresh();
    this.changed();
    return cleared;
  }

  private bytes(): number {
    return (this.total ??= (
      this.db.prepare("SELECT coalesce(sum(bytes), 0) AS bytes FROM caches").get() as { bytes: number }
    ).bytes);
  }

  private textOf(key: string, id: string): string | undefined {
    const row = this.takeText.get(key, id) as TextRow | undefined;
    if (row === undefined) return undefined;
    if (row.nonce === null) return String(row.text);
    return unseal(this.lock.key, row.nonce, row.text as Buffer, `cache/${key}/${id}`);
  }
}

function likeOf(search: string | undefined): string {
  const text = (search ?? "").trim().replace(/[\\%_]/g, "\\$&");
  return text === "" ? "%" : `%${text}%`;
}

function shown(row: Row): CacheRow {
  return {
    key: row.key,
    ...(row.workflow_id === null ? {} : { workflowId: row.workflow_id }),
    bytes: row.bytes,
    storedAt: row.stored_at,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    usedAt: row.used_at,
    hits: row.hits,
    summary: row.summary,
    sensitive: row.sensitive === 1,
  };
}
