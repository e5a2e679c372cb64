import type { CacheRow } from "@shared/contract/resilience";
import { ask, client, follow, onLink } from "../bridge";
import { workspaceText } from "../text/workspace";
import { NOTHING, type Selection } from "../ui/selection";
import { setOf } from "../ui/sets";
import { lasting } from "./lasting.svelte";
import { latest } from "./latest";
import { notices } from "./notices.svelte";

const PAGE = 200;

/** The cached values of the workspace as far as they were scrolled to; the host searches them. */
class CachesState {
  rows = $state.raw<readonly CacheRow[]>([]);
  total = $state(0);
  bytes = $state(0);
  limitBytes = $state(0);
  loaded = $state(false);
  search = $state("");
  selection = $state.raw<Selection>(NOTHING);
  readonly one = $derived(this.rows.find((row) => row.key === this.selection.at));
  #asked = 0;
  #loading = false;

  /** Follows the list until the result is called. */
  watch(): () => void {
    const stop = follow(
      (signal) => client.caches.changes(undefined, { signal }),
      () => void this.refresh(),
    );
    const unlink = onLink((link) => {
      if (link === "open") void this.refresh();
    });
    return () => {
      unlink();
      stop();
    };
  }

  look(search: string): void {
    this.search = search;
    this.#asked++;
    void this.refresh();
  }

  /** Asks again for as many as are shown. */
  readonly refresh = latest(async () => {
    const mine = ++this.#asked;
    const rows: CacheRow[] = [];
    const wanted = Math.max(PAGE, this.rows.length);
    do {
      const page = await this.#page(rows.length);
      if (!page.ok || mine !== this.#asked) return;
      rows.push(...page.value.rows);
      this.total = page.value.total;
      this.bytes = page.value.bytes;
      this.limitBytes = page.value.limitBytes;
      if (page.value.rows.length < PAGE) break;
    } while (rows.length < wanted);
    this.rows = rows;
    this.loaded = true;
  });

  #page(from: number) {
    const search = this.search.trim();
    return ask(client.caches.list({ ...(search === "" ? {} : { search }), from, limit: PAGE }));
  }

  /** Loads the next page when `index` comes near the end of what is there. */
  async see(index: number): Promise<void> {
    if (this.#loading || this.rows.length >= this.total || index < this.rows.length - 40) return;
    this.#loading = true;
    const mine = this.#asked;
    const page = await this.#page(this.rows.length);
    this.#loading = false;
    if (!page.ok || mine !== this.#asked) return;
    const known = setOf(this.rows.map((row) => row.key));
    this.rows = [...this.rows, ...page.value.rows.filter((row) => !known.has(row.key))];
  }

  /** Clears these keys, or all that the search finds. What is cleared is fetched again when it is needed. */
  async clear(keys?: readonly string[]): Promise<void> {
    const search = this.search.trim();
    const done = await ask(
      client.caches.clear(keys === undefined ? (search === "" ? {} : { search }) : { keys: [...keys] }),
    );
    if (!done.ok) return notices.fault(done.problem);
    notices.say(workspaceText.caches.cleared(done.value.cleared));
    await this.refresh();
  }
}

/** The window's list of cached values. */
export const caches = lasting(() => new CachesState());
