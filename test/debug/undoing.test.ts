import { expect, test } from "vitest";
import { fold } from "@shared/execution/replay";
import type { ExecutionState } from "@shared/execution/state";
import { viewOf, type ExecutionView } from "@shared/debug/view";
import { fails, gives, step, workflow } from "../execution/build";
import { runInMemory } from "../golden/memory-driver";

const execution = runInMemory({
  definition: workflow([step("reserve"), step("charge"), step("ship")], undefined, {
    compensation: {
      reserve: { action: "release", component: "http_request", config: { url: "http://a/release" } },
      charge: { action: "refund", component: "http_request", config: { url: "http://a/refund" } },
    },
  }),
  script: ({ path, attempt }) =>
    path === "ship"
      ? fails("server_error", "closed")
      : path === "reserve~undo" || (path === "charge~undo" && attempt === 1)
        ? fails("timeout", "slow")
        : gives(path, { facts: "1 row" }),
});

async function viewAfter(matches: (kind: string, path: string) => boolean): Promise<ExecutionView> {
  const run = await execution;
  const at = run.entries.findIndex(({ event }) => matches(event.kind, "path" in event ? event.path : ""));
  return viewOf(run.plan, fold(run.plan, undefined, run.entries.slice(0, at + 1)) as ExecutionState);
}

test("a view lists the steps of undoing in their order, with what became of each", async () => {
  const run = await execution;
  const view = viewOf(run.plan, run.state as ExecutionState);
  expect(view.status).toBe("failed");
  expect(view.undos?.map(({ path, of, kind, status, attempts }) => [path, of, kind, status, attempts])).toEqual([
    ["charge~undo", "charge", "undo", "completed", 2],
    ["reserve~undo", "reserve", "undo", "failed", 3],
  ]);
  expect(view.components.charge).toMatchObject({ status: "compensated", undo: { status: "completed", attempts: 2 } });
  expect(view.components.reserve).toMatchObject({ status: "completed", undo: { status: "failed", maxAttempts: 3 } });
});

test("while something is undone, the rest waits for its turn", async () => {
  const view = await viewAfter((kind, path) => kind === "attempt-failed" && path === "charge~undo");
  expect(view.status).toBe("compensating");
  expect(view.components.charge?.undo).toMatchObject({ status: "waiting", attempts: 1 });
  expect(view.components.reserve?.undo).toMatchObject({ status: "pending", attempts: 0 });
});

test("nothing is undone where nothing failed", async () => {
  const view = await viewAfter((kind, path) => kind === "attempt-completed" && path === "charge");
  expect(view.undos).toBeUndefined();
  expect(view.components.charge?.undo).toBeUndefined();
});
