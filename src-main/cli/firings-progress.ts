import type { RehearsedFiring } from "@shared/contract/rehearsals";
import type { DueTally } from "@shared/workflow/triggers/due";

/** A rehearsal that takes longer than this tells how far it is, and again each time as much has passed. */
const TELL_EVERY_MS = 5000;

/** How much is to be fired, said before anything is. */
export function dueSentence({ total, isMore }: DueTally, from: number, until: number): string {
  const when = `from ${new Date(from).toISOString()} to ${new Date(until).toISOString()}`;
  if (isMore) return `More than ${whole(total)} firings are due ${when}; the rehearsal ends after ${whole(total)}.`;
  return total === 0
    ? `Nothing is due ${when}.`
    : `${whole(total)} ${total === 1 ? "firing is" : "firings are"} due ${when}.`;
}

/** Tells how far a rehearsal is while it takes long. */
export class FiringsProgress {
  private done = 0;
  private toldAt: number;

  /** @param now a clock of milliseconds. */
  constructor(
    private readonly due: DueTally,
    private readonly now: () => number,
    private readonly say: (text: string) => void,
  ) {
    this.toldAt = now();
  }

  took({ missed, dueAt }: RehearsedFiring): void {
    // One that is missed, or makes up for those that are, stands for all of them.
    this.done += Math.max(1, missed);
    const now = this.now();
    if (now - this.toldAt < TELL_EVERY_MS) return;
    this.toldAt = now;
    this.say(`${whole(this.done)} of ${whole(this.due.total)} firings, at ${new Date(dueAt).toISOString()} …`);
  }
}

function whole(count: number): string {
  return count.toLocaleString("en");
}
