import type { WorkflowRow } from "@shared/contract/workflows";
import { isSettled } from "@shared/execution/status";

/** How a workflow's last execution went. */
export type Outcome = "completed" | "warnings" | "failed" | "cancelled" | "live" | "never";

/** Which workflows are shown. */
export type Place =
  | { readonly kind: "all" }
  | { readonly kind: "favourites" }
  | { readonly kind: "recent" }
  | { readonly kind: "origin"; readonly origin: WorkflowRow["origin"] }
  | { readonly kind: "folder"; readonly folder: string }
  | { readonly kind: "outcome"; readonly outcome: Outcome };

export type SortColumn = "name" | "score" | "last" | "changed" | "version";

/** A search in the library. */
export interface Search {
  readonly place: Place;
  readonly tags: ReadonlySet<string>;
  readonly text: string;
  readonly sort: { readonly by: SortColumn; readonly down: boolean };
}

const WEEK = 7 * 86_400_000;

/** The outcome of the last execution. */
export function outcomeOf(row: WorkflowRow): Outcome {
  const last = row.lastExecutions.at(-1);
  if (!last) return "never";
  if (!isSettled(last.status)) return "live";
  if (last.status === "completed_with_warnings") return "warnings";
  return last.status === "failed" ? "failed" : last.status === "cancelled" ? "cancelled" : "completed";
}

/** Whether `row` is in `place`. */
export function isIn(row: WorkflowRow, place: Place, now: number): boolean {
  switch (place.kind) {
    case "all":
      return true;
    case "favourites":
      return row.favourite;
    case "recent":
      return now - row.changedAt < WEEK || now - (row.lastExecutions.at(-1)?.startedAt ?? 0) < WEEK;
    case "origin":
      return row.origin === place.origin;
    case "folder":
      return row.category === place.folder;
    case "outcome":
      return outcomeOf(row) === place.outcome;
  }
}

function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function matches(row: WorkflowRow, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = folded([row.name, row.id, row.purpose, row.category, ...row.tags].join(" "));
  return words.every((word) => text.includes(word));
}

function compare(a: WorkflowRow, b: WorkflowRow, by: SortColumn): number {
  switch (by) {
    case "name":
      return a.name.localeCompare(b.name);
    case "score":
      return a.score - b.score;
    case "last":
      return (a.lastExecutions.at(-1)?.startedAt ?? 0) - (b.lastExecutions.at(-1)?.startedAt ?? 0);
    case "changed":
      return a.changedAt - b.changedAt;
    case "version":
      return a.version.localeCompare(b.version, "en", { numeric: true });
  }
}

/** The rows a search finds, in its order. Every word must occur, in any field; accents and case do not matter. */
export function found(rows: readonly WorkflowRow[], search: Search, now: number): readonly WorkflowRow[] {
  const words = folded(search.text).split(/\s+/).filter(Boolean);
  const { by, down } = search.sort;
  return rows
    .filter(
      (row) =>
        isIn(row, search.place, now) && matches(row, words) && [...search.tags].every((tag) => row.tags.includes(tag)),
    )
    .toSorted((a, b) => (down ? -1 : 1) * compare(a, b, by) || a.name.localeCompare(b.name));
}

/** Every value with how often it occurs, by name. */
export function counted(values: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const value of values) if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted(([a], [b]) => a.localeCompare(b));
}
