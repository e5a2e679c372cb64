import type { SaveOutcome, WorkflowRow, WorkflowText } from "@shared/contract/workflows";
import { fail, ok, type Result } from "@shared/base/result";
import type { Origin, StoredWorkflow, Workflows } from "../store/workflows";
import { readTextFile, watchFile, writeTextFile, type FileProblem } from "./files";
import { read, renamed } from "./reading";
import { dirname } from "node:path";
import { ID_PATTERN } from "@shared/base/ids";

export type LibraryProblem =
  | { readonly kind: "unknown-workflow"; readonly id: string }
  | { readonly kind: "id-taken"; readonly id: string }
  | { readonly kind: "not-an-id"; readonly id: string }
  | { readonly kind: "no-example"; readonly id: string }
  | FileProblem;

type Format = "yaml" | "json";

/** The workflows of a workspace, in its database or in files edited in place. */
export class Library {
  constructor(private readonly rows: Workflows) {}

  /** Rows by name, without what their executions add. */
  list(): readonly Omit<WorkflowRow, "lastExecutions">[] {
    return this.rows.list().map(rowOf);
  }

  /** Reads every text again, after an update whose checks may say something else than those that made the summaries. */
  readAgain(): void {
    for (const { id, revision, text, format } of this.rows.list())
      this.rows.setSummary(id, revision, read(text, format).summary);
  }

  /** The texts of all workflows. */
  texts(): readonly { readonly id: string; readonly text: string }[] {
    return this.rows.list().map(({ id, text }) => ({ id, text }));
  }

  get(id: string): StoredWorkflow | undefined {
    return this.rows.get(id);
  }

  /** Where the relative paths of a workflow start, if it has a file of its own. */
  folderOf(id: string): string | undefined {
    const file = this.rows.get(id)?.file;
    return file === undefined ? undefined : dirname(file);
  }

  /** What the editor starts with. A file that changed on the disk becomes the next revision first. */
  async open(id: string): Promise<Result<WorkflowText, LibraryProblem>> {
    const before = this.rows.get(id);
    if (before === undefined) return fail({ kind: "unknown-workflow", id });
    const changedOutside = await this.takeFromDisk(before);
    const row = this.rows.get(id) ?? before;
    const draft = this.rows.draft(id);
    return ok({
      id,
      text: row.text,
      format: row.format,
      revision: row.revision,
      changedOutside,
      ...(draft === undefined ? {} : { draft }),
      ...(row.file === undefined ? {} : { file: row.file }),
    });
  }

  create(text: string, format: Format, origin: Origin, file?: string): { readonly id: string } {
    const reading = read(text, format);
    for (;;) {
      const id = this.rows.freeId(reading.id ?? "workflow");
      // A file keeps its text whatever the id in the library; a copy's text carries the id it got.
      const kept = id === reading.id || file !== undefined ? text : renamed(text, format, { id });
      if (
        this.rows.create({
          id,
          text: kept,
          format,
          summary: reading.summary,
          origin,
          ...(file === undefined ? {} : { file }),
        })
      )
        return { id };
    }
  }

  /** Stores the next revision, and the file where there is one. */
  async save(id: string, text: string, revision: number): Promise<Result<SaveOutcome, LibraryProblem>> {
    const row = this.rows.get(id);
    if (row === undefined) return fail({ kind: "unknown-workflow", id });
    await this.takeFromDisk(row);
    const reading = read(text, row.format);
    const wanted = row.file === undefined ? (reading.id ?? id) : id;
    const saved = this.rows.save({
      id,
      text,
      format: row.format,
      summary: reading.summary,
      revision,
      ...(wanted === id ? {} : { newId: wanted }),
    });
    switch (saved.kind) {
      case "missing":
        return fail({ kind: "unknown-workflow", id });
      case "id-taken":
        return ok({ kind: "id-taken", id: wanted });
      case "stale":
        return ok({ kind: "stale", yours: revision, stored: saved.stored, storedText: saved.storedText });
      case "saved": {
        const written = row.file === undefined ? ok(null) : await writeTextFile(row.file, text);
        return written.ok
          ? ok({ kind: "saved", revision: saved.revision, id: wanted, savedAt: saved.savedAt })
          : written;
      }
    }
  }

