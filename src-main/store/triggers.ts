import type { Database } from "better-sqlite3";

/** What the last firing of a trigger came to. */
export interface LastFiring {
  readonly at: number;
  readonly outcome: "started" | "queued" | "skipped" | "refused" | "failed";
  readonly executionId?: string;
  readonly message?: string;
}

/** A trigger as the workspace keeps it, beside the workflow's text. */
export interface StoredTrigger {
  readonly id: number;
  readonly workflowId: string;
  /** Its place in the workflow's `triggers`. */
  readonly index: number;
  /** As JSON text. */
  readonly definition: string;
  readonly enabled: boolean;
  /** What was due up to then was fired, or was nobody's. */
  readonly accountedUntil: number;
  readonly last?: LastFiring;
}

/** A workflow whose text may have triggers. */
export interface Source {
  readonly id: string;
  readonly revision: number;
}

interface Row {
  id: number;
  workflow_id: string;
  place: number;
  definition: string;
  enabled: number;
  accounted_until: number;
  last: string | null;
}

/** The triggers of the workspace's workflows: which are on, and how far each has come. */
export class Triggers {
  private known: { readonly stamp: string; readonly sources: readonly Source[] } | undefined;

  constructor(private readonly db: Database) {}

  /** The workflows whose text may have triggers. */
  sources(): readonly Source[] {
    // Texts are searched only when any has changed.
    const stamp = this.db
      .prepare(
        "SELECT count(*) || '/' || total(revision) || '/' || max(changed_at) || '/' || group_concat(id) FROM workflows WHERE deleted_at IS NULL",
      )
      .pluck()
      .get() as string | null;
    if (this.known === undefined || this.known.stamp !== String(stamp)) {
      const sources = this.db
        .prepare("SELECT id, revision FROM workflows WHERE deleted_at IS NULL AND text LIKE '%triggers%' ORDER BY id")
        .all() as Source[];
      this.known = { stamp: String(stamp), sources };
    }
    return this.known.sources;
  }

  list(workflowId?: string): readonly StoredTrigger[] {
    const where = workflowId === undefined ? "" : "AND workflow_id = ?";
    const rows = this.db
      .prepare(
        `SELECT triggers.* FROM triggers JOIN workflows ON workflows.id = workflow_id WHERE deleted_at IS NULL ${where} ORDER BY workflow_id, place`,
      )
      .all(...(workflowId === undefined ? [] : [workflowId])) as Row[];
    return rows.map(triggerOf);
  }

  at(workflowId: string, index: number): StoredTrigger | undefined {
    return this.list(workflowId).find((row) => row.index === index);
  }

  /**
   * Makes the rows of a workflow those of its present `definitions`. A trigger that moved stays what it was; one that was changed in
   * place stays on if its type is the same; a further one is off.
   */
  sync(workflowId: string, definitions: readonly { readonly type: string; readonly text: string }[]): void {
    this.db
      .transaction(() => {
        const before = this.list(workflowId);
        const same = (row: StoredTrigger, index: number): boolean => row.definition === definitions[index]?.text;
        if (before.length === definitions.length && before.every((row) => same(row, row.index))) return;
        const free = new Set(before);
        const take = (found: StoredTrigger | undefined): StoredTrigger | undefined => {
          if (found !== undefined) free.delete(found);
          return found;
        };
        const rows = definitions.map((definition, index) => {
          const unmoved = [...free].find((row) => row.index === index && row.definition === definition.text);
          return take(unmoved ?? [...free].find((row) => row.definition === definition.text));
        });
        definitions.forEach((definition, index) => {
          rows[index] ??= take(
            [...free].find((row) => row.index === index && typeOf(row.definition) === definition.type),
          );
        });
        for (const row of free) this.db.prepare("DELETE FROM triggers WHERE id = ?").run(row.id);
        const update = this.db.prepare("UPDATE triggers SET place = ?, definition = ? WHERE id = ?");
        const insert = this.db.prepare("INSERT INTO triggers (workflow_id, place, definition) VALUES (?, ?, ?)");
        definitions.forEach(({ text }, index) => {
          const row = rows[index];
          if (row === undefined) insert.run(workflowId, index, text);
          else update.run(index, text, row.id);
        });
      })
      .immediate();
  }

  /** Turns a trigger on or off; from `now` on it counts. */
  enable(id: number, on: boolean, now: number): void {
    this.db
      .prepare("UPDATE triggers SET enabled = ?, accounted_until = ? WHERE id = ? AND enabled <> ?")
      .run(on ? 1 : 0, now, id, on ? 1 : 0);
    this.db.prepare("DELETE FROM trigger_files WHERE trigger_id = ? AND ? = 0").run(id, on ? 1 : 0);
  }

  account(id: number, until: number): void {
    this.db.prepare("UPDATE triggers SET accounted_until = ? WHERE id = ?").run(until, id);
  }

  said(id: number, last: LastFiring): void {
    this.db.prepare("UPDATE triggers SET last = ? WHERE id = ?").run(JSON.stringify(last), id);
  }

  /** Path to version of the files a trigger has seen. */
  files(id: number): ReadonlyMap<string, string> {
    const rows = this.db.prepare("SELECT path, version FROM trigger_files WHERE trigger_id = ?").all(id) as {
      path: string;
      version: string;
    }[];
    return new Map(rows.map((row) => [row.path, row.version]));
  }

  /** Notes that a file was seen; without a version, that it is gone. */
  seen(id: number, path: string, version: string | undefined): void {
    if (version === undefined)
      this.db.prepare("DELETE FROM trigger_files WHERE trigger_id = ? AND path = ?").run(id, path);
    else
      this.db
        .prepare(
          "INSERT INTO trigger_files (trigger_id, path, version) VALUES (?, ?, ?) ON CONFLICT (trigger_id, path) DO UPDATE SET version = excluded.version",
        )
        .run(id, path, version);
  }
}

function typeOf(definition: string): unknown {
  return (JSON.parse(definition) as { readonly type?: unknown }).type;
}

function triggerOf(row: Row): StoredTrigger {
  return {
    id: row.id,
    workflowId: row.workflow_id,
    index: row.place,
    definition: row.definition,
    enabled: row.enabled === 1,
    accountedUntil: row.accounted_until,
    ...(row.last === null ? {} : { last: JSON.parse(row.last) as LastFiring }),
  };
}
