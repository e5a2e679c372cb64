/** Who waits for a place, in order. Whoever is stopped leaves the line at once and costs nobody a turn. */
export class WaitingLine {
  private readonly waiting = new Set<() => void>();

  /** Resolves when its turn has come, or when `signal` stops it; a turn that a stopped one was given goes to the next. */
  async wait(signal?: AbortSignal): Promise<void> {
    const isStopped = (): boolean => signal?.aborted === true;
    if (isStopped()) return;
    let isTurn = false;
    await new Promise<void>((resolve) => {
      const leave = (): void => {
        this.waiting.delete(come);
        resolve();
      };
      const come = (): void => {
        isTurn = true;
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      this.waiting.add(come);
      signal?.addEventListener("abort", leave, { once: true });
    });
    if (isTurn && isStopped()) this.next();
  }

  /** A place is free: the one that waits longest has its turn. */
  next(): void {
    const [first] = this.waiting;
    if (first === undefined) return;
    this.waiting.delete(first);
    first();
  }
}
