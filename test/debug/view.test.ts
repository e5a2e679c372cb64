import { expect, test } from "vitest";
import type { Entry } from "@shared/execution/event";
import { fold } from "@shared/execution/replay";
import type { ExecutionState } from "@shared/execution/state";
import { inline } from "@shared/execution/value";
import { conditionHits, evaluateWatch } from "@shared/debug/condition";
import { valuesAt } from "@shared/debug/values";
import { type TreeItem, viewOf } from "@shared/debug/view";
import { type MemoryDriver, runInMemory } from "../golden/memory-driver";
import { fails, gives, step, wires, workflow } from "../execution/build";

const definition = workflow(
  [
    step("fetch", { type: "http_request", retry_policy: { max_attempts: 3, initial_delay_ms: 1, jitter: false } }),
    step("alert"),
    step("many"),
    step("each", {
      type: "loop",
      config: {
        items: "{{ fetch.output }}",
        components: [step("price", { config: { message: "{{ item }}" } })] as never,
      },
    }),
    step("last"),
  ],
  wires("fetch alert error", "fetch each", "fetch many if fetch.output.size() > 5", "each last", "many last"),
);

const execution = runInMemory({
  definition,
  input: { n: 1 },
  script: ({ path, attempt }) =>
    path === "fetch"
      ? attempt === 1
        ? fails("timeout", "slow")
        : gives([10, 20, 30], { facts: "3 records" })
      : gives(path),
});

/** The moment after the first entry that `matches`. */
async function after(matches: (entry: Entry) => boolean): Promise<{ run: MemoryDriver; state: ExecutionState }> {
  const run = await execution;
  const at = run.entries.findIndex(matches);
  return { run, state: fold(run.plan, undefined, run.entries.slice(0, at + 1)) as ExecutionState };
}

const isStart =
  (path: string, attempt = 1) =>
  (entry: Entry): boolean =>
    entry.event.kind === "attempt-started" && entry.event.path === path && entry.event.attempt === attempt;

test("a finished execution shows what happened to every component and connection", async () => {
  const run = await execution;
  const view = viewOf(run.plan, run.state as ExecutionState);
  expect(view.status).toBe("completed");
  expect(view.components.fetch).toMatchObject({
    status: "completed",
    attempts: 2,
    maxAttempts: 3,
    facts: "3 records",
    tolerated: false,
  });
  expect(view.components.each).toMatchObject({ progress: { done: 3, failed: 0, total: 3 } });
  expect(view.components.price).toMatchObject({
    path: "each/2/price",
    round: { index: 2, total: 3, item: inline(30) },
    tally: { completed: 3 },
  });
  expect(view.components.alert?.status).toBe("skipped");
  const connections = view.connections.map(({ source, target, state, judged }) => [source, target, state, judged]);
  expect(connections).toEqual([
    ["fetch", "alert", "dead", undefined],
    ["fetch", "each", "taken", undefined],
    ["fetch", "many", "dead", false],
    ["each", "last", "taken", undefined],
    ["many", "last", "dead", undefined],
  ]);
});

test("a running component has its connection flowing, those after it wait", async () => {
  const { run, state } = await after(isStart("each/1/price"));
  const view = viewOf(run.plan, state, {
    holds: [{ executionId: "x", path: "each/1/price", reason: "breakpoint", since: 0 }],
  });
  expect(view.components.each).toMatchObject({ status: "running", progress: { done: 1, total: 3 } });
  expect(view.components.price).toMatchObject({ path: "each/1/price", status: "running", held: "breakpoint" });
  expect(view.components.last).toMatchObject({ status: "pending", waitsFor: 1 });
  expect(view.connections.find(({ target }) => target === "each")?.state).toBe("flowing");
  expect(view.counts).toMatchObject({ held: 1, running: 2 });
});

test("a waiting retry shows when it goes on", async () => {
  const { run, state } = await after(({ event }) => event.kind === "attempt-failed");
  expect(viewOf(run.plan, state).components.fetch).toMatchObject({
    status: "waiting",
    error: { type: "timeout" },
    retryAt: expect.any(Number) as number,
  });
});

test("the tree shows what was reached, with branches and the rounds that are held", async () => {
  const { run, state } = await after(isStart("each/1/price"));
  const lines = (item: TreeItem, depth = 0): string[] => [
    `${" ".repeat(depth)}${item.label} ${item.status}`,
    ...item.children.flatMap((child) => lines(child, depth + 1)),
  ];
  expect(lines(viewOf(run.plan, state).tree)).toEqual([
    "memory running",
    " fetch completed",
    " each running",
    "  0 completed",
    "   price completed",
    "  1 running",
    "   price running",
  ]);
});

test("the round in focus is the one shown", async () => {
  const { run, state } = await after(isStart("each/1/price"));
  expect(viewOf(run.plan, state, { path: "each/0/price" }).components.price?.path).toBe("each/0/price");
});

test("the values of a component are its own, what it sees of others, and the scope", async () => {
  const { run, state } = await after(isStart("each/1/price"));
  const values = valuesAt(run.plan, state, "each/1/price");
  expect(values).toMatchObject({ input: inline(20), config: inline({ message: 20 }) });
  expect(values?.outputs).toEqual([
    { id: "fetch", status: "completed", output: inline([10, 20, 30]) },
    { id: "alert", status: "skipped" },
    { id: "many", status: "skipped" },
  ]);
  expect(values?.scope.map(({ name }) => name)).toEqual([
    "parameters",
    "input_data",
    "env",
    "item",
    "index",
    "execution",
    "workflow",
  ]);
  expect(valuesAt(run.plan, state, "each/7/price")).toBeUndefined();
});

test("watches and conditions see what the component sees", async () => {
  const { run, state } = await after(isStart("each/1/price"));
  const access = { read: () => ({ json: null, sensitive: false }), mark: inline, keep: <T>(value: T) => value };
  const look = { plan: run.plan, state, path: "each/1/price", access, at: 0 };
  expect(evaluateWatch("{{ item + index }}", look)).toEqual({ ok: true, value: { json: 21, sensitive: false } });
  expect(evaluateWatch("itme", look)).toMatchObject({
    ok: false,
    problem: "Nothing is called `itme` in `itme`; did you mean `item`?",
  });
  expect(evaluateWatch("item", { ...look, path: "each/9/price" })).toMatchObject({ ok: false });
  expect([conditionHits("item > 10", look), conditionHits("item > 90", look), conditionHits(undefined, look)]).toEqual([
    true,
    false,
    true,
  ]);
  expect(conditionHits("no_such_name > 1", look)).toBe(true);
});