  saveDraft(id: string, text: string | null, revision: number): Result<{ readonly savedAt: number }, LibraryProblem> {
    const saved = this.rows.saveDraft(id, text, revision);
    return saved === undefined ? fail({ kind: "unknown-workflow", id }) : ok(saved);
  }

  duplicate(id: string): Result<{ readonly id: string }, LibraryProblem> {
    const row = this.rows.get(id);
    if (row === undefined) return fail({ kind: "unknown-workflow", id });
    const copy = renamed(row.text, row.format, { id: this.rows.freeId(id), name: `${row.summary.name} copy` });
    return ok(this.create(copy, row.format, "workspace"));
  }

  /** Changes the name, and the id where one is given. */
  async rename(id: string, name: string, newId?: string): Promise<Result<{ readonly id: string }, LibraryProblem>> {
    const row = this.rows.get(id);
    if (row === undefined) return fail({ kind: "unknown-workflow", id });
    if (newId !== undefined && !ID_PATTERN.test(newId)) return fail({ kind: "not-an-id", id: newId });
    const text = renamed(row.text, row.format, { name, ...(newId === undefined ? {} : { id: newId }) });
    const saved = await this.save(id, text, row.revision);
    if (!saved.ok) return saved;
    if (saved.value.kind === "id-taken") return fail({ kind: "id-taken", id: saved.value.id });
    // Someone saved in the moment between: their text gets the name.
    return saved.value.kind === "stale" ? this.rename(id, name, newId) : ok({ id: saved.value.id });
  }

  favourite(id: string, on: boolean): Result<null, LibraryProblem> {
    return this.found(this.rows.favourite(id, on), id);
  }

  delete(id: string): Result<null, LibraryProblem> {
    return this.found(this.rows.delete(id), id);
  }

  restore(id: string): Result<null, LibraryProblem> {
    return this.found(this.rows.restore(id), id);
  }

  revisions(
    id: string,
  ): Result<
    readonly { readonly revision: number; readonly savedAt: number; readonly version: string }[],
    LibraryProblem
  > {
    return this.rows.get(id) === undefined ? fail({ kind: "unknown-workflow", id }) : ok(this.rows.revisions(id));
  }

  /** Opens a file in place; a file that is open already keeps its id. */
  async openFile(path: string): Promise<Result<{ readonly id: string }, LibraryProblem>> {
    const file = await readTextFile(path);
    if (!file.ok) return file;
    const known = this.rows.byFile(file.value.path);
    if (known !== undefined) return ok({ id: known.id });
    return ok(
      this.create(file.value.text, file.value.path.endsWith(".json") ? "json" : "yaml", "file", file.value.path),
    );
  }

  /** Calls `changed` when the file of `id` differs from what is stored; returns the way to stop. */
  watch(id: string, changed: () => void): Result<() => void, LibraryProblem> {
    const file = this.rows.get(id)?.file;
    if (file === undefined) return fail({ kind: "unknown-workflow", id });
    const compare = async (): Promise<void> => {
      const now = await readTextFile(file);
      // Own saves change the file too, but not away from what is stored.
      if (!now.ok || now.value.text !== this.rows.get(id)?.text) changed();
    };
    return ok(watchFile(file, () => void compare()));
  }

  /** Makes what is on the disk the next revision; whether that was needed. A file that is gone leaves what is stored. */
  private async takeFromDisk(row: StoredWorkflow): Promise<boolean> {
    if (row.file === undefined) return false;
    const now = await readTextFile(row.file);
    if (!now.ok) return true;
    if (now.value.text === row.text) return false;
    const draft = this.rows.draft(row.id);
    this.rows.save({
      id: row.id,
      text: now.value.text,
      format: row.format,
      summary: read(now.value.text, row.format).summary,
      revision: row.revision,
    });
    // A save drops the draft, but this one is nobody's: what the user typed stays.
    if (draft !== undefined) this.rows.saveDraft(row.id, draft.text, draft.baseRevision);
    return true;
  }

  private found(done: boolean, id: string): Result<null, LibraryProblem> {
    return done ? ok(null) : fail({ kind: "unknown-workflow", id });
  }
}

function rowOf(row: StoredWorkflow): Omit<WorkflowRow, "lastExecutions"> {
  const { id, revision, changedAt, favourite, origin, file, summary } = row;
  return { id, revision, changedAt, favourite, origin, ...(file === undefined ? {} : { file }), ...summary };
}
