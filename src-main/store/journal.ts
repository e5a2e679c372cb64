import { closeSync, fdatasync, openSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { Database, Statement } from "better-sqlite3";
import { Bug } from "@shared/base/bug";
import type { Json } from "@shared/base/json";
import type { Parent } from "@shared/execution/event";
import type { KeptText } from "@shared/execution/work";
import type { BreakerEnd, Breakers } from "./breakers";
import type { CacheChange, Caches } from "./caches";
import type { Owners } from "./owners";
import { packed } from "./packing";
import { isRefused } from "./refused";
import { StoredWriter } from "./stored";
import type { Vault } from "./vault";
import type { Waiting, WaitingTables } from "./waiting";

/** All that one turn of a driver leaves behind. The engine's port says the same. */
export interface Turn {
  readonly executionId: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** A JSON list: text, or packed already. */
  readonly events: string | Uint8Array;
  readonly head?: {
    readonly workflowId: string;
    readonly workflowName: string;
    readonly workflowVersion: string;
    readonly startedAt: number;
    readonly debug: boolean;
    readonly place: object;
    readonly parent?: Parent;
    readonly rootId: string;
    readonly queue?: { readonly priority: number; readonly limit?: number };
    readonly environment?: string;
    readonly retentionDays?: number;
    readonly lab?: true;
    readonly outlivesLab?: true;
    readonly given: {
      readonly input: Json;
      readonly parameters: { readonly [name: string]: Json };
      readonly env: { readonly [name: string]: string };
    };
  };
  readonly values: readonly KeptText[];
  readonly secrets: readonly { readonly id: string; readonly text: string }[];
  readonly breakers?: readonly BreakerEnd[];
  readonly caches?: readonly CacheChange[];
  readonly status?: string;
  readonly settlement?: {
    readonly status: string;
    readonly at: number;
    readonly error?: object;
    readonly warnings: number;
    readonly unmetFaults?: readonly string[];
  };
  readonly waiting?: Waiting;
  readonly parked?: { readonly wakeAt?: number } | false;
  readonly taken?: readonly number[];
  readonly wakes?: string;
  readonly reopens?: boolean;
}

/** The write-ahead log may grow this much between checkpoints: the more, the fewer pages are written twice. */
const CHECKPOINT_BYTES = 48 * 1024 * 1024;
/** How long values are written ahead before the host does something else: half of the time it may be silent. */
const SLICE_MS = 4;
/** What a commit adds to the log beside its turns: a page of each index. */
const COMMIT_BYTES = 32 * 1024;
/** What a turn adds to the log beside what it writes: the rest of its page, and its part of the list. */
const TURN_BYTES = 4 * 1024;

/** Appends turns on the host's main thread; everything is a prepared statement. */
export class Journal {
  private readonly begin: Statement;
  private readonly commit: Statement;
  private readonly rollback: Statement;
  private readonly insertExecution: Statement;
  private readonly insertTurn: Statement;
  private readonly grow: Statement;
  private readonly settle: Statement;
  private readonly reopen: Statement;
  private readonly stored: StoredWriter;
  private readonly anySecret: Statement;
  private readonly forget: Statement;
  private readonly find: Statement;
  private readonly findRoot: Statement;
  private readonly numbers = new Map<string, number>();
  private wal: number | undefined;
  private waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  private syncing: Promise<void> | undefined;
  private closed = false;
  private logged = 0;

  constructor(
    private readonly db: Database,
    private readonly vault: Vault,
    private readonly owners: Owners,
    /** What executions share; it changes with their turns. */
    private readonly shared: { readonly breakers: Breakers; readonly caches: Caches; readonly waiting: WaitingTables },
    private readonly changed: (id: string, listed: boolean) => void,
    /** Asked for when the write-ahead log has grown by {@link CHECKPOINT_BYTES}. */
    private readonly checkpoint: () => void,
  ) {
    this.begin = db.prepare("BEGIN IMMEDIATE");
    this.commit = db.prepare("COMMIT");
    this.rollback = db.prepare("ROLLBACK");
    this.insertExecution = db.prepare(
      `INSERT INTO executions (id, workflow_id, workflow_name, workflow_version, status, started_at, debug, owner, parent_id, parent_path, root_id, place, given, events, bytes, environment, retention_days, lab)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.insertTurn = db.prepare("INSERT INTO journal (execution, first_seq, last_seq, events) VALUES (?, ?, ?, ?)");
    this.grow = db.prepare(
      "UPDATE executions SET events = ?, bytes = bytes + ?, status = coalesce(?, status) WHERE number = ?",
    );
    this.settle = db.prepare(
      "UPDATE executions SET events = ?, bytes = bytes + ?, status = ?, settled_at = ?, error = ?, warnings = ?, unmet_faults = ? WHERE number = ?",
    );
    this.reopen = db.prepare("UPDATE executions SET settled_at = NULL, error = NULL, owner = ? WHERE number = ?");
    this.stored = new StoredWriter(db);
    this.anySecret = db.prepare("SELECT 1 FROM vault LIMIT 1");
    this.forget = db.prepare(
      // Begins with the vault, which is small: it holds what unfinished executions and those of their trees need.
      `DELETE FROM vault WHERE execution IN (
         SELECT vault.execution FROM vault CROSS JOIN executions ON executions.number = vault.execution
         WHERE executions.root_id = :root)
       AND NOT EXISTS (SELECT 1 FROM executions WHERE root_id = :root AND settled_at IS NULL)`,
    );
    this.findRoot = db.prepare("SELECT root_id FROM executions WHERE id = ?");
    this.find = db.prepare("SELECT number FROM executions WHERE id = ?");
  }

  /** Appends turns, all in one transaction. */
  write(turns: readonly Turn[]): void {
    this.begin.run();
    try {
      for (const turn of turns) this.apply(turn);
      this.commit.run();
    } catch (error) {
      for (const turn of turns) if (turn.head !== undefined) this.numbers.delete(turn.executionId);
      // A failed commit may have rolled back by itself.
      if (this.db.inTransaction) this.rollback.run();
      this.shared.breakers.refresh();
      this.shared.caches.refresh();
      throw error;
    }
    for (const turn of turns) {
      const { executionId, head, settlement, waiting, parked, status } = turn;
      const leaves = settlement !== undefined || (parked !== undefined && parked !== false);
      if (leaves) this.numbers.delete(executionId);
      this.changed(executionId, leaves || [head, waiting, status].some((one) => one !== undefined));
    }
    this.grown(COMMIT_BYTES);
  }

  /** Writes values ahead of their turn, a little at a time; gives them back, marked unless something stood against it. */
  async writeAhead(id: string, values: readonly KeptText[]): Promise<readonly KeptText[]> {
    const number = this.numberOf(id);
    try {
      for (const value of values) {
        const pieces = this.stored.pieces(number, value);
        for (let isMore = true; isMore;) {
          isMore = this.some(pieces);
          await setImmediate();
        }
        this.grown(value.text.length);
      }
    } catch (error) {
      if (!isRefused(error)) throw error;
      // The turn writes them all, and says what is wrong if that is still so.
      return values;
    }
    return values.map((value) => ({ ...value, isWritten: true }));
  }

  /** Writes pieces for a moment; whether there are more. */
  private some(pieces: Generator<() => void>): boolean {
    const until = performance.now() + SLICE_MS;
    this.begin.run();
    try {
      let next = pieces.next();
      for (; next.done !== true; next = pieces.next()) {
        next.value();
        if (performance.now() > until) break;
      }
      this.commit.run();
      return next.done !== true;
    } catch (error) {
      if (this.db.inTransaction) this.rollback.run();
      throw error;
    }
  }

  private grown(bytes: number): void {
    this.logged += bytes;
    if (this.logged <= CHECKPOINT_BYTES) return;
    this.logged = 0;
    this.checkpoint();
  }

  private apply(turn: Turn): void {
    const events = typeof turn.events === "string" ? packed(turn.events) : turn.events;
    let bytes = events.length;
    let ahead = 0;
    for (const { text, isWritten } of turn.values) {
      bytes += text.length;
      if (isWritten === true) ahead += text.length;
    }
    const number = turn.head === undefined ? this.numberOf(turn.executionId) : this.enter(turn, turn.head, bytes);
    this.logged += bytes - ahead + TURN_BYTES;
    this.insertTurn.run(number, turn.firstSeq, turn.lastSeq, events);
    for (const value of turn.values) this.stored.write(number, value);
    for (const secret of turn.secrets) this.vault.write(number, turn.executionId, secret.id, secret.text);
    for (const ended of turn.breakers ?? []) this.shared.breakers.apply(ended);
    for (const change of turn.caches ?? []) this.shared.caches.apply(change);
    if (turn.reopens === true) this.reopen.run(this.owners.host, number);
    const end = turn.settlement;
    this.wait(number, turn);
    if (end !== undefined) {
      this.settle.run(
        turn.lastSeq,
        turn.head === undefined ? bytes : 0,
        end.status,
        end.at,
        end.error === undefined ? null : JSON.stringify(end.error),
        end.warnings,
        end.unmetFaults === undefined ? null : JSON.stringify(end.unmetFaults),
        number,
      );
      // A called execution's values may still be named by its caller, or be needed to undo it: they go with the whole tree.
      // Most of the time there is nothing in the vault, and looking is much cheaper than deleting nothing.
      if (this.anySecret.get() !== undefined) this.forget.run({ root: this.rootOf(turn) });
    } else if (turn.head === undefined) {
      this.grow.run(turn.lastSeq, bytes, turn.status ?? null, number);
    }
  }

  private wait(number: number, { head, waiting, parked, taken, wakes, settlement }: Turn): void {
    const tables = this.shared.waiting;
    if (head?.queue !== undefined) tables.setQueue(number, head.queue);
    if (waiting !== undefined) tables.replace(number, waiting, settlement !== undefined);
    if (taken !== undefined) tables.take(taken);
    if (parked !== undefined) tables.setParked(number, parked);
    if (wakes !== undefined) tables.wake(wakes);
  }

  private enter(turn: Turn, head: NonNullable<Turn["head"]>, bytes: number): number {
    const made = this.insertExecution.run(
      turn.executionId,
      head.workflowId,
      head.workflowName,
      head.workflowVersion,
      turn.status ?? "running",
      head.startedAt,
      head.debug ? 1 : 0,
      this.owners.host,
      head.parent?.executionId ?? null,
      head.parent?.path ?? null,
      head.rootId,
      JSON.stringify(head.place),
      JSON.stringify(head.given),
      turn.lastSeq,
      bytes,
      head.environment ?? null,
      head.retentionDays ?? null,
      labOf(head),
    );
    const number = Number(made.lastInsertRowid);
    this.numbers.set(turn.executionId, number);
    return number;
  }

  private rootOf({ executionId, head }: Turn): string {
    return head?.rootId ?? (this.findRoot.get(executionId) as { root_id: string }).root_id;
  }

  private numberOf(id: string): number {
    const known = this.numbers.get(id);
    if (known !== undefined) return known;
    const row = this.find.get(id) as { number: number } | undefined;
    if (row === undefined) throw new Bug(`no execution ${id} to append to`);
    this.numbers.set(id, row.number);
    return row.number;
  }

  /**
   * Syncs the write-ahead log off the main thread. Calls that come while a sync runs share the next one.
   *
   * SQLite syncs the log itself before a checkpoint moves it, so the log's file is all there is to sync.
   */
  durable(): Promise<void> {
    if (this.closed) return Promise.reject(new Bug("the store is closed"));
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      if (this.syncing === undefined) this.sync();
    });
  }

  private sync(): void {
    const wal = (this.wal ??= openSync(`${this.db.name}-wal`, "r+"));
    const served = this.waiting;
    this.waiting = [];
    this.syncing = new Promise((ended) => {
      fdatasync(wal, (error) => {
        this.syncing = undefined;
        for (const { resolve, reject } of served) {
          if (error === null) resolve();
          else reject(error);
        }
        if (this.waiting.length > 0) this.sync();
        ended();
      });
    });
  }

  /** Ends a sync that runs first: its file may not be closed under it, nor opened anew after it. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { reject } of this.waiting.splice(0)) reject(new Bug("the store is closed"));
    await this.syncing;
    // Windows deletes no log that is still open.
    if (this.wal !== undefined) closeSync(this.wal);
    this.wal = undefined;
  }
}

/** 1 for an execution of the lab, 2 for one that may go on without it. */
function labOf({ lab, outlivesLab }: NonNullable<Turn["head"]>): number {
  if (lab !== true) return 0;
  return outlivesLab === true ? 2 : 1;
}
