import type { Result } from "@shared/base/result";
import { ask, type Fault } from "../bridge";
import { NOTHING, only, type Selection } from "../ui/selection";
import { followed } from "./followed";
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
    if (this.#watchers++ === 0) this.#stop = followed(this.source.changes, () => void this.refresh());
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

  /** Deletes a row at once and offers to undo it; false when the host refused. */
  async drop(key: string, said: string, gone: () => Promise<unknown>, back: () => Promise<unknown>): Promise<boolean> {
    const done = await this.tell(gone());
    if (!done.ok) return false;
    notices.undoable(said, async () => {
      const restored = await this.tell(back());
      if (restored.ok) this.choose(key);
    });
    return true;
  }

  /** Has something done and shows what became of it. The fault is said unless the caller shows it at its place. */
  async tell<R>(call: Promise<R>, quiet = false): Promise<Result<R, Fault>> {
    const done = await ask(call);
    if (done.ok) await this.refresh();
    else if (!quiet) notices.fault(done.problem);
    return done;
  }
}
