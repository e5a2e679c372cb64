import type { AtMs } from "@shared/base/units";
import type { Entry, Event } from "@shared/execution/event";
import type { Plan } from "@shared/execution/plan";
import { componentAt } from "@shared/execution/read";
import { UNDO } from "@shared/execution/undo-plan";
import { type ExecutionState, isComponentSettled } from "@shared/execution/state";

/** A stretch in a lane: from one entry of the journal to another, and the times of both. */
export interface Bar {
  readonly kind: "attempt" | "owner" | "backoff" | "held" | "undo";
  readonly path: string;
  /** The component's id. */
  readonly id: string;
  readonly from: AtMs;
  readonly fromSeq: number;
  /** Absent while it goes on. */
  to?: AtMs;
  toSeq?: number;
  readonly attempt: number;
  /** Nothing is carried out meanwhile: it is for time, an event or a person to end it. */
  readonly waits?: true;
  outcome?: "completed" | "failed" | "skipped" | "cancelled";
  facts?: string;
}

/** One line of the timeline. */
export interface Row {
  readonly key: string;
  /** The frame's path without round numbers, so that all rounds of a loop share it; `""` for the root. */
  readonly lane: string;
  /** The branch's id, the loop's, or the first component of a further row. */
  readonly label: string;
  /** In the order of their beginnings; they do not overlap, but in the last row of a lane. */
  readonly bars: readonly Bar[];
}

interface Lane {
  readonly key: string;
  readonly rows: Bar[][];
}

/** What runs at the same time in one lane is shown in rows below one another, up to this many. */
const MOST_ROWS = 6;

/** Types whose attempts wait. */
const WAITING: ReadonlySet<string> = new Set(["wait", "human_task"]);

