import type { Database } from "better-sqlite3";
import type { ExecutionRow } from "@shared/contract/executions";
import type { Entry } from "@shared/execution/event";
import { eventsIn } from "@shared/execution/journal-text";
import type { ExecutionStatus } from "@shared/execution/status";
import { hostLives } from "./owners";
import { unpacked } from "./packing";
import { StoredReader } from "./stored";

/** Which executions a list shows. */
export interface ListQuery {
  readonly workflowId?: string;
  readonly status?: readonly string[];
  /** In name, id, number or error. */
  readonly search?: string;
  readonly from: number;
  readonly limit: number;
}

/** A page of a list, newest first. */
export interface ListPage {
  readonly rows: readonly ExecutionRow[];
  readonly total: number;
  readonly bytes: number;
}

interface Row {
  id: string;
  number: number;
  workflow_id: string;
  workflow_name: string;
  workflow_version: string;
  status: ExecutionStatus;
  started_at: number;
  settled_at: number | null;
  error: string | null;
  warnings: number;
  debug: number;
  owner: string | null;
  parent_id: string | null;
  parent_path: string | null;
  events: number;
  bytes: number;
  parked: number;
  wake_at: number | null;
  lab: number;
}

const COLUMNS =
  "id, number, workflow_id, workflow_name, workflow_version, status, started_at, settled_at, error, warnings, debug, owner, parent_id, parent_path, events, bytes, parked, wake_at, lab";

/** Reads that may take long; they run in the store's own thread on their own connection. */
export class Reads {
  readonly stored: StoredReader;

  constructor(
    private readonly db: Database,
    private readonly hosts: string,
    private readonly own: string,
  ) {
    this.stored = new StoredReader(db);
  }

  journal(id: string, from: number, limit: number): readonly Entry[] {
    const rows = this.db
      .prepare(
        "SELECT first_seq, events FROM journal WHERE execution = (SELECT number FROM executions WHERE id = ?) AND last_seq >= ? AND first_seq < ? ORDER BY first_seq",
      )
      .all(id, from, from + limit) as { first_seq: number; events: string | Uint8Array }[];
    const entries: Entry[] = [];
    for (const row of rows) {
      const events = eventsIn(unpacked(row.events));
      events.forEach((event, index) => {
        const seq = row.first_seq + index;
        if (seq >= from && seq < from + limit) entries.push({ seq, event });
      });
    }
    return entries;
  }

  snapshot(id: string): { readonly seq: number; readonly text: string } | undefined {
    return this.db
      .prepare("SELECT seq, text FROM snapshots WHERE execution = (SELECT number FROM executions WHERE id = ?)")
      .get(id) as { seq: number; text: string } | undefined;
  }

  text(id: string, value: string): string | undefined {
    return this.stored.text(id, value);
  }

  row(id: string): ExecutionRow | undefined {
    const row = this.db.prepare(`SELECT ${COLUMNS} FROM executions WHERE id = ? AND deleted_at IS NULL`).get(id) as
      Row | undefined;
    return row === undefined ? undefined : this.shown(row, new Map());
  }

  list(query: ListQuery): ListPage {
    const where = ["deleted_at IS NULL"];
    const values: (string | number)[] = [];
    if (query.workflowId !== undefined) {
      where.push("workflow_id = ?");
      values.push(query.workflowId);
    }
    if (query.status !== undefined && query.status.length > 0) {
      where.push(`status IN (${query.status.map(() => "?").join(", ")})`);
      values.push(...query.status);
    }
    if (query.search !== undefined && query.search.trim() !== "") {
      const like = `%${query.search
        .trim()
        .replace(/^#/, "")
        .replace(/[\\%_]/g, "\\$&")}%`;
      where.push(
        "(workflow_name LIKE ? ESCAPE '\\' OR workflow_id LIKE ? ESCAPE '\\' OR id LIKE ? ESCAPE '\\' OR number LIKE ? ESCAPE '\\' OR error LIKE ? ESCAPE '\\')",
      );
      values.push(like, like, like, like, like);
    }
    const filter = where.join(" AND ");
    const sums = this.db
      .prepare(`SELECT count(*) AS total, coalesce(sum(bytes), 0) AS bytes FROM executions WHERE ${filter}`)
      .get(...values) as { total: number; bytes: number };
    const rows = this.db
      .prepare(`SELECT ${COLUMNS} FROM executions WHERE ${filter} ORDER BY number DESC LIMIT ? OFFSET ?`)
      .all(...values, query.limit, query.from) as Row[];
    const alive = new Map<string, boolean>();
    return { rows: rows.map((row) => this.shown(row, alive)), ...sums };
  }

  /** The last executions of every workflow, oldest first, at most `limit` each; what went wrong on purpose is no part of its record. */
  recent(limit: number): { readonly [workflowId: string]: readonly ExecutionRow[] } {
    const rows = this.db
      .prepare(
        `SELECT ${COLUMNS} FROM (SELECT *, row_number() OVER (PARTITION BY workflow_id ORDER BY number DESC) AS nth FROM executions WHERE deleted_at IS NULL AND parent_id IS NULL AND lab = 0)
         WHERE nth <= ? ORDER BY number`,
      )
      .all(limit) as Row[];
    const alive = new Map<string, boolean>();
    const byWorkflow: { [workflowId: string]: ExecutionRow[] } = Object.create(null) as {
      [workflowId: string]: ExecutionRow[];
    };
    for (const row of rows) (byWorkflow[row.workflow_id] ??= []).push(this.shown(row, alive));
    return byWorkflow;
  }

  private shown(row: Row, alive: Map<string, boolean>): ExecutionRow {
    return {
      id: row.id,
      number: row.number,
      workflowId: row.workflow_id,
      workflowName: row.workflow_name,
      workflowVersion: row.workflow_version,
      status: row.status,
      startedAt: row.started_at,
      ...(row.settled_at === null ? {} : { settledAt: row.settled_at, durationMs: row.settled_at - row.started_at }),
      ...(row.error === null
        ? {}
        : { error: JSON.parse(row.error) as { type: string; message: string; component?: string } }),
      warnings: row.warnings,
      debug: row.debug === 1,
      ...(row.lab === 0 ? {} : { lab: true }),
      live: row.settled_at === null && this.lives(row.owner, alive),
      ...(row.parent_id === null ? {} : { parent: { executionId: row.parent_id, path: row.parent_path ?? "" } }),
      ...(row.parked === 0 || row.settled_at !== null || row.status === "queued"
        ? {}
        : { waiting: row.wake_at === null ? {} : { until: row.wake_at } }),
      events: row.events,
      bytes: row.bytes,
    };
  }

  private lives(owner: string | null, alive: Map<string, boolean>): boolean {
    if (owner === null) return false;
    if (owner === this.own) return true;
    const known = alive.get(owner) ?? hostLives(this.hosts, owner);
    alive.set(owner, known);
    return known;
  }
}
