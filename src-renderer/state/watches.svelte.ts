import type { Json } from "@shared/base/json";
import { ask, client } from "../bridge";
import { settings } from "./settings.svelte";

/** What an expression came to. */
export type Watched =
  | { readonly ok: true; readonly json: Json; readonly redacted: boolean; readonly changed: boolean }
  | { readonly ok: false; readonly message: string };

/** Where and when watches are evaluated. */
export interface WatchPlace {
  readonly executionId: string;
  readonly seq: number;
  readonly path: string;
}

const PAUSE_MS = 60;

/** The expressions a person watches in the executions of one workflow, and what they come to. */
export class Watches {
  results = $state.raw<{ readonly [expression: string]: Watched }>({});
  readonly list = $derived.by((): readonly string[] => {
    const kept = settings.layout(this.#key, "");
    return kept === "" ? [] : (JSON.parse(kept) as readonly string[]);
  });
  #asked = 0;

  constructor(readonly workflowId: string) {}

  get #key(): string {
    return `debugger.watches.${this.workflowId}`;
  }

  add(expression: string): void {
    const text = expression.trim();
    if (text !== "" && !this.list.includes(text)) settings.keep(this.#key, JSON.stringify([...this.list, text]));
  }

  remove(expression: string): void {
    settings.keep(this.#key, JSON.stringify(this.list.filter((one) => one !== expression)));
  }

  /** Evaluates all at `place`; the result ends that. What comes late is dropped. */
  evaluate(place: WatchPlace, list: readonly string[]): () => void {
    const mine = ++this.#asked;
    const later = setTimeout(() => {
      for (const expression of list) void this.#evaluate(mine, expression, place);
    }, PAUSE_MS);
    return () => clearTimeout(later);
  }

  async #evaluate(mine: number, expression: string, { executionId, seq, path }: WatchPlace): Promise<void> {
    const result = await ask(client.debug.evaluate({ id: executionId, expression, seq, path }));
    if (mine !== this.#asked) return;
    const before = this.results[expression];
    const now: Watched = !result.ok
      ? { ok: false, message: result.problem.what }
      : result.value.ok
        ? {
            ...result.value,
            changed: before?.ok === true && JSON.stringify(before.json) !== JSON.stringify(result.value.json),
          }
        : result.value;
    this.results = { ...this.results, [expression]: now };
  }
}
