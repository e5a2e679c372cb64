import { Bug } from "../base/bug";
import type { AtMs, Ms } from "../base/units";
import { applyEdit } from "./apply";
import type { Edit } from "./edit";
import type { WorkflowDocument } from "./file";
import { changed, difference, type TextChange } from "./source/change";

/** One step that can be undone. */
export interface HistoryStep {
  /** What was done, e.g. `Move 3 components`. */
  readonly title: string;
  readonly undo: TextChange;
  readonly redo: TextChange;
  /** Steps with the same key that follow closely become one: typing in a field, dragging a card. */
  readonly mergeKey?: string;
  readonly at: AtMs;
}

/** What was done to a document, and what was taken back. Immutable. */
export interface History {
  /** Oldest first. */
  readonly past: readonly HistoryStep[];
  /** Next to be done again first. */
  readonly future: readonly HistoryStep[];
}

/** Nothing done yet. */
export const EMPTY_HISTORY: History = { past: [], future: [] };

/** Steps that are kept. */
const MOST_STEPS = 500;

/** Edits of one key this close together are one step. */
const MERGE_WITHIN: Ms = 1_000;

/** How a step is remembered. */
export interface StepNote {
  readonly title: string;
  readonly at: AtMs;
  readonly mergeKey?: string;
}

/** The history after `before` became `after`. What was taken back earlier is gone; without a difference nothing changes. */
export function record(history: History, before: WorkflowDocument, after: WorkflowDocument, note: StepNote): History {
  if (before.text === after.text) return history;
  const last = history.past.at(-1);
  const merges =
    last !== undefined &&
    note.mergeKey !== undefined &&
    last.mergeKey === note.mergeKey &&
    history.future.length === 0 &&
    note.at - last.at <= MERGE_WITHIN;
  const start = merges ? changed(before.text, [last.undo]) : before.text;
  const kept = merges ? history.past.slice(0, -1) : history.past;
  if (start === after.text) return { past: kept, future: [] };
  const step: HistoryStep = {
    ...note,
    title: merges ? last.title : note.title,
    undo: difference(after.text, start),
    redo: difference(start, after.text),
  };
  return { past: [...kept.slice(-(MOST_STEPS - 1)), step], future: [] };
}

/** A document one step back or forth. */
export interface Stepped {
  readonly history: History;
  readonly document: WorkflowDocument;
  readonly title: string;
}

/** Takes the last step back; `undefined` when there is none. `document` is the one the history ends at. */
export function undo(history: History, document: WorkflowDocument): Stepped | undefined {
  const step = history.past.at(-1);
  if (step === undefined) return undefined;
  return {
    document: stepped(document, step.undo),
    title: step.title,
    history: { past: history.past.slice(0, -1), future: [step, ...history.future] },
  };
}

/** Does again what was taken back last; `undefined` when there is nothing. */
export function redo(history: History, document: WorkflowDocument): Stepped | undefined {
  const [step, ...future] = history.future;
  if (step === undefined) return undefined;
  // A step done again is finished: what follows does not merge into it.
  const { mergeKey: _finished, ...done } = step;
  return {
    document: stepped(document, step.redo),
    title: step.title,
    history: { past: [...history.past, done], future },
  };
}

function stepped(document: WorkflowDocument, change: TextChange): WorkflowDocument {
  const edit: Edit = { kind: "text", ...change };
  const after = applyEdit(document, edit);
  if (!after.ok) throw new Bug("the history is that of another document");
  return after.value.document;
}
