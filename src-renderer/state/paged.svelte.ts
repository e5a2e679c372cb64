import type { Result } from "@shared/base/result";
import type { Fault } from "../bridge";
import { NOTHING, type Selection } from "../ui/selection";
import { setOf } from "../ui/sets";
import { latest } from "./latest";

/** The rows a page holds at most. */
export const PAGE = 200;
/** How near the end of what is there somebody has to look for more to be fetched. */
const AHEAD = 40;

/** Some rows of a long list, and what is known of all that the search finds. */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly total: number;
  readonly bytes: number;
}

/** A long list the host keeps, pages and searches, as far as somebody scrolled to. */
export abstract class Paged<T, P extends Page<T> = Page<T>> {
  rows = $state.raw<readonly T[]>([]);
  total = $state(0);
  /** Of all that the search finds. */
  bytes = $state(0);
  loaded = $state(false);
  selection = $state.raw<Selection>(NOTHING);
  #asked = 0;
  #loading = false;

  protected abstract page(from: number): Promise<Result<P, Fault>>;
  protected abstract key(row: T): string;
  /** A page of the present search has come. */
  protected took?(page: P): void;
  /** Everything that was scrolled to is there. */
  protected settled?(): void;

  /** Asks again for everything that was scrolled to. */
  readonly refresh = latest(async () => {
    const mine = ++this.#asked;
    const rows: T[] = [];
    const wanted = Math.max(PAGE, this.rows.length);
    do {
      const page = await this.page(rows.length);
      if (!page.ok || mine !== this.#asked) return;
      rows.push(...page.value.rows);
      this.total = page.value.total;
      this.bytes = page.value.bytes;
      this.took?.(page.value);
      if (page.value.rows.length < PAGE) break;
    } while (rows.length < wanted);
    this.rows = rows;
    this.loaded = true;
    this.settled?.();
  });

  /** Asks anew: pages on their way belong to the search before. */
  protected lookAnew(): void {
    this.#asked++;
    void this.refresh();
  }

  /** Loads the next page when `index` comes near the end of what is there. */
  async see(index: number): Promise<void> {
    if (this.#loading || this.rows.length >= this.total || index < this.rows.length - AHEAD) return;
    this.#loading = true;
    const mine = this.#asked;
    const page = await this.page(this.rows.length);
    this.#loading = false;
    if (!page.ok || mine !== this.#asked) return;
    const known = setOf(this.rows.map((row) => this.key(row)));
    this.rows = [...this.rows, ...page.value.rows.filter((row) => !known.has(this.key(row)))];
  }
}
