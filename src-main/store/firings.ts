import type { Database, Statement } from "better-sqlite3";
import { Bug } from "@shared/base/bug";
import type { Json } from "@shared/base/json";
import { seal, unseal } from "./vault";
import type { VaultLock } from "./vault-lock";

export type FiringState = "pending" | "queued" | "started" | "skipped" | "refused" | "failed";

/** One firing of a trigger that has not come to its end. */
export interface Firing {
  readonly id: number;
  readonly triggerId: number;
  readonly key: string;
  readonly at: number;
  readonly state: FiringState;
  /** The id its execution gets, settled beforehand so that a start made twice is one. */
  readonly executionId: string;
  readonly event: Json;
  readonly input: Json;
}

interface Row {
  id: number;
  trigger_id: number;
  key: string;
  at: number;
  state: FiringState;
  execution_id: string;
  nonce: Buffer | null;
  sealed: Buffer | null;
}

const OPEN = "state IN ('pending', 'queued')";

/** What triggers fired. What came with a firing is encrypted, and goes once its execution has it. */
export class Firings {
  private readonly anyOpen: Statement;

  constructor(
    private readonly db: Database,
    private readonly lock: VaultLock,
  ) {
    this.anyOpen = db.prepare(`SELECT 1 FROM trigger_firings WHERE ${OPEN} LIMIT 1`);
  }

  /** Notes a firing before anything follows from it; undefined when there was one with this key. */
  add(firing: Omit<Firing, "id" | "state">): Firing | undefined {
    const about = `firing/${firing.executionId}`;
    const { nonce, sealed } = seal(this.lock.key, JSON.stringify({ event: firing.event, input: firing.input }), about);
    const { changes, lastInsertRowid } = this.db
      .prepare(
        "INSERT INTO trigger_firings (trigger_id, key, at, state, execution_id, nonce, sealed) VALUES (?, ?, ?, 'pending', ?, ?, ?) ON CONFLICT (trigger_id, key) DO NOTHING",
      )
      .run(firing.triggerId, firing.key, firing.at, firing.executionId, nonce, sealed);
    return changes === 0 ? undefined : { ...firing, id: Number(lastInsertRowid), state: "pending" };
  }

  /** The execution of an earlier firing with this key. */
  executionOf(triggerId: number, key: string): string | undefined {
    const row = this.db
      .prepare("SELECT execution_id FROM trigger_firings WHERE trigger_id = ? AND key = ?")
      .get(triggerId, key) as { execution_id: string } | undefined;
    return row?.execution_id;
  }

  /** Whether any firing has not come to anything yet. */
  hasOpen(): boolean {
    return this.anyOpen.get() !== undefined;
  }

  /** Firings whose turn may have come: all that were just noted, and of those that wait the first of each trigger; oldest first. */
  due(): readonly Firing[] {
    const rows = this.db
      .prepare(
        `SELECT * FROM trigger_firings WHERE ${OPEN} AND (state = 'pending' OR id IN
           (SELECT min(id) FROM trigger_firings WHERE state = 'queued' GROUP BY trigger_id)) ORDER BY id`,
      )
      .all() as Row[];
    return rows.map((row) => this.firingOf(row));
  }

  /** A firing, as long as it has not come to anything. */
  open(id: number): Firing | undefined {
    const row = this.db.prepare(`SELECT * FROM trigger_firings WHERE id = ? AND ${OPEN}`).get(id) as Row | undefined;
    return row && this.firingOf(row);
  }

  /** Whether an earlier firing of the same trigger has not come to anything. */
  isBehind({ id, triggerId }: Pick<Firing, "id" | "triggerId">): boolean {
    return (
      this.db
        .prepare(`SELECT 1 FROM trigger_firings WHERE trigger_id = ? AND id < ? AND ${OPEN} LIMIT 1`)
        .get(triggerId, id) !== undefined
    );
  }

  /** Executions of a trigger that have not settled, oldest first. */
  underWay(triggerId: number): readonly string[] {
    const rows = this.db
      .prepare(
        "SELECT execution_id FROM trigger_firings JOIN executions ON executions.id = execution_id WHERE trigger_id = ? AND state = 'started' AND settled_at IS NULL ORDER BY trigger_firings.id",
      )
      .all(triggerId) as { execution_id: string }[];
    return rows.map((row) => row.execution_id);
  }

  /** What a firing has come to. */
  outcome(id: number): { readonly state: FiringState; readonly message?: string } {
    const row = this.db.prepare("SELECT state, message FROM trigger_firings WHERE id = ?").get(id) as
      { state: FiringState; message: string | null } | undefined;
    return { state: row?.state ?? "failed", ...(row?.message == null ? {} : { message: row.message }) };
  }

  state(id: number, state: FiringState, message?: string): void {
    if (state === "queued") this.db.prepare("UPDATE trigger_firings SET state = 'queued' WHERE id = ?").run(id);
    else
      this.db
        .prepare("UPDATE trigger_firings SET state = ?, message = ?, nonce = NULL, sealed = NULL WHERE id = ?")
        .run(state, message ?? null, id);
  }

  /** Forgets what ended before `before`. */
  purge(before: number): void {
    this.db.prepare("DELETE FROM trigger_firings WHERE at < ? AND state NOT IN ('pending', 'queued')").run(before);
  }

  private firingOf(row: Row): Firing {
    if (row.nonce === null || row.sealed === null) throw new Bug(`firing ${row.id} is open and empty`);
    const text = unseal(this.lock.key, row.nonce, row.sealed, `firing/${row.execution_id}`);
    const { event, input } =
      text === undefined ? { event: null, input: null } : (JSON.parse(text) as { event: Json; input: Json });
    return {
      id: row.id,
      triggerId: row.trigger_id,
      key: row.key,
      at: row.at,
      state: row.state,
      executionId: row.execution_id,
      event,
      input,
    };
  }
}
