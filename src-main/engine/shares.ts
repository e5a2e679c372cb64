/** The machine's cores, given out by weight to components that say how many they need (`resource_limits.cpu_cores`). */
export class Shares {
  private taken = 0;
  private readonly waiting: { readonly weight: number; readonly go: () => void }[] = [];

  constructor(private readonly cores: number) {}

  /** Does `work` once `weight` cores are free, the longest waiting first; more than there are count as all of them. */
  async during<T>(weight: number | undefined, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (weight === undefined) return work();
    const share = Math.min(weight, this.cores);
    await this.take(share, signal);
    try {
      return await work();
    } finally {
      this.taken -= share;
      this.next();
    }
  }

  private take(weight: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const turn = { weight, go: resolve };
      this.waiting.push(turn);
      // Whoever is stopped while waiting goes on at once, and finds itself stopped.
      signal.addEventListener("abort", () => this.skip(turn), { once: true });
      this.next();
    });
  }

  private skip(turn: { readonly weight: number; readonly go: () => void }): void {
    const at = this.waiting.indexOf(turn);
    if (at < 0) return;
    this.waiting.splice(at, 1);
    this.taken += turn.weight;
    turn.go();
  }

  private next(): void {
    for (;;) {
      const [first] = this.waiting;
      if (first === undefined || (this.taken > 0 && this.taken + first.weight > this.cores)) return;
      this.waiting.shift();
      this.taken += first.weight;
      first.go();
    }
  }
}
