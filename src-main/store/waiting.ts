import type { Database, Statement } from "better-sqlite3";
import { isMeant } from "@shared/base/pattern";
import type { Json, JsonObject } from "@shared/base/json";
import type { TaskRow } from "@shared/contract/waiting";
import { seal, unseal } from "./vault";
import type { VaultLock } from "./vault-lock";

/** What an execution waits for that comes from outside, as of the end of a turn. */
export interface Waiting {
  readonly events: readonly { readonly path: string; readonly pattern: string }[];
  readonly tasks: readonly {
    readonly path: string;
    readonly name: string;
    readonly description?: string;
    readonly form: JsonObject;
    readonly input: Json;
    readonly assignee?: string;
    readonly openedAt: number;
    readonly deadline?: number;
    readonly escalatedAt?: number;
  }[];
  /** Tasks that were answered in this turn. */
  readonly answered: readonly {
    readonly path: string;
    readonly at: number;
    readonly by: string;
    readonly answer: Json;
  }[];
}

/** Something that came for a waiting component, or for the execution (no path), and has not been taken in yet. */
export interface Message {
  readonly number: number;
  readonly path: string;
  readonly body: JsonObject;
}

interface TaskColumns {
  id: string;
  number: number;
  path: string;
  workflow_id: string;
  workflow_name: string;
  name: string;
  description: string | null;
  form: string;
  input: string;
  assignee: string | null;
  opened_at: number;
  deadline: number | null;
  escalated_at: number | null;
  answered_at: number | null;
  answered_by: string | null;
  answer: string | null;
}

/** Messages are sealed: an answer or an event may hold what nobody else is to read. */
const SEALED_AS = "message";
const NUMBER = "(SELECT number FROM executions WHERE id = ?)";

/** Which executions wait for what, and what has come for them: on the host's main thread, all of it small. */
export class WaitingTables {
  private readonly remove: readonly Statement[];
  private readonly putEvent: Statement;
  private readonly putTask: Statement;
  private readonly answerTask: Statement;
  private readonly taken: Statement;
  private readonly drop: Statement;
  private readonly park: Statement;
  private readonly wakeParent: Statement;

