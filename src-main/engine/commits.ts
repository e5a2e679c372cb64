import type { JournalPort, Turn } from "./ports";

interface Pending {
  readonly turn: Turn;
  readonly done: (error: unknown) => void;
}

/** Writes turns of many executions in one transaction: those that come in the same round of the event loop share a commit. */
export class Commits {
  private pending: Pending[] = [];
  private scheduled = false;

  constructor(private readonly journal: JournalPort) {}

  /** Whether nothing waits to be written. */
  get isIdle(): boolean {
    return this.pending.length === 0;
  }

  /** Calls `done` once `turn` is written, or with the error that kept it from being. */
  add(turn: Turn, done: (error: unknown) => void): void {
    this.pending.push({ turn, done });
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  /** Writes what waits here and now. */
  flush(): void {
    const pending = this.pending;
    if (pending.length === 0) return;
    this.pending = [];
    try {
      this.journal.write(pending.map(({ turn }) => turn));
    } catch (error) {
      if (pending.length === 1) return pending[0]?.done(error);
      // Whose turn it was shows when each is written by itself.
      for (const one of pending) this.alone(one);
      return;
    }
    for (const { done } of pending) done(undefined);
  }

  private alone({ turn, done }: Pending): void {
    try {
      this.journal.write([turn]);
    } catch (error) {
      return done(error);
    }
    done(undefined);
  }
}
