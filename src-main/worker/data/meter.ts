import type { Tools } from "../behaviour";

/** How often progress is told. */
const EVERY_MS = 250;

/** Counts what passes through and tells it now and then: records, bytes, and how fast. */
export class Meter {
  #rows = 0;
  #bytes = 0;
  #told = performance.now();
  readonly #began = performance.now();

  constructor(
    private readonly tools: Tools,
    /** What is done to them, e.g. `written`. */
    private readonly verb: string,
    /** How many records there will be, where that is known. */
    private readonly total?: number,
  ) {}

  get rows(): number {
    return this.#rows;
  }

  add(rows: number, bytes = 0): void {
    this.#rows += rows;
    this.#bytes += bytes;
    const at = performance.now();
    if (at - this.#told < EVERY_MS) return;
    this.#told = at;
    this.tell();
  }

  /** Tells where it stands at this moment. */
  tell(): void {
    const seconds = (performance.now() - this.#began) / 1000;
    const rate = seconds > 0 ? Math.round(this.#rows / seconds) : 0;
    const size = this.#bytes > 0 ? ` · ${sizeWords(this.#bytes)}` : "";
    const text = `${grouped(this.#rows)} records ${this.verb}${size} · ${grouped(rate)}/s`;
    this.tools.progress(
      text,
      this.total === undefined || this.total === 0 ? undefined : Math.min(1, this.#rows / this.total),
    );
  }
}

function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

function sizeWords(bytes: number): string {
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
