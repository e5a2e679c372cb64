import { isJsonObject, type Json, type JsonObject } from "../base/json";
import { fail, ok, type Result } from "../base/result";
import type { Edit } from "./edit";
import { addComponent, moveComponents, removeComponents } from "./edits/components";
import { connect, disconnect, setConnection } from "./edits/connections";
import { Draft, type Edited, inTurn } from "./edits/draft";
import { paste } from "./edits/paste";
import type { EditProblem } from "./edits/problem";
import { renameComponent } from "./edits/rename";
import { readWorkflow, type WorkflowDocument } from "./file";
import { EMPTY } from "./instead";
import { unwrap } from "./layout";
import { changed, difference } from "./source/change";
import { block } from "./source/print";
import { reprint } from "./source/reprint";
import { sameJson } from "./values";
import type { Path } from "./workflow";

export { type EditProblem, editSentence } from "./edits/problem";

/** A document after an edit, and the edit that takes it back, character by character. */
export interface Applied {
  readonly document: WorkflowDocument;
  readonly inverse: Edit;
}

/**
 * Applies `edit` to `document`.
 *
 * Only what changes is rewritten: comments, unknown keys, quotes, line ends and order stay. A text with syntax errors
 * takes only `text` edits. The inverse is a `text` edit, so undo is exact.
 */
export function applyEdit(document: WorkflowDocument, edit: Edit): Result<Applied, EditProblem> {
  const after = applied(document, edit);
  if (!after.ok) return after;
  const { from, to, insert } = difference(after.value.text, document.text);
  return ok({ document: after.value, inverse: { kind: "text", from, to, insert } });
}

function applied(document: WorkflowDocument, edit: Edit): Result<WorkflowDocument, EditProblem> {
  let current = document;
  // Edits of values in a row are written at once: each writing reads the whole text again.
  let draft: Draft | undefined;
  for (const step of flat(edit)) {
    if (step.kind === "text") {
      const written = draft === undefined ? ok(current) : write(current, draft.view);
      if (!written.ok) return written;
      draft = undefined;
      const next = replaced(written.value, step.from, step.to, step.insert);
      if (!next.ok) return next;
      current = next.value;
      continue;
    }
    const view = draft?.view ?? viewOf(current);
    if (view === undefined) return fail({ kind: "unreadable" });
    const next = edited(draft ?? new Draft(view), step);
    if (!next.ok) return next;
    draft = next.value;
  }
  return draft === undefined ? ok(current) : write(current, draft.view);
}

function flat(edit: Edit): readonly Edit[] {
  return edit.kind === "all" ? edit.edits.flatMap(flat) : [edit];
}

function viewOf(document: WorkflowDocument): JsonObject | undefined {
  return document.view ?? (isEmpty(document) ? {} : undefined);
}

function isEmpty(document: WorkflowDocument): boolean {
  return document.problems.length === 1 && document.problems[0]!.rule === EMPTY;
}

function replaced(
  document: WorkflowDocument,
  from: number,
  to: number,
  insert: string,
): Result<WorkflowDocument, EditProblem> {
  const { text, format } = document;
  if (!(from >= 0 && from <= to && to <= text.length))
    return fail({ kind: "outside-text", from, to, length: text.length });
  return ok(readWorkflow(text.slice(0, from) + insert + text.slice(to), format));
}

function edited(draft: Draft, edit: Exclude<Edit, { kind: "text" }>): Edited {
  switch (edit.kind) {
    case "add-component":
      return addComponent(draft, edit.component, edit.into, edit.after);
    case "remove-components":
      return removeComponents(draft, edit.ids);
    case "rename-component":
      return renameComponent(draft, edit.id, edit.to);
    case "move-components":
      return moveComponents(draft, edit.to);
    case "connect":
      return connect(draft, edit.connection);
    case "disconnect":
      return disconnect(draft, edit.connection);
    case "set-connection":
      return setConnection(draft, edit.connection, edit.to);
    case "set-in-component":
      return inComponent(draft, edit.id, (path) => draft.with([...path, ...edit.path], edit.value));
    case "remove-in-component":
      return inComponent(draft, edit.id, (path) => ok(draft.without([...path, ...edit.path])));
    case "paste":
      return paste(draft, edit.components, edit.connections);
    case "set":
      return draft.with(edit.path, edit.value);
    case "remove":
      return ok(draft.without(edit.path));
    case "move":
      return move(draft, edit.from, edit.to);
    case "merge":
      return ok(new Draft(merged(draft.view, edit.value)));
    case "all":
      return inTurn(draft, edit.edits as readonly Exclude<Edit, { kind: "text" }>[], edited);
  }
}

function inComponent(draft: Draft, id: string, edit: (path: Path) => Edited): Edited {
  const path = draft.pathOf(id);
  return path === undefined ? fail({ kind: "no-component", id }) : edit(path);
}

function move(draft: Draft, from: Path, to: Path): Edited {
  const value = draft.at(from);
  if (value === undefined) return fail({ kind: "no-place", path: from });
  return draft.without(from).with(to, value);
}

function merged(into: JsonObject, value: JsonObject): JsonObject {
  const result: { [key: string]: Json | undefined } = { ...into };
  for (const [key, said] of Object.entries(value)) {
    const before = Object.hasOwn(into, key) ? into[key] : undefined;
    result[key] = isJsonObject(before) && isJsonObject(said) ? merged(before, said) : said;
  }
  return result;
}

/** The document with `view` written into its text, and read again to see that it says just that. */
function write(document: WorkflowDocument, view: JsonObject): Result<WorkflowDocument, EditProblem> {
  const { root, layout, text, format } = document;
  if (root === undefined || layout === undefined) return ok(fresh(document, view));
  const next = unwrap(view, layout);
  if (sameJson(next, root.value)) return ok(document);
  for (const reuse of [true, false]) {
    const written = readWorkflow(changed(text, reprint(text, root, next, format, reuse)), format);
    if (written.root !== undefined && sameJson(written.root.value, next)) return ok(written);
  }
  return fail({ kind: "needs-text" });
}

/** The first content of an empty text; its comments stay on top. */
function fresh(document: WorkflowDocument, view: JsonObject): WorkflowDocument {
  const { text, format } = document;
  if (format === "json") return readWorkflow(`${JSON.stringify(view, null, 2)}\n`, format);
  const printed = block(view, 0, { format, step: 2, indentLists: true });
  return readWorkflow(`${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${printed}\n`, format);
}
