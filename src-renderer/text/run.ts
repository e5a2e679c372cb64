import type { ComponentView } from "@shared/debug/view";
import type { ReplayProblem } from "@shared/execution/replay";
import { durationText } from "./format";

/** A card's second line during and after a run: what happened. */
export function factsText(view: ComponentView): string {
  const spent =
    view.startedAt !== undefined && view.settledAt !== undefined ? durationText(view.settledAt - view.startedAt) : "";
  const tries = view.attempts > 1 ? `try ${view.attempts} of ${Math.max(view.attempts, view.maxAttempts)}` : "";
  const join = (...parts: readonly (string | undefined)[]): string =>
    parts.filter((part) => part !== undefined && part !== "").join(" · ");
  if (view.held !== undefined) return join("held before it runs", tries);
  switch (view.status) {
    case "pending":
      return view.waitsFor > 0
        ? `waits for ${view.waitsFor === 1 ? "1 component" : `${view.waitsFor} components`}`
        : "not run yet";
    case "ready":
      return "ready";
    case "running":
      return join(progressText(view) || "running", tries);
    case "waiting":
      return join("tries again", tries);
    case "completed":
      return join(progressText(view), view.facts, view.chosen, tries, spent);
    case "failed":
      return join(view.error?.type.replace(/_/g, " "), tries, view.tolerated ? "goes on" : spent);
    case "skipped":
      return "skipped";
    case "cancelled":
      return "cancelled";
    case "compensated":
      return "undone";
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
