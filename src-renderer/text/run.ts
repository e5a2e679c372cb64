import type { UndoFacts } from "@shared/debug/facts";
import type { ComponentView, UndoView } from "@shared/debug/view";
import type { ReplayProblem } from "@shared/execution/replay";
import { durationText, remainingText, untilText } from "./format";

/** A card's second line during and after a run: what happened. `at`: the moment shown, from which remaining times are counted. */
export function factsText(view: ComponentView, at: number): string {
  const spent =
    view.startedAt !== undefined && view.settledAt !== undefined ? durationText(view.settledAt - view.startedAt) : "";
  const tries = triesText(view.attempts, view.maxAttempts);
  if (view.held !== undefined) return joined("held before it runs", tries);
  if (view.undo !== undefined && view.undo.status !== "completed") return undoText(view.undo, at);
  switch (view.status) {
    case "pending":
      return view.waitsFor > 0
        ? `waits for ${view.waitsFor === 1 ? "1 component" : `${view.waitsFor} components`}`
        : "not run yet";
    case "ready":
      return "ready";
    case "running":
      return joined(progressText(view) || "running", tries);
    case "waiting":
      return waitingText(view, at);
    case "completed":
      return completedText(view, tries, spent);
    case "failed":
      return joined(view.error?.type.replace(/_/g, " "), tries, view.tolerated ? "goes on" : spent);
    case "skipped":
      return "skipped";
    case "cancelled":
      return spent === "" ? "cancelled" : `cancelled after ${spent}`;
    case "compensated":
      return joined("undone", view.undo?.facts);
  }
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}

function triesText(attempts: number, most: number): string {
  return attempts > 1 ? `try ${attempts} of ${Math.max(attempts, most)}` : "";
}

function completedText(view: ComponentView, tries: string, spent: string): string {
  if (view.from === "cache") return view.facts ?? "from the cache";
  if (view.from === "last-good") return joined("last good output", view.facts);
  return joined(progressText(view), view.facts, view.chosen, tries, spent);
}

/** `try 2 of 3 in 12 s`, `until 06:00`, `order.* · 2 h left`, `M. Okafor · 2 h left`. */
function waitingText({ waiting, attempts, maxAttempts }: ComponentView, at: number): string {
  if (waiting === undefined) return "waiting";
  const { until } = waiting;
  switch (waiting.kind) {
    case "retry":
      return joined(`try ${attempts + 1} of ${Math.max(attempts + 1, maxAttempts)} ${inText(until, at)}`);
    case "time":
      if (until === undefined) return "waiting";
      return until - at < 60_000 ? leftText(until, at) : `until ${untilText(until, at)}`;
    case "event":
      return joined(waiting.pattern, leftText(until, at));
    case "person":
      return joined(waiting.assignee ?? "anybody", leftText(until, at));
  }
}

function inText(until: number | undefined, at: number): string {
  if (until === undefined) return "to come";
  return until <= at ? "now" : `in ${remainingText(until - at)}`;
}

/** `2 h left`; `overdue`. */
export function leftText(until: number | undefined, at: number): string {
  if (until === undefined) return "";
  return until <= at ? "overdue" : `${remainingText(until - at)} left`;
}

/** What an undo came to: `undoing · try 2 of 3`, `not undone · timeout`. */
export function undoText(undo: UndoFacts, at: number): string {
  switch (undo.status) {
    case "completed":
    case "compensated":
      return joined("undone", undo.facts);
    case "failed":
      return joined("not undone", undo.error?.type.replace(/_/g, " "));
    case "cancelled":
    case "skipped":
      return "left as it was";
    case "waiting":
      return joined("undoing", `try ${undo.attempts + 1} of ${undo.maxAttempts} ${inText(undo.retryAt, at)}`);
    case "running":
      return joined("undoing", triesText(undo.attempts, undo.maxAttempts));
    default:
      return "to be undone";
  }
}

/** What a step in the list of undoing came to, shortly: its name stands beside it. */
export function undoStepText(
  { status, attempts, maxAttempts, error, waiting, startedAt, settledAt }: UndoView,
  at: number,
): string {
  switch (status) {
    case "completed":
      return startedAt !== undefined && settledAt !== undefined ? durationText(settledAt - startedAt) : "";
    case "failed":
      return error?.type.replace(/_/g, " ") ?? "";
    case "waiting":
      return `try ${attempts + 1} of ${maxAttempts} ${inText(waiting?.until, at)}`;
    case "running":
      return triesText(attempts, maxAttempts);
    case "cancelled":
      return "left";
    default:
      return "";
  }
}

function progressText({ progress, type }: ComponentView): string {
  if (!progress) return "";
  const { done, failed, total } = progress;
  const unit = type === "parallel" ? "branches" : "rounds";
  const count = total === undefined ? `${done} ${unit}` : `${done} of ${total} ${unit}`;
  return failed > 0 ? `${count}, ${failed} failed` : count;
}

/** What stands over a loop's members: which round is shown, and its item. */
export function roundText(index: number, total: number | undefined, item: string): string {
  const count = total === undefined ? `round ${index + 1}` : `round ${index + 1} of ${total}`;
  return item === "" ? count : `${count} · ${item}`;
}

/** Why a journal cannot be shown, and what helps. */
export function unreadable(problem: ReplayProblem): { readonly what: string; readonly todo?: string } {
  switch (problem.kind) {
    case "no-start":
      return { what: "This journal does not begin with the start of an execution." };
    case "newer-rules":
      return { what: "A newer studio wrote this execution.", todo: "Update the studio to look into it." };
    case "bad-definition":
      return { what: `This execution's workflow cannot be read: ${problem.problems[0]?.message ?? "no reason given"}` };
  }
}
