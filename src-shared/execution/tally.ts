import type { PlanNode } from "./node";
import type { Plan } from "./plan";
import { framesOf } from "./read";
import { type ComponentState, type Frame, isComponentSettled, type Tally } from "./state";

/** Tallies by component id. */
export interface Tallies {
  readonly [id: string]: Tally;
}

const NONE: Tally = { completed: 0, failed: 0, skipped: 0 };

/**
 * `tallies` with a finished round added, what ran inside its members included.
 *
 * @param isWhole whether the rounds count that an inner loop ended with; journals of rules 1 left them out.
 */
export function tallied(plan: Plan, tallies: Tallies, frame: Frame, isWhole = true): Tallies {
  const sums: { [id: string]: Tally } = { ...tallies };
  addFrame(plan, sums, frame, isWhole);
  return sums;
}

/** What a loop's members did in all rounds that are over; those that ended with the loop itself are among them. */
export function talliesOf(plan: Plan, { owner, status }: ComponentState): Tallies {
  if (owner?.kind !== "loop") return {};
  if (!isComponentSettled(status)) return owner.tallies;
  return owner.open.reduce<Tallies>((sums, frame) => tallied(plan, sums, frame), owner.tallies);
}

function addFrame(plan: Plan, sums: { [id: string]: Tally }, frame: Frame, isWhole: boolean): void {
  const members = plan.scopes[frame.scope]?.members ?? [];
  for (const [position, number] of members.entries()) {
    const slot = frame.slots[position];
    if (slot === undefined) continue;
    const { id } = plan.nodes[number] as PlanNode;
    const { status } = slot;
    if (status === "completed" || status === "failed" || status === "skipped") add(sums, id, { ...NONE, [status]: 1 });
    if (slot.owner?.kind === "loop") {
      for (const [inner, tally] of Object.entries(slot.owner.tallies)) add(sums, inner, tally);
      if (isWhole) for (const round of slot.owner.open) addFrame(plan, sums, round, isWhole);
    } else {
      for (const inner of framesOf(slot)) addFrame(plan, sums, inner.frame, isWhole);
    }
  }
}

function add(sums: { [id: string]: Tally }, id: string, more: Tally): void {
  const so = sums[id] ?? NONE;
  sums[id] = {
    completed: so.completed + more.completed,
    failed: so.failed + more.failed,
    skipped: so.skipped + more.skipped,
  };
}
