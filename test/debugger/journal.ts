import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Entry } from "@shared/execution/event";

/** A journal kept in test/journals. */
export function journalOf(name: string): readonly Entry[] {
  const file = resolve("test/journals/rules-1", `${name}.json`);
  const kept = JSON.parse(readFileSync(file, "utf8")) as readonly Entry[] | { readonly entries: readonly Entry[] };
  return "entries" in kept ? kept.entries : kept;
}