  constructor(
    private readonly db: Database,
    private readonly lock: VaultLock,
    private readonly host: string,
    private readonly lives: (host: string) => boolean,
    private readonly changed: () => void,
  ) {
    this.remove = [
      db.prepare("DELETE FROM waits WHERE execution = ?"),
      db.prepare("DELETE FROM tasks WHERE execution = ? AND answered_at IS NULL"),
    ];
    this.putEvent = db.prepare("INSERT INTO waits (execution, path, pattern) VALUES (?, ?, ?)");
    this.putTask = db.prepare(
      `INSERT OR REPLACE INTO tasks (execution, path, name, description, form, input, assignee, opened_at, deadline, escalated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.answerTask = db.prepare(
      "UPDATE tasks SET answered_at = ?, answered_by = ?, answer = ? WHERE execution = ? AND path = ?",
    );
    this.taken = db.prepare("DELETE FROM messages WHERE number = ?");
    this.drop = db.prepare("DELETE FROM messages WHERE execution = ?");
    this.park = db.prepare("UPDATE executions SET parked = ?, wake_at = ? WHERE number = ?");
    this.wakeParent = db.prepare("UPDATE executions SET wake_at = 0 WHERE id = ? AND parked = 1");
  }

  /** Part of a turn's transaction: what execution `number` waits for is this and nothing else; `over`: it waits for nothing again. */
  replace(number: number, { events, tasks, answered }: Waiting, over: boolean): void {
    if (over) this.drop.run(number);
    for (const { path, at, by, answer } of answered) this.answerTask.run(at, by, JSON.stringify(answer), number, path);
    for (const statement of this.remove) statement.run(number);
    for (const { path, pattern } of events) this.putEvent.run(number, path, pattern);
    for (const task of tasks) {
      const { path, name, description, form, input, assignee, openedAt, deadline, escalatedAt } = task;
      this.putTask.run(
        number,
        path,
        name,
        description ?? null,
        JSON.stringify(form),
        JSON.stringify(input),
        assignee ?? null,
        openedAt,
        deadline ?? null,
        escalatedAt ?? null,
      );
    }
  }

  /** Part of a turn's transaction: these messages are taken in. */
  take(numbers: readonly number[]): void {
    for (const number of numbers) this.taken.run(number);
  }

  /** Part of a turn's transaction: the execution leaves memory until `wakeAt` or a message, or comes back. */
  setParked(number: number, parked: { readonly wakeAt?: number } | false): void {
    if (parked === false) this.park.run(0, null, number);
    else this.park.run(1, parked.wakeAt ?? null, number);
  }

  /** Part of a turn's transaction: who called an execution that settles is due, should it have left memory. */
  wake(id: string): void {
    this.wakeParent.run(id);
  }

  /** Marks an execution as having left memory, outside a turn: nothing was journalled since it came back. */
  parkNow(id: string, wakeAt: number | undefined): void {
    this.db.prepare("UPDATE executions SET parked = 1, wake_at = ? WHERE id = ?").run(wakeAt ?? null, id);
  }

  /** The executions of this host that have left memory. */
  parked(): readonly { readonly id: string; readonly wakeAt?: number }[] {
    const rows = this.db
      .prepare(
        // One that waits for nothing but an execution it called looks after it at once: its end may have come unnoticed.
        `SELECT id, CASE WHEN wake_at IS NULL AND status <> 'queued'
           AND NOT EXISTS (SELECT 1 FROM waits WHERE execution = executions.number)
           AND NOT EXISTS (SELECT 1 FROM tasks WHERE execution = executions.number AND answered_at IS NULL)
           THEN 0 ELSE wake_at END AS wake_at
         FROM executions WHERE parked = 1 AND owner = ? AND settled_at IS NULL`,
      )
      .all(this.host) as { id: string; wake_at: number | null }[];
    return rows.map(({ id, wake_at }) => (wake_at === null ? { id } : { id, wakeAt: wake_at }));
  }

  /** How many wait for an event of `type`, wherever they run; each gets it as a message. */
  sendEvent(type: string, body: JsonObject, at: number): number {
    const patterns = this.db.prepare("SELECT DISTINCT pattern FROM waits").pluck().all() as string[];
    const meant = patterns.filter((pattern) => isMeant(pattern, type));
    if (meant.length === 0) return 0;
    const { nonce, sealed } = seal(this.lock.key, JSON.stringify(body), SEALED_AS);
    const send = this.db.prepare(
      "INSERT INTO messages (execution, path, at, nonce, sealed) SELECT execution, path, ?, ?, ? FROM waits WHERE pattern = ?",
    );
    const sent = this.db
      .transaction(() => meant.reduce((sum, pattern) => sum + send.run(at, nonce, sealed, pattern).changes, 0))
      .immediate();
    this.changed();
    return sent;
  }

  /** Whether any execution waits for events of `type`. */
  isAwaited(type: string): boolean {
    const patterns = this.db.prepare("SELECT DISTINCT pattern FROM waits").pluck().all() as string[];
    return patterns.some((pattern) => isMeant(pattern, type));
  }

  /** Leaves `body` for the open task at `path`; false when there is no such task, or somebody was faster. */
  sendAnswer(id: string, path: string, body: JsonObject, at: number): boolean {
    const { nonce, sealed } = seal(this.lock.key, JSON.stringify(body), SEALED_AS);
    const { changes } = this.db
      .prepare(
        `INSERT INTO messages (execution, path, at, nonce, sealed)
         SELECT execution, path, ?, ?, ? FROM tasks
         WHERE execution = ${NUMBER} AND path = ? AND answered_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.execution = tasks.execution AND messages.path = tasks.path)`,
      )
      .run(at, nonce, sealed, id, path);
    if (changes > 0) this.changed();
    return changes > 0;
  }

  /** Leaves `body` for an execution that has not settled, whoever carries it. */
  send(id: string, body: JsonObject, at: number): void {
    const { nonce, sealed } = seal(this.lock.key, JSON.stringify(body), SEALED_AS);
    const { changes } = this.db
      .prepare(
        `INSERT INTO messages (execution, path, at, nonce, sealed)
         SELECT number, '', ?, ?, ? FROM executions WHERE id = ? AND settled_at IS NULL`,
      )
      .run(at, nonce, sealed, id);
    if (changes > 0) this.changed();
  }

  /** What has come for an execution, oldest first. One that cannot be opened (another key) comes with an empty body. */
  messages(id: string): readonly Message[] {
    const rows = this.db
      .prepare(`SELECT number, path, nonce, sealed FROM messages WHERE execution = ${NUMBER} ORDER BY number`)
      .all(id) as { number: number; path: string; nonce: Buffer; sealed: Buffer }[];
    return rows.map(({ number, path, nonce, sealed }) => {
      const text = unseal(this.lock.key, nonce, sealed, SEALED_AS);
      return { number, path, body: text === undefined ? {} : (JSON.parse(text) as JsonObject) };
    });
  }

  /** Removes messages outside a turn: they led to nothing. */
  discard(numbers: readonly number[]): void {
    this.db.transaction(() => this.take(numbers)).immediate();
  }

  /** Part of an execution's first turn: how it queues. */
  setQueue(number: number, { priority, limit }: { readonly priority: number; readonly limit?: number }): void {
    this.db
      .prepare("UPDATE executions SET priority = ?, run_limit = ? WHERE number = ?")
      .run(priority, limit ?? null, number);
  }

  /** Executions of this host that wait for their turn, in the order they are to begin. */
  queued(): readonly { readonly id: string; readonly workflowId: string; readonly limit?: number }[] {
    const rows = this.db
      .prepare(
        "SELECT id, workflow_id, run_limit FROM executions WHERE status = 'queued' AND owner = ? AND settled_at IS NULL ORDER BY priority DESC, number",
      )
      .all(this.host) as { id: string; workflow_id: string; run_limit: number | null }[];
    return rows.map(({ id, workflow_id, run_limit }) => ({
      id,
      workflowId: workflow_id,
      ...(run_limit === null ? {} : { limit: run_limit }),
    }));
  }

  /** Lets a queued execution begin if neither its workflow nor the workspace has too many; in one transaction. */
  admit(id: string, workflowId: string, limit: number | undefined, workspaceLimit: number | undefined): boolean {
    const begun = this.db
      .transaction(
        () =>
          !this.isFull(workflowId, limit, workspaceLimit) &&
          this.db.prepare("UPDATE executions SET status = 'running' WHERE id = ? AND status = 'queued'").run(id)
            .changes > 0,
      )
      .immediate();
    if (begun) this.changed();
    return begun;
  }

  /**
   * Whether as many run as may. Those that wait or are held count, called ones and those of hosts that are gone do not. One of a
   * laboratory takes a place of the workspace, and none of its workflow.
   */
  isFull(workflowId: string, limit: number | undefined, workspaceLimit: number | undefined): boolean {
    const rows = this.db
      .prepare(
        `SELECT owner, workflow_id = ? AND lab = 0 AS same, count(*) AS count FROM executions
         WHERE settled_at IS NULL AND parent_id IS NULL AND status <> 'queued' GROUP BY owner, same`,
      )
      .all(workflowId) as { owner: string | null; same: number; count: number }[];
    const living = rows.filter(({ owner }) => owner !== null && this.lives(owner));
    const sum = (some: typeof living): number => some.reduce((so, { count }) => so + count, 0);
    if (limit !== undefined && sum(living.filter(({ same }) => same === 1)) >= limit) return true;
    return workspaceLimit !== undefined && sum(living) >= workspaceLimit;
  }

  /** Executions of a workflow outside laboratories that have not settled and that nobody called, oldest first. */
  underWay(workflowId: string): readonly string[] {
    return this.db
      .prepare(
        "SELECT id FROM executions WHERE workflow_id = ? AND lab = 0 AND settled_at IS NULL AND parent_id IS NULL ORDER BY number",
      )
      .pluck()
      .all(workflowId) as string[];
  }

  /** Executions of this host that something has come for. */
  recipients(): readonly string[] {
    return this.db
      .prepare(
        `SELECT DISTINCT executions.id FROM messages JOIN executions ON executions.number = messages.execution
         WHERE executions.owner = ? AND executions.settled_at IS NULL`,
      )
      .pluck()
      .all(this.host) as string[];
  }

  /** Tasks of executions that are under way, oldest first; or those answered, newest first. */
  tasks(state: "open" | "answered", limit = 1000): readonly TaskRow[] {
    const which =
      state === "open"
        ? "answered_at IS NULL AND executions.settled_at IS NULL ORDER BY opened_at, executions.number, path"
        : "answered_at IS NOT NULL ORDER BY answered_at DESC, executions.number, path";
    const rows = this.db
      .prepare(
        `SELECT executions.id, executions.number, workflow_id, workflow_name, tasks.*
         FROM tasks JOIN executions ON executions.number = tasks.execution
         WHERE executions.deleted_at IS NULL AND ${which} LIMIT ?`,
      )
      .all(limit) as TaskColumns[];
    return rows.map(shown);
  }

  /** A task of an execution that is under way. */
  task(id: string, path: string): TaskRow | undefined {
    const row = this.db
      .prepare(
        `SELECT executions.id, executions.number, workflow_id, workflow_name, tasks.*
         FROM tasks JOIN executions ON executions.number = tasks.execution WHERE executions.id = ? AND path = ?`,
      )
      .get(id, path) as TaskColumns | undefined;
    return row === undefined ? undefined : shown(row);
  }
}

function shown(row: TaskColumns): TaskRow {
  return {
    executionId: row.id,
    executionNumber: row.number,
    path: row.path,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    name: row.name,
    ...(row.description === null ? {} : { description: row.description }),
    form: JSON.parse(row.form) as JsonObject,
    input: JSON.parse(row.input) as Json,
    ...(row.assignee === null ? {} : { assignee: row.assignee }),
    openedAt: row.opened_at,
    ...(row.deadline === null ? {} : { deadline: row.deadline }),
    ...(row.escalated_at === null ? {} : { escalatedAt: row.escalated_at }),
    ...(row.answered_at === null
      ? {}
      : {
          answered: {
            at: row.answered_at,
            by: row.answered_by ?? "",
            answer: JSON.parse(row.answer ?? "null") as Json,
          },
        }),
  };
}
