import { expect, test } from "vitest";
import type { ExecutionRow } from "@shared/contract/executions";
import { callTree } from "../../src-renderer/executions/call-tree";

const row = (number: number, parent?: number): ExecutionRow => ({
  id: `e${number}`,
  number,
  workflowId: "w",
  workflowName: "W",
  workflowVersion: "1.0.0",
  status: "completed",
  startedAt: number,
  warnings: 0,
  debug: false,
  live: false,
  events: 1,
  bytes: 1,
  ...(parent === undefined ? {} : { parent: { executionId: `e${parent}`, path: "call" } }),
});
const shown = (rows: readonly ExecutionRow[], ...open: string[]) =>
  callTree(rows, new Set(open)).map(({ row: { number }, depth, calls }) => [number, depth, calls]);

// Newest first, as the host gives them.
const rows = [row(5), row(4, 2), row(3, 1), row(2, 1), row(1)];

test("called executions stand beneath their callers once these are opened", () => {
  expect(shown(rows)).toEqual([
    [5, 0, 0],
    [1, 0, 2],
  ]);
  expect(shown(rows, "e1", "e2")).toEqual([
    [5, 0, 0],
    [1, 0, 2],
    [2, 1, 1],
    [4, 2, 0],
    [3, 1, 0],
  ]);
});

test("an execution whose caller is not in the list stands by itself", () => {
  expect(shown([row(4, 2), row(5)])).toEqual([
    [4, 0, 0],
    [5, 0, 0],
  ]);
});
