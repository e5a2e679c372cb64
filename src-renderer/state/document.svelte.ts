import type { WorkflowText } from "@shared/contract/workflows";
import { applyEdit, editSentence } from "@shared/workflow/apply";
import type { Edit } from "@shared/workflow/edit";
import { readWorkflow, type WorkflowDocument } from "@shared/workflow/file";
import type { Finding, Place } from "@shared/workflow/finding";
import { EMPTY_HISTORY, record, redo, undo, type History } from "@shared/workflow/history";
import { EMPTY, insteadFinding } from "@shared/workflow/instead";
import type { Workflow } from "@shared/workflow/workflow";
import { ask, client, follow, onLink, type Fault } from "../bridge";
import { NOTHING, type CanvasSelection } from "../canvas/canvas-props";
import { editorText } from "../text/editor";
import { checkNow } from "./check-context";
import { notices } from "./notices.svelte";

/** A replacement of characters `from`..`to` of the text. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** What someone else saved while this document was being changed. */
export interface SaveConflict {
  readonly storedRevision: number;
  readonly storedText: string;
}

/** Where an edit came from: the text follows its own caret, so it is not scrolled for its own edits. */
export type EditOrigin = "canvas" | "form" | "text" | "problem";

const CHECK_MS = 150;
const DRAFT_MS = 2_000;
/** A short text that reads quickly is read at every key; others once typing pauses, as the canvas is drawn anew then. */
const QUICK_READ_MS = 8;
const SHORT_TEXT = 30_000;

/**
 * One workflow in the editor. The text is the truth; canvas and forms change it through edits, which are refused while
 * it cannot be read, so neither view destroys the other's work.
 */