/** A journal laid out in lanes: one a branch or loop, a bar an attempt. Takes entries as they come. */
export class Lanes {
  readonly #plan: Plan;
  readonly #lanes = new Map<string, Lane>();
  readonly #open = new Map<string, Bar>();
  readonly #failed = new Map<string, Entry>();
  #taken = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#laneOf("");
  }

  /** Takes what is new of `entries`, a journal from its beginning; `state` is their fold. */
  take(entries: readonly Entry[], state: ExecutionState): readonly Row[] {
    const fresh = entries.slice(this.#taken);
    this.#taken = entries.length;
    const lastInside = new Map<string, number>();
    for (const { seq, event } of fresh) for (const owner of ownersOf(event)) lastInside.set(owner, seq);
    for (const entry of fresh) {
      this.#place(entry);
      for (const owner of ownersOf(entry.event))
        if (lastInside.get(owner) === entry.seq) this.#endOwner(owner, entry, state);
      if (entry.event.kind === "attempt-started" && !lastInside.has(entry.event.path))
        this.#endOwner(entry.event.path, entry, state);
    }
    return [...this.#lanes.values()].flatMap(({ key, rows }) =>
      rows.map((bars, at) => ({
        key: `${key}#${at}`,
        lane: key,
        label: at === 0 ? (key.split("/").at(-1) ?? key) : (bars[0]?.id ?? ""),
        bars: this.#withPause(bars, state),
      })),
    );
  }

  /** With the pause after the last of `bars` while it goes on: it has no end before the next attempt has begun. */
  #withPause(bars: readonly Bar[], state: ExecutionState): readonly Bar[] {
    const last = bars.at(-1);
    const failed = last && this.#failed.get(last.path);
    if (failed === undefined || failed.seq !== last?.toSeq) return bars;
    if (componentAt(this.#plan, state, last.path)?.state.status !== "waiting") return bars;
    return [...bars, this.#bar("backoff", last.path, failed, last.attempt + 1)];
  }

  /** No event tells that an owner has ended: it ends with the last event inside it. */
  #endOwner(path: string, entry: Entry, state: ExecutionState): void {
    const bar = this.#open.get(path);
    if (bar?.kind !== "owner") return;
    const status = componentAt(this.#plan, state, path)?.state.status ?? "completed";
    if (!isComponentSettled(status)) return;
    close(bar, entry, status === "failed" || status === "cancelled" ? status : "completed");
    this.#open.delete(path);
  }

  #place(entry: Entry): void {
    const { seq, event } = entry;
    switch (event.kind) {
      case "component-prepared":
        if (!event.run) this.#instant(event.path, entry, "skipped");
        return;
      case "preparation-failed":
        return this.#instant(event.path, entry, "failed");
      case "attempt-started": {
        const failed = this.#failed.get(event.path);
        this.#failed.delete(event.path);
        if (failed)
          this.#add({
            ...this.#bar("backoff", event.path, failed, event.attempt),
            to: event.at,
            toSeq: seq,
          });
        const kind = isUndo(event.path)
          ? "undo"
          : (this.#plan.byId.get(idOf(event.path))?.owns.length ?? 0) > 0
            ? "owner"
            : "attempt";
        const before = this.#open.get(event.path);
        // After a crash an attempt begins again as the same attempt.
        if (before) close(before, entry, "cancelled");
        const waits = WAITING.has(this.#plan.byId.get(idOf(event.path))?.type ?? "");
        const bar: Bar = { ...this.#bar(kind, event.path, entry, event.attempt), ...(waits ? { waits } : {}) };
        this.#open.set(event.path, bar);
        return this.#add(bar);
      }
      case "attempt-completed":
        return this.#end(event, entry, "completed");
      case "attempt-failed":
        this.#failed.set(event.path, entry);
        return this.#end(event, entry, "failed");
      case "execution-settled":
        for (const bar of this.#open.values()) close(bar, entry, "cancelled");
        return this.#open.clear();
      default:
        return;
    }
  }

  #end(
    event: Extract<Event, { kind: "attempt-completed" | "attempt-failed" }>,
    entry: Entry,
    outcome: "completed" | "failed",
  ): void {
    const bar = this.#open.get(event.path);
    if (!bar) return this.#instant(event.path, entry, outcome);
    close(bar, entry, outcome);
    if (event.kind === "attempt-completed" && event.facts !== undefined) bar.facts = event.facts;
    this.#open.delete(event.path);
  }

  #instant(path: string, entry: Entry, outcome: Bar["outcome"]): void {
    const bar = this.#bar("attempt", path, entry, 1);
    close(bar, entry, outcome);
    this.#add(bar);
  }

  #bar(kind: Bar["kind"], path: string, { seq, event }: Entry, attempt: number): Bar {
    return { kind, path, id: idOf(path), from: event.at, fromSeq: seq, attempt };
  }

  #add(bar: Bar): void {
    const { rows } = this.#laneOf(laneKey(this.#plan, bar.path));
    const free = rows.find((row) => {
      const last = row.at(-1);
      return last === undefined || (last.toSeq !== undefined && last.toSeq <= bar.fromSeq);
    });
    if (free) free.push(bar);
    else if (rows.length < MOST_ROWS) rows.push([bar]);
    else rows.at(-1)?.push(bar);
  }

  #laneOf(key: string): Lane {
    const known = this.#lanes.get(key);
    if (known) return known;
    const lane: Lane = { key, rows: [[]] };
    this.#lanes.set(key, lane);
    return lane;
  }
}

function close(bar: Bar, { seq, event }: Entry, outcome: Bar["outcome"]): void {
  bar.to = event.at;
  bar.toSeq = seq;
  if (outcome !== undefined) bar.outcome = outcome;
}

/** The paths above an event's own, outermost first: its branch, the owner of that, and so on. */
function ownersOf(event: Event): readonly string[] {
  if (!("path" in event)) return [];
  const found: string[] = [];
  for (let at = event.path.indexOf("/"); at >= 0; at = event.path.indexOf("/", at + 1))
    found.push(event.path.slice(0, at));
  return found;
}

function idOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function isUndo(path: string): boolean {
  return idOf(path).includes("~");
}

/** What is undone has a lane to itself: it is done one after another, wherever in the workflow it was. */
function laneKey(plan: Plan, path: string): string {
  if (isUndo(path)) return UNDO;
  const parts = path.split("/").slice(0, -1);
  return parts
    .filter((part, index) => !(index > 0 && /^\d+$/.test(part) && plan.byId.has(parts[index - 1] ?? "")))
    .join("/");
}
