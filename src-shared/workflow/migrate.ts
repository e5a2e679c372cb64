import type { JsonObject } from "../base/json";

/** The number of the format that is written and read today: the key `apg`. */
export const FORMAT = 1;

/** Turns a workflow's mapping of one format into the next one's. */
type Migration = (view: JsonObject) => JsonObject;

/** By the format they start from. The first format has none before it. */
const MIGRATIONS: ReadonlyMap<number, Migration> = new Map();

/** A mapping in today's format, or why it cannot be brought there. */
export type Migrated =
  | { readonly kind: "current"; readonly view: JsonObject }
  | { readonly kind: "newer"; readonly format: number }
  | { readonly kind: "unknown"; readonly written: unknown };

/** Brings `view` to today's format, step by step. A mapping without `apg` is of format 1. The text is not touched. */
export function migrate(view: JsonObject): Migrated {
  const written = view["apg"] ?? 1;
  if (typeof written !== "number" || !Number.isInteger(written) || written < 1) return { kind: "unknown", written };
  if (written > FORMAT) return { kind: "newer", format: written };
  let current = view;
  for (let format = written; format < FORMAT; format++) current = MIGRATIONS.get(format)?.(current) ?? current;
  return { kind: "current", view: current };
}

/** What keeps a mapping from being read in today's format, in a sentence; `undefined` when nothing does. */
export function formatSentence(migrated: Migrated): string | undefined {
  switch (migrated.kind) {
    case "current":
      return undefined;
    case "newer":
      return `The file is of format ${migrated.format}; this version of the studio reads up to ${FORMAT}.`;
    case "unknown":
      return `apg is the number of the file's format, ${FORMAT}, not ${JSON.stringify(migrated.written)}.`;
  }
}