export class DocumentState {
  format: "yaml" | "json" = "yaml";
  text = $state.raw("");
  /** What `text` says, as last read. */
  document = $state.raw<WorkflowDocument>(readWorkflow("", "yaml"));
  /** The last text that could be read; the canvas shows it. */
  readable = $state.raw<WorkflowDocument | undefined>();
  findings = $state.raw<readonly Finding[]>([]);
  selection = $state.raw<CanvasSelection>(NOTHING);
  caret = $state.raw<{ readonly line: number; readonly column: number }>({ line: 1, column: 1 });
  history = $state.raw<History>(EMPTY_HISTORY);
  status = $state<"opening" | "open" | "failed">("opening");
  fault = $state.raw<Fault | undefined>();
  file = $state.raw<string | undefined>();
  conflict = $state.raw<SaveConflict | undefined>();
  /** The file changed on disk after it was read here. */
  changedOutside = $state(false);
  saving = $state(false);
  draftSavedAt = $state<number | undefined>();
  savedAt = $state<number | undefined>();
  /** Where the last edit came from. */
  origin = $state<EditOrigin>("text");
  revision = 0;
  #saved = $state.raw("");
  #readMs = 0;
  #typing: string | undefined;
  #later: {
    read?: ReturnType<typeof setTimeout>;
    check?: ReturnType<typeof setTimeout>;
    draft?: ReturnType<typeof setTimeout>;
  } = {};
  #unfollow: (() => void) | undefined;
  #isClosed = false;

  constructor(readonly id: string) {}

  readonly workflow = $derived<Workflow | undefined>(this.readable?.workflow);
  /** Whether the text as it stands can be read. */
  readonly sound = $derived(this.document.workflow !== undefined);
  readonly unsaved = $derived(this.text !== this.#saved);
  readonly canUndo = $derived(this.history.past.length > 0 || this.text !== this.document.text);
  readonly canRedo = $derived(this.history.future.length > 0);
  /** What the text is when it is no whole workflow. */
  readonly instead = $derived(insteadFinding(this.document.problems));
  /** Whether components can be added: a text with nothing in it becomes a workflow with the first. */
  readonly takesComponents = $derived(this.sound || this.instead?.rule === EMPTY);
  readonly errors = $derived(this.findings.filter((finding) => finding.severity === "error").length);

  /** Fetches the workflow; a draft that was left comes back as it was. */
  async open(): Promise<void> {
    const opened = await ask(client.workflows.open({ id: this.id }));
    if (this.#isClosed) return;
    if (!opened.ok && opened.problem.code === "LOST") return this.#openOnceThere();
    if (!opened.ok) {
      this.fault = opened.problem;
      this.status = "failed";
      return;
    }
    this.#begin(opened.value);
    this.status = "open";
    if (opened.value.file !== undefined) {
      this.#unfollow = follow(
        (signal) => client.workflows.fileChanges({ id: this.id }, { signal }),
        () => (this.changedOutside = true),
      );
    }
  }

  /** The host went while it was asked: it is asked again once it is back. */
  #openOnceThere(): void {
    const unlink = onLink((link) => {
      if (link !== "open") return;
      queueMicrotask(() => unlink());
      if (!this.#isClosed && this.status === "opening") void this.open();
    });
  }

  #begin(opened: WorkflowText): void {
    this.format = opened.format;
    this.file = opened.file;
    this.revision = opened.revision;
    this.#saved = opened.text;
    this.changedOutside = opened.changedOutside;
    this.text = opened.draft?.text ?? opened.text;
    this.document = readWorkflow("", this.format);
    this.draftSavedAt = opened.draft?.savedAt;
    if (opened.draft && opened.draft.baseRevision !== opened.revision)
      this.conflict = { storedRevision: opened.revision, storedText: opened.text };
    this.#read();
    this.history = EMPTY_HISTORY;
    this.#check();
  }

  /**
   * Applies an edit of the canvas, a form or a fix. Edits of one `mergeKey` in quick succession are undone together.
   *
   * @returns false when it was refused; the reason has been said.
   */
  edit(edit: Edit, options: { readonly origin?: EditOrigin; readonly mergeKey?: string } = {}): boolean {
    this.flush();
    const applied = applyEdit(this.document, edit);
    if (!applied.ok) {
      notices.say(
        applied.problem.kind === "unreadable" ? editorText.refusedWhileBroken : editSentence(applied.problem),
        { severity: "warning" },
      );
      return false;
    }
    const { document } = applied.value;
    if (document.text === this.text) return true;
    this.origin = options.origin ?? "canvas";
    this.#take({
      document,
      mergeKey:
        options.mergeKey ??
        (edit.kind === "move-components" ? `move:${Object.keys(edit.to).sort().join()}` : undefined),
    });
    return true;
  }

  /** Takes over what was typed: replacements in the order they were made. */
  typed(changes: readonly TextChange[]): void {
    if (changes.length === 0) return;
    const only = changes.length === 1 ? changes[0] : undefined;
    const inWord = only !== undefined && only.insert.length <= 1 && only.insert !== "\n" && only.to - only.from <= 1;
    // What is of another kind than the typing before it is a step of its own.
    if (!inWord) this.flush();
    this.origin = "text";
    this.text = changes.reduce((now, { from, to, insert }) => now.slice(0, from) + insert + now.slice(to), this.text);
    this.#typing = inWord ? "typing" : undefined;
    this.#readSoon();
    this.#changed();
  }

  undo(): void {
    this.flush();
    this.#step(undo(this.history, this.document));
  }

  redo(): void {
    this.flush();
    this.#step(redo(this.history, this.document));
  }

  /** Puts another text in place of this one, as a step that can be undone. */
  replaceText(text: string): void {
    this.flush();
    this.origin = "problem";
    this.#take({ document: readWorkflow(text, this.format) });
  }

  /** Applies a finding's fix. Text fixes work while the text cannot be read, too. */
  fix(finding: Finding): boolean {
    return finding.fix !== undefined && this.edit(finding.fix.edit, { origin: "problem" });
  }

  select(selection: CanvasSelection): void {
    this.selection = selection;
  }

  /** Where a component stands in the text now. */
  placeOf(id: string): Place | undefined {
    return this.document.componentPlace(id);
  }

  /** Reads what was typed and not read yet. */
  flush(): void {
    if (this.#later.read === undefined) return;
    clearTimeout(this.#later.read);
    this.#later.read = undefined;
    this.#read();
  }

  /** Stores the text as the next revision. `over`: also over what someone else stored meanwhile. */
  async save(over?: SaveConflict): Promise<boolean> {
    this.flush();
    if (this.saving) return false;
    this.saving = true;
    clearTimeout(this.#later.draft);
    const text = this.text;
    const saved = await ask(
      client.workflows.save({ id: this.id, text, revision: over?.storedRevision ?? this.revision }),
    );
    this.saving = false;
    if (!saved.ok) {
      notices.fault(saved.problem);
      this.#draftSoon();
      return false;
    }
    const outcome = saved.value;
    if (outcome.kind === "stale") {
      this.conflict = { storedRevision: outcome.stored, storedText: outcome.storedText };
      this.#draftSoon();
      return false;
    }
    if (outcome.kind === "id-taken") {
      notices.say(editorText.idTaken(outcome.id), { severity: "error" });
      this.#draftSoon();
      return false;
    }
    this.revision = outcome.revision;
    this.#saved = text;
    this.savedAt = outcome.savedAt;
    this.draftSavedAt = undefined;
    this.conflict = undefined;
    this.changedOutside = false;
    if (this.text !== text) this.#draftSoon();
    return true;
  }

  /** Ends a conflict with what is stored. The text given up can be had back by undo. */
  takeStored(): void {
    const conflict = this.conflict;
    if (!conflict) return;
    this.revision = conflict.storedRevision;
    this.#saved = conflict.storedText;
    this.conflict = undefined;
    this.replaceText(conflict.storedText);
  }

  /** Ends a conflict by storing this text over the other; the other stays among the earlier revisions. */
  async keepMine(): Promise<void> {
    if (this.conflict && (await this.save(this.conflict))) notices.say(editorText.kept);
  }

  /** Reads the file again; what was changed here can be had back by undo. */
  async reload(): Promise<void> {
    const opened = await ask(client.workflows.open({ id: this.id }));
    if (!opened.ok) return notices.fault(opened.problem);
    this.revision = opened.value.revision;
    this.#saved = opened.value.text;
    this.changedOutside = false;
    this.replaceText(opened.value.text);
  }

  /** Forgets what is not saved. */
  async discard(): Promise<void> {
    clearTimeout(this.#later.draft);
    await ask(client.workflows.saveDraft({ id: this.id, text: null, revision: this.revision }));
  }

  /** Stores the draft at once, so that closing the window loses nothing. */
  async saveDraft(): Promise<void> {
    clearTimeout(this.#later.draft);
    this.#later.draft = undefined;
    if (this.status !== "open") return;
    const text = this.unsaved ? this.text : null;
    const kept = await ask(client.workflows.saveDraft({ id: this.id, text, revision: this.revision }));
    if (kept.ok) this.draftSavedAt = text === null ? undefined : kept.value.savedAt;
    else if (kept.problem.code !== "LOST") notices.fault(kept.problem);
    else this.#draftSoon();
  }

  close(): void {
    this.#isClosed = true;
    this.#unfollow?.();
    for (const timer of Object.values(this.#later)) clearTimeout(timer);
    if (this.#later.draft !== undefined) void this.saveDraft();
  }

  /** Looks again, after something the rules depend on changed elsewhere. */
  recheck(): void {
    this.#check();
  }

  #take(next: { readonly document: WorkflowDocument; readonly mergeKey?: string }): void {
    const { document, mergeKey } = next;
    this.history = record(this.history, this.document, document, {
      title: editorText.step,
      at: Date.now(),
      ...(mergeKey === undefined ? {} : { mergeKey }),
    });
    this.text = document.text;
    this.#show(document);
    this.#changed();
  }

  #step(stepped: ReturnType<typeof undo>): void {
    if (!stepped) return;
    this.origin = "canvas";
    this.history = stepped.history;
    this.text = stepped.document.text;
    this.#show(stepped.document);
    this.#changed();
  }

  #readSoon(): void {
    clearTimeout(this.#later.read);
    if (this.#readMs < QUICK_READ_MS && this.text.length < SHORT_TEXT) {
      this.#later.read = undefined;
      this.#read();
    } else this.#later.read = setTimeout(() => this.flush(), Math.min(900, 250 + this.#readMs * 2));
  }

  #read(): void {
    const start = performance.now();
    const document = readWorkflow(this.text, this.format);
    this.#readMs = performance.now() - start;
    this.history = record(this.history, this.document, document, {
      title: editorText.typing,
      at: Date.now(),
      ...(this.#typing === undefined ? {} : { mergeKey: this.#typing }),
    });
    this.#show(document);
  }

  #show(document: WorkflowDocument): void {
    this.document = document;
    // Nothing at all is worked on as it is; what cannot be read leaves the last canvas standing.
    if (this.instead?.rule === EMPTY) this.readable = undefined;
    if (!document.workflow) return;
    this.readable = document;
    const { components } = this.selection;
    const left = components.filter((id) => document.componentPath(id) !== undefined);
    if (left.length !== components.length) this.selection = { components: left };
  }

  #changed(): void {
    clearTimeout(this.#later.check);
    // Checking reads what was typed, so it waits as long as the reading does.
    this.#later.check = setTimeout(() => this.#check(), this.#later.read === undefined ? CHECK_MS : CHECK_MS + 250);
    this.#draftSoon();
  }

  #check(): void {
    this.flush();
    this.findings = checkNow(this.document);
  }

  #draftSoon(): void {
    clearTimeout(this.#later.draft);
    this.#later.draft = setTimeout(() => void this.saveDraft(), DRAFT_MS);
  }
}
