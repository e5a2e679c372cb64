/** How many attempts are carried out at the same time, over all executions; the rest wait in order. */
export class Slots {
  private taken = 0;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly size: number) {}

  get busy(): number {
    return this.taken;
  }

  /** Calls `go` at once when a slot is free, else later; the way back gives up waiting and is harmless afterwards. */
  take(go: () => void): () => void {
    if (this.taken < this.size) {
      this.taken += 1;
      go();
      return () => undefined;
    }
    this.waiting.add(go);
    return () => this.waiting.delete(go);
  }

  /** Gives a slot back; the one that waits longest gets it. */
  free(): void {
    for (const next of this.waiting) {
      this.waiting.delete(next);
      next();
      return;
    }
    this.taken -= 1;
  }
}
