import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Entry } from "@shared/execution/event";

/** A journal kept in test/journals. */
export function journalOf(name: string): readonly Entry[] {
  const file = resolve("test/journals/rules-1", `${name}.json`);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly entries: readonly Entry[] }).entries;
}
