import type { Result } from "@shared/base/result";
import { ask, follow, onLink, type Fault } from "../bridge";
import { NOTHING, only, type Selection } from "../ui/selection";
import { latest } from "./latest";
import { notices } from "./notices.svelte";

/** Where a list comes from. */
export interface Source<T> {
  readonly load: () => Promise<readonly T[]>;
  readonly changes: (signal: AbortSignal) => Promise<AsyncIterable<number>>;
  readonly key: (row: T) => string;
  /** What a search is looked for in. */
  readonly words: (row: T) => readonly (string | undefined)[];
}

/** A short list the host keeps: whole, followed while somebody looks at it, searched in the window. */
export class Listing<T> {
  rows = $state.raw<readonly T[]>([]);
  loaded = $state(false);
  search = $state("");
  selection = $state.raw<Selection>(NOTHING);
  readonly shown = $derived.by(() => {
    const wanted = this.search.trim().toLowerCase();
    if (wanted === "") return this.rows;
    return this.rows.filter((row) => this.source.words(row).some((word) => word?.toLowerCase().includes(wanted)));
  });
  /** The row with the focus. */
  readonly one = $derived(this.rows.find((row) => this.source.key(row) === this.selection.at));
  #watchers = 0;
  #stop: (() => void) | undefined;

  constructor(readonly source: Source<T>) {}

  /** Follows the list until the result is called. */
  watch(): () => void {
    if (this.#watchers++ === 0) {
      const stop = follow(this.source.changes, () => void this.refresh());
      // Changes made while the link was lost are told to nobody.
      const unlink = onLink((link) => {
        if (link === "open") void this.refresh();
      });
      this.#stop = () => {
        unlink();
        stop();
      };
    }
    return () => {
      if (--this.#watchers > 0) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  }

  readonly refresh = latest(async () => {
    const rows = await ask(this.source.load());
    if (!rows.ok) return;
    this.rows = rows.value;
    this.loaded = true;
    const first = this.rows[0];
    if (this.selection.at === undefined && first) this.selection = only(this.source.key(first));
  });

  /** Chooses a row by its key. */
  choose(key: string): void {
    this.search = "";
    this.selection = only(key);
  }

  /** Has something done and shows what became of it. The fault is said unless the caller shows it at its place. */
  async tell<R>(call: Promise<R>, quiet = false): Promise<Result<R, Fault>> {
    const done = await ask(call);
    if (done.ok) await this.refresh();
    else if (!quiet) notices.fault(done.problem);
    return done;
  }
}
