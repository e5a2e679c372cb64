import type { Database } from "better-sqlite3";
import type { Json } from "@shared/base/json";
import { seal, unseal } from "./vault";
import type { VaultLock } from "./vault-lock";

/** An event that somebody posted or an execution emitted. */
export interface StoredEvent {
  readonly id: number;
  readonly key: string;
  readonly type: string;
  readonly at: number;
  readonly payload: Json;
  /** How many events led to it, each by starting what emitted the next. */
  readonly chain: number;
}

/** What an event came to; `handled` once the host that fires triggers has seen it. */
export interface Heard {
  readonly handled: boolean;
  readonly started: number;
  readonly woken: number;
}

interface Row {
  id: number;
  key: string;
  type: string;
  at: number;
  chain: number;
  nonce: Buffer;
  sealed: Buffer;
}

/** The workspace's events, in order, for every host on it. Payloads are encrypted. */
export class Events {
  constructor(
    private readonly db: Database,
    private readonly lock: VaultLock,
  ) {}

  /** Its number; undefined when an event with this key was there already. */
  add(event: Omit<StoredEvent, "id">): number | undefined {
    const { nonce, sealed } = seal(this.lock.key, JSON.stringify(event.payload), `event/${event.key}`);
    const { changes, lastInsertRowid } = this.db
      .prepare(
        "INSERT INTO events (key, type, at, chain, nonce, sealed) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
      )
      .run(event.key, event.type, event.at, event.chain, nonce, sealed);
    return changes === 0 ? undefined : Number(lastInsertRowid);
  }

  /** Events whose triggers have not been looked for. */
  unhandled(): readonly StoredEvent[] {
    return this.read("SELECT * FROM events WHERE handled_at IS NULL ORDER BY id LIMIT 1000");
  }

  handled(id: number, at: number, started: number): void {
    this.db.prepare("UPDATE events SET handled_at = ?, started = ? WHERE id = ?").run(at, started, id);
  }

  woke(id: number, count: number): void {
    if (count > 0) this.db.prepare("UPDATE events SET woken = woken + ? WHERE id = ?").run(count, id);
  }

  heard(id: number): Heard {
    const row = this.db.prepare("SELECT handled_at, started, woken FROM events WHERE id = ?").get(id) as
      { handled_at: number | null; started: number; woken: number } | undefined;
    return { handled: row?.handled_at != null, started: row?.started ?? 0, woken: row?.woken ?? 0 };
  }

  /** The number of the event with this key. */
  numberOf(key: string): number | undefined {
    return this.db.prepare("SELECT id FROM events WHERE key = ?").pluck().get(key) as number | undefined;
  }

  /** The chain of an event that this execution emits: one more than that of the event which started it, or what called it. */
  chainOf(executionId: string): number {
    const chain = this.db
      .prepare(
        `SELECT events.chain FROM executions JOIN trigger_firings ON trigger_firings.execution_id = executions.root_id
         JOIN events ON events.key = trigger_firings.key WHERE executions.id = ?`,
      )
      .pluck()
      .get(executionId) as number | undefined;
    return chain === undefined ? 0 : chain + 1;
  }

  /** Forgets events handled before `before`. */
  purge(before: number): void {
    this.db.prepare("DELETE FROM events WHERE handled_at < ?").run(before);
  }

  private read(sql: string, ...args: readonly number[]): readonly StoredEvent[] {
    const rows = this.db.prepare(sql).all(...args) as Row[];
    return rows.flatMap(({ id, key, type, at, chain, nonce, sealed }) => {
      // Another machine's key: nobody can hear it any more.
      const text = unseal(this.lock.key, nonce, sealed, `event/${key}`);
      return text === undefined ? [] : [{ id, key, type, at, chain, payload: JSON.parse(text) as Json }];
    });
  }
}
