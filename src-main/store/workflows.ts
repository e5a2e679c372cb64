import type { Database } from "better-sqlite3";
import type { Clock } from "./clock";

export type Origin = "workspace" | "example" | "import" | "bundle" | "file";

/** What the library shows of a revision; the caller reads it out of the text when it saves. */
export interface WorkflowSummary {
  readonly name: string;
  readonly purpose: string;
  readonly category: string;
  readonly tags: readonly string[];
  readonly version: string;
  readonly components: number;
  readonly score: number;
  readonly findings: { readonly errors: number; readonly warnings: number; readonly infos: number };
}

/** A stored workflow. */
export interface StoredWorkflow {
  readonly id: string;
  readonly revision: number;
  readonly changedAt: number;
  readonly format: "yaml" | "json";
  readonly text: string;
  readonly summary: WorkflowSummary;
  readonly origin: Origin;
  readonly file?: string;
  readonly favourite: boolean;
}

/** Unsaved text of a workflow. */
export interface Draft {
  readonly text: string;
  readonly savedAt: number;
  readonly baseRevision: number;
}

export type SaveResult =
  | { readonly kind: "saved"; readonly revision: number; readonly savedAt: number }
  | { readonly kind: "stale"; readonly stored: number; readonly storedText: string }
  | { readonly kind: "missing" }
  | { readonly kind: "id-taken" };

interface Row {
  id: string;
  revision: number;
  changed_at: number;
  format: "yaml" | "json";
  text: string;
  summary: string;
  origin: Origin;
  file: string | null;
  favourite: number;
}

/** What a save writes. `newId` renames the workflow in the same transaction. */
export interface Save {
  readonly id: string;
  readonly text: string;
  readonly format: "yaml" | "json";
  readonly summary: WorkflowSummary;
  /** The revision the text was made from. */
  readonly revision: number;
  readonly newId?: string;
}

const COLUMNS = "id, revision, changed_at, format, text, summary, origin, file, favourite";

function stored(row: Row): StoredWorkflow {
  return {
    id: row.id,
    revision: row.revision,
    changedAt: row.changed_at,
    format: row.format,
    text: row.text,
    summary: JSON.parse(row.summary) as WorkflowSummary,
    origin: row.origin,
    ...(row.file === null ? {} : { file: row.file }),
    favourite: row.favourite === 1,
  };
}

