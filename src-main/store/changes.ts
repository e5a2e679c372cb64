import type { Database } from "better-sqlite3";

/**
 * What may have changed: `library` (workflows, settings, breakpoints), `executions` (the list), `breakers`, `caches`, `trust` (secrets,
 * connections, environments), or anything, by another process.
 */
export type Change = "library" | "executions" | "breakers" | "caches" | "trust" | "outside";

const POLL_MS = 200;

/** Tells listeners of changes made here, at once, and by other processes, within a fifth of a second. */
export class Changes {
  private readonly listeners = new Set<(change: Change) => void>();
  private version: number;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly db: Database) {
    this.version = this.read();
  }

  /** Returns the way to stop listening. */
  listen(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    this.timer ??= setInterval(() => this.poll(), POLL_MS).unref();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.stop();
    };
  }

  tell(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private poll(): void {
    // Moves when another connection commits, never for this one's own commits.
    const version = this.read();
    if (version === this.version) return;
    this.version = version;
    this.tell("outside");
  }

  private read(): number {
    return this.db.pragma("data_version", { simple: true }) as number;
  }
}
