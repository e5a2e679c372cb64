import type { ExecutionRow } from "@shared/contract/executions";

/** A row of the list with its place in the tree of calls. */
export interface TreeRow {
  readonly row: ExecutionRow;
  /** 0 for one that nobody called, or whose caller is not in the list. */
  readonly depth: number;
  /** How many it called that are in the list. */
  readonly calls: number;
  readonly open: boolean;
}

/** The list as a tree: called executions stand beneath their callers, in the order of their calls, and are shown where these are open. */
export function callTree(rows: readonly ExecutionRow[], open: ReadonlySet<string>): readonly TreeRow[] {
  const known = new Set(rows.map((row) => row.id));
  const called = Map.groupBy(
    rows.filter((row) => row.parent !== undefined && known.has(row.parent.executionId)),
    (row) => row.parent?.executionId ?? "",
  );
  const found: TreeRow[] = [];
  const add = (row: ExecutionRow, depth: number): void => {
    const calls = called.get(row.id) ?? [];
    found.push({ row, depth, calls: calls.length, open: open.has(row.id) });
    if (open.has(row.id)) for (const child of calls.toSorted((a, b) => a.number - b.number)) add(child, depth + 1);
  };
  for (const row of rows) if (row.parent === undefined || !known.has(row.parent.executionId)) add(row, 0);
  return found;
}