/** The library's rows. Deleted workflows keep their id until they are purged. */
export class Workflows {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly changed: () => void,
  ) {}

  /** All that are not deleted, by name. */
  list(): readonly StoredWorkflow[] {
    const rows = this.db
      .prepare(`SELECT ${COLUMNS} FROM workflows WHERE deleted_at IS NULL ORDER BY id`)
      .all() as Row[];
    return rows.map(stored);
  }

  get(id: string): StoredWorkflow | undefined {
    const row = this.db.prepare(`SELECT ${COLUMNS} FROM workflows WHERE id = ? AND deleted_at IS NULL`).get(id) as
      Row | undefined;
    return row === undefined ? undefined : stored(row);
  }

  /** The workflow that edits `file` in place. */
  byFile(file: string): StoredWorkflow | undefined {
    const row = this.db.prepare(`SELECT ${COLUMNS} FROM workflows WHERE file = ? AND deleted_at IS NULL`).get(file) as
      Row | undefined;
    return row === undefined ? undefined : stored(row);
  }

  /** Whether a workflow, deleted ones included, has this id. */
  has(id: string): boolean {
    return this.db.prepare("SELECT 1 FROM workflows WHERE id = ?").get(id) !== undefined;
  }

  /** `wanted`, else `wanted_2`, `wanted_3`… */
  freeId(wanted: string): string {
    if (!this.has(wanted)) return wanted;
    for (let n = 2; ; n += 1) if (!this.has(`${wanted}_${n}`)) return `${wanted}_${n}`;
  }

  /** Adds a workflow at revision 1; false when the id is taken. */
  create(workflow: {
    readonly id: string;
    readonly text: string;
    readonly format: "yaml" | "json";
    readonly summary: WorkflowSummary;
    readonly origin: Origin;
    readonly file?: string;
  }): boolean {
    const at = this.clock.now();
    const done = this.db
      .transaction(() => {
        if (this.has(workflow.id)) return false;
        this.db
          .prepare(
            "INSERT INTO workflows (id, revision, changed_at, format, text, summary, origin, file) VALUES (?, 1, ?, ?, ?, ?, ?, ?)",
          )
          .run(
            workflow.id,
            at,
            workflow.format,
            workflow.text,
            JSON.stringify(workflow.summary),
            workflow.origin,
            workflow.file ?? null,
          );
        this.keepRevision(workflow.id, 1, at, workflow.summary.version, workflow.format, workflow.text);
        return true;
      })
      .immediate();
    if (done) this.changed();
    return done;
  }

  /** Stores text as the next revision and drops the draft, in one transaction. */
  save(save: Save): SaveResult {
    const at = this.clock.now();
    const result = this.db
      .transaction((): SaveResult => {
        const row = this.db
          .prepare("SELECT revision, text FROM workflows WHERE id = ? AND deleted_at IS NULL")
          .get(save.id) as { revision: number; text: string } | undefined;
        if (row === undefined) return { kind: "missing" };
        if (row.revision !== save.revision) return { kind: "stale", stored: row.revision, storedText: row.text };
        const id = save.newId ?? save.id;
        if (id !== save.id && this.has(id)) return { kind: "id-taken" };
        const revision = row.revision + 1;
        this.db
          .prepare(
            "UPDATE workflows SET id = ?, revision = ?, changed_at = ?, format = ?, text = ?, summary = ? WHERE id = ?",
          )
          .run(id, revision, at, save.format, save.text, JSON.stringify(save.summary), save.id);
        if (id !== save.id) {
          this.db.prepare("DELETE FROM breakpoints WHERE workflow_id = ?").run(id);
          this.db.prepare("UPDATE breakpoints SET workflow_id = ? WHERE workflow_id = ?").run(id, save.id);
        }
        this.keepRevision(id, revision, at, save.summary.version, save.format, save.text);
        this.db.prepare("DELETE FROM drafts WHERE workflow_id = ?").run(id);
        return { kind: "saved", revision, savedAt: at };
      })
      .immediate();
    if (result.kind === "saved") this.changed();
    return result;
  }

  /** Replaces the summary of a revision, when the rules of `check` have changed; not an edit. */
  setSummary(id: string, revision: number, summary: WorkflowSummary): void {
    this.db
      .prepare("UPDATE workflows SET summary = ? WHERE id = ? AND revision = ?")
      .run(JSON.stringify(summary), id, revision);
  }

  private keepRevision(id: string, revision: number, at: number, version: string, format: string, text: string): void {
    this.db
      .prepare(
        "INSERT INTO revisions (workflow_id, revision, saved_at, version, format, text) VALUES (?, ?, ?, ?, ?, ?)",
      )
      .run(id, revision, at, version, format, text);
  }

  /** Newest first. */
  revisions(id: string): readonly { readonly revision: number; readonly savedAt: number; readonly version: string }[] {
    return this.db
      .prepare(
        "SELECT revision, saved_at AS savedAt, version FROM revisions WHERE workflow_id = ? ORDER BY revision DESC",
      )
      .all(id) as { revision: number; savedAt: number; version: string }[];
  }

  revisionText(id: string, revision: number): string | undefined {
    const row = this.db
      .prepare("SELECT text FROM revisions WHERE workflow_id = ? AND revision = ?")
      .get(id, revision) as { text: string } | undefined;
    return row?.text;
  }

  draft(id: string): Draft | undefined {
    return this.db
      .prepare("SELECT text, saved_at AS savedAt, base_revision AS baseRevision FROM drafts WHERE workflow_id = ?")
      .get(id) as Draft | undefined;
  }

  /** Keeps unsaved text, or drops it; false when there is no such workflow. */
  saveDraft(id: string, text: string | null, baseRevision: number): { readonly savedAt: number } | undefined {
    const savedAt = this.clock.now();
    return this.db
      .transaction(() => {
        if (this.get(id) === undefined) return undefined;
        if (text === null) this.db.prepare("DELETE FROM drafts WHERE workflow_id = ?").run(id);
        else
          this.db
            .prepare(
              "INSERT INTO drafts (workflow_id, text, saved_at, base_revision) VALUES (?, ?, ?, ?) ON CONFLICT (workflow_id) DO UPDATE SET text = excluded.text, saved_at = excluded.saved_at, base_revision = excluded.base_revision",
            )
            .run(id, text, savedAt, baseRevision);
        return { savedAt };
      })
      .immediate();
  }

  favourite(id: string, on: boolean): boolean {
    return this.touch(
      this.db.prepare("UPDATE workflows SET favourite = ? WHERE id = ? AND deleted_at IS NULL").run(on ? 1 : 0, id)
        .changes,
    );
  }

  delete(id: string): boolean {
    return this.touch(
      this.db
        .prepare("UPDATE workflows SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL")
        .run(this.clock.now(), id).changes,
    );
  }

  restore(id: string): boolean {
    return this.touch(
      this.db.prepare("UPDATE workflows SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL").run(id).changes,
    );
  }

  /** Removes what was deleted before `before` for good. */
  purge(before: number): number {
    return this.db.prepare("DELETE FROM workflows WHERE deleted_at < ?").run(before).changes;
  }

  private touch(changes: number): boolean {
    if (changes > 0) this.changed();
    return changes > 0;
  }
}
