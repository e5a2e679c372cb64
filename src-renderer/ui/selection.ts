/** What is chosen in a list, and where a range would start. */
export interface Selection {
  readonly keys: ReadonlySet<string>;
  /** The row with the focus. */
  readonly at: string | undefined;
  readonly anchor: string | undefined;
}

/** Nothing chosen. */
export const NOTHING: Selection = { keys: new Set(), at: undefined, anchor: undefined };

/** Chooses one row. */
export function only(key: string): Selection {
  return { keys: new Set([key]), at: key, anchor: key };
}

/** Adds a row, or takes it away. */
export function toggled(selection: Selection, key: string): Selection {
  const keys = new Set(selection.keys);
  if (!keys.delete(key)) keys.add(key);
  return { keys, at: key, anchor: key };
}

/** Chooses all rows between the anchor and `key`, in the order of `all`. */
export function ranged(selection: Selection, key: string, all: readonly string[]): Selection {
  const from = all.indexOf(selection.anchor ?? key);
  const to = all.indexOf(key);
  if (from < 0 || to < 0) return only(key);
  return { keys: new Set(all.slice(Math.min(from, to), Math.max(from, to) + 1)), at: key, anchor: all[from] };
}

/** Keeps what still exists; when the focused row is gone, its neighbour takes over. */
export function surviving(selection: Selection, before: readonly string[], all: readonly string[]): Selection {
  const there = new Set(all);
  if (selection.at === undefined || there.has(selection.at)) {
    const keys = new Set([...selection.keys].filter((key) => there.has(key)));
    return keys.size === selection.keys.size ? selection : { ...selection, keys };
  }
  const was = before.indexOf(selection.at);
  const next =
    before.slice(was + 1).find((key) => there.has(key)) ?? before.slice(0, was).findLast((key) => there.has(key));
  return next === undefined ? NOTHING : only(next);
}
