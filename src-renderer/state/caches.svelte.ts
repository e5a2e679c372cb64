import type { CacheRow } from "@shared/contract/resilience";
import { ask, client } from "../bridge";
import { workspaceText } from "../text/workspace";
import { followed } from "./followed";
import { lasting } from "./lasting.svelte";
import { notices } from "./notices.svelte";
import { PAGE, Paged, type Page } from "./paged.svelte";

interface CachePage extends Page<CacheRow> {
  readonly limitBytes: number;
}

/** The cached values of the workspace as far as they were scrolled to; the host searches them. */
class CachesState extends Paged<CacheRow, CachePage> {
  limitBytes = $state(0);
  search = $state("");
  readonly one = $derived(this.rows.find((row) => row.key === this.selection.at));

  /** Follows the list until the result is called. */
  watch(): () => void {
    return followed(
      (signal) => client.caches.changes(undefined, { signal }),
      () => void this.refresh(),
    );
  }

  look(search: string): void {
    this.search = search;
    this.lookAnew();
  }

  protected override page(from: number) {
    const search = this.search.trim();
    return ask(client.caches.list({ ...(search === "" ? {} : { search }), from, limit: PAGE }));
  }

  protected override key(row: CacheRow): string {
    return row.key;
  }

  protected override took({ limitBytes }: CachePage): void {
    this.limitBytes = limitBytes;
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
