import type { HoldSeen } from "../state/session.svelte";

/** How long something was held until `now`: holds at the same time count once. */
export function heldMs(holds: readonly HoldSeen[], now: number): number {
  let total = 0;
  let until = -Infinity;
  for (const hold of holds.toSorted((a, b) => a.from - b.from)) {
    const from = Math.max(hold.from, until);
    const to = Math.min(hold.to ?? now, now);
    if (to <= from) continue;
    total += to - from;
    until = to;
  }
  return total;
}
