import { isJsonObject, type Json } from "@shared/base/json";
import type { Value } from "@shared/execution/value";
import { ask, client } from "../bridge";
import type { Key } from "./value-nodes";
import { shortNode } from "./value-nodes";

/** A place where the searched text occurs. */
export interface Found {
  readonly place: string;
  readonly keys: readonly Key[];
  readonly tone: string;
  readonly text: string;
}

const MOST = 300;
const MOST_BYTES = 5_000_000;

/** Finds text in the names and values of one value, wherever it is kept. */
export class Finder {
  query = $state("");
  found = $state.raw<readonly Found[]>([]);
  more = $state(false);
  tooLarge = $state(false);
  #read: { readonly value: Value; readonly json: Json } | undefined;
  #asked = 0;
  #looked: Value | undefined;

  constructor(readonly executionId: string) {}

  /** Searches `value`; what is found stands below `name`. */
  look(value: Value | undefined, name: string): void {
    const query = this.query.trim().toLowerCase();
    const mine = ++this.#asked;
    // What was found in another value leads nowhere in this one.
    if (value !== this.#looked) this.found = [];
    this.#looked = value;
    if (query === "" || value === undefined) {
      this.found = [];
      this.tooLarge = false;
      return;
    }
    void this.#json(value).then((json) => {
      if (mine !== this.#asked) return;
      this.tooLarge = json === undefined;
      const found: Found[] = [];
      if (json !== undefined) walk(json, [], query, found);
      this.more = found.length >= MOST;
      this.found = found.map((one) => ({ ...one, place: one.place === "" ? name : one.place }));
    });
  }

  async #json(value: Value): Promise<Json | undefined> {
    if (this.#read?.value === value) return this.#read.json;
    const raw = await ask(client.executions.raw({ executionId: this.executionId, value, maxBytes: MOST_BYTES }));
    if (!raw.ok || raw.value.cut) return undefined;
    this.#read = { value, json: JSON.parse(raw.value.text) as Json };
    return this.#read.json;
  }
}

function walk(json: Json, keys: readonly Key[], query: string, found: Found[]): void {
  if (found.length >= MOST) return;
  const last = keys.at(-1);
  const isLeaf = typeof json !== "object" || json === null;
  if (
    (typeof last === "string" && last.toLowerCase().includes(query)) ||
    (isLeaf && String(json).toLowerCase().includes(query))
  ) {
    const short = shortNode({ kind: "json", json });
    found.push({ place: keys.join("."), keys, ...short });
  }
  if (Array.isArray(json)) {
    for (const [at, item] of (json as readonly Json[]).entries()) walk(item, [...keys, at], query, found);
  } else if (isJsonObject(json)) {
    for (const [key, item] of Object.entries(json)) walk(item ?? null, [...keys, key], query, found);
  }
}
