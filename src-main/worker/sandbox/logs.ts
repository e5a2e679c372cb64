import type { LogLine } from "@shared/execution/event";

/** Lines a piece of code may write, at most; the rest is counted. */
const MOST_LINES = 1_000;
const LONGEST_LINE = 10_000;
const LEVELS: ReadonlySet<string> = new Set(["debug", "info", "warning", "error"]);

/** Gathers the lines that `context.log` and `console` write. */
export class Logs {
  readonly #lines: LogLine[] = [];
  #lost = 0;

  add(level: unknown, message: string): void {
    if (this.#lines.length >= MOST_LINES) {
      this.#lost += 1;
      return;
    }
    const known = typeof level === "string" && LEVELS.has(level) ? (level as LogLine["level"]) : "info";
    this.#lines.push({
      level: known,
      message: message.length > LONGEST_LINE ? `${message.slice(0, LONGEST_LINE)}…` : message,
    });
  }

  /** The lines, with one that says how many were lost. */
  get lines(): readonly LogLine[] {
    if (this.#lost === 0) return this.#lines;
    return [...this.#lines, { level: "warning", message: `${this.#lost} more lines were not kept.` }];
  }
}

/** The console's methods and the levels they write at. */
export const CONSOLE_LEVELS = { debug: "debug", log: "info", info: "info", warn: "warning", error: "error" } as const;
