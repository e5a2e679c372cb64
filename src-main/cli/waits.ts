import type { FollowItem } from "@shared/contract/executions";
import type { Plan } from "@shared/execution/plan";
import { componentAt } from "@shared/execution/read";
import { fold, planOf } from "@shared/execution/replay";
import type { ComponentState, ExecutionState } from "@shared/execution/state";
import { duration } from "./output";

/** A wait that is over sooner is not worth a line. */
const WORTH_A_LINE_MS = 1000;

/** Tells what an execution that is followed waits for, each wait once. */
export class Waits {
  private plan: Plan | undefined;
  private state: ExecutionState | undefined;
  /** Paths that may wait. */
  private readonly candidates = new Set<string>();
  private readonly said = new Set<string>();

  /** What has begun to wait with `item` and still does. */
  take(item: FollowItem): readonly string[] {
    if (item.kind !== "entries") return [];
    if (this.plan === undefined) {
      const plan = planOf(item.entries[0]);
      // What cannot be folded is told at the end, with the reason.
      if (!plan.ok) return [];
      this.plan = plan.value;
    }
    this.state = fold(this.plan, this.state, item.entries);
    for (const { event } of item.entries)
      if (event.kind === "attempt-started" || event.kind === "attempt-failed" || event.kind === "timer-fired")
        this.candidates.add(event.path);
    const at = item.entries.at(-1)?.event.at ?? 0;
    return this.state === undefined ? [] : this.open(this.plan, this.state, at);
  }

  private open(plan: Plan, state: ExecutionState, at: number): readonly string[] {
    const { executionId } = state.facts;
    if (state.status === "queued" && !this.said.has("")) {
      this.said.add("");
      return ["waiting    for its turn: as many executions run as may at once"];
    }
    const lines: string[] = [];
    for (const path of this.candidates) {
      const slot = componentAt(plan, state, path)?.state;
      if (slot?.status !== "waiting") {
        this.candidates.delete(path);
        continue;
      }
      const name = `${path}@${slot.attempts.length}/${slot.awaits?.kind === "task" ? (slot.awaits.escalatedAt ?? "") : ""}`;
      const line = this.said.has(name) ? undefined : lineOf(slot, path, executionId, at);
      if (line === undefined) continue;
      this.said.add(name);
      lines.push(line);
    }
    return lines;
  }
}

function lineOf(
  { awaits, retryAt, attempts }: ComponentState,
  path: string,
  id: string,
  at: number,
): string | undefined {
  const due = awaits === undefined ? retryAt : awaits.due?.at;
  if (due !== undefined && due - at < WORTH_A_LINE_MS) return undefined;
  const until = due === undefined ? "" : `  until ${new Date(due).toISOString()} (${duration(due - at)})`;
  if (awaits === undefined) return `waiting    ${path}  for attempt ${attempts.length + 1}${until}`;
  switch (awaits.kind) {
    case "time":
      return `waiting    ${path}${until}`;
    case "event":
      return `waiting    ${path}  for an event ${awaits.pattern}${until}: apg emit TYPE`;
    case "task": {
      const whom = awaits.assignee === undefined ? "a person" : `a person (${awaits.assignee})`;
      return `waiting    ${path}  for ${whom}${until}: apg tasks answer ${id} ${path}`;
    }
  }
}
