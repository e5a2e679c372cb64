import { expect, test } from "vitest";
import { advance, start } from "@shared/execution/advance";
import type { Event, ExecutionStarted } from "@shared/execution/event";
import { componentAt, components, frames, framesTo } from "@shared/execution/read";
import { replay } from "@shared/execution/replay";
import type { ComponentState, ExecutionState, LoopState } from "@shared/execution/state";
import { talliesOf } from "@shared/execution/tally";
import { inline } from "@shared/execution/value";
import { MemoryDriver, runInMemory } from "../golden/memory-driver";
import { fails, gives, step, workflow } from "./build";

const many = Array.from({ length: 3000 }, (_, at) => at);

test("a finished round leaves the state; its output, the tallies and the last round remain", async () => {
  const definition = workflow([
    step("each", {
      type: "loop",
      config: {
        items: "{{ input }}",
        on_item_failure: "continue",
        components: [step("a"), step("b", { condition: "item > 1" })] as never,
      },
    }),
  ]);
  let largest = 0;
  const script = ({ path }: { path: string }) => (path === "each/2999/a" ? fails() : gives(1));
  const onEvent = ({ state }: { state: ExecutionState }): void => {
    const owner = state.root.slots[0]?.owner as LoopState | undefined;
    largest = Math.max(largest, owner?.open.length ?? 0);
  };
  const run = await runInMemory({ definition, input: many, script, onEvent });
  const owner = run.state?.root.slots[0]?.owner as LoopState;
  expect(largest).toBe(1);
  expect(owner).toMatchObject({
    completed: 2999,
    failed: 1,
    open: [],
    tallies: { a: { completed: 2999, failed: 1, skipped: 0 }, b: { completed: 2997, failed: 0, skipped: 2 } },
  });
  expect(owner.last?.round).toBe(2999);
  expect(run.state).toMatchObject({ status: "completed_with_warnings", warned: 1 });
});

test("the round a loop fails with is counted", async () => {
  const definition = workflow([
    step("each", { type: "loop", config: { items: "{{ input }}", components: [step("a"), step("b")] as never } }),
  ]);
  const script = ({ path }: { path: string }) => (path === "each/1/a" ? fails() : gives(1));
  const run = await runInMemory({ definition, input: [1, 2, 3], script });
  const each = run.state?.root.slots[0] as ComponentState;
  expect(talliesOf(run.plan, each)).toEqual({
    a: { completed: 1, failed: 1, skipped: 0 },
    b: { completed: 1, failed: 0, skipped: 0 },
  });
});

test("members of a branch that never opened read as passed over", async () => {
  const definition = workflow([
    step("fan", {
      type: "parallel",
      condition: "false",
      config: { branches: [{ id: "one", components: [step("member")] as never }] },
    }),
    step("after", { condition: "member.skipped && member.output == null" }),
  ]);
  const run = await runInMemory({ definition, script: () => gives(1) });
  expect(run.state?.root.slots.map(({ status }) => status)).toEqual(["skipped", "completed"]);
});

test("what an event does not concern is shared with the state before", () => {
  const definition = workflow(
    [step("a"), step("each", { type: "loop", config: { items: [1], components: [step("b")] as never } })],
    [],
  );
  const driver = new MemoryDriver({ definition, script: () => gives(1) });
  const [first, second] = states(driver, [
    prepared("a", inline({})),
    { kind: "attempt-started", at: 2, path: "a", attempt: 1, key: "k" },
  ]);
  expect(second?.root.slots[1]).toBe(first?.root.slots[1]);
  expect(second?.facts).toBe(first?.facts);
  expect(first?.root.slots[0]?.status).toBe("ready");
});

test("what comes too late is counted and changes nothing", () => {
  const driver = new MemoryDriver({ definition: workflow([step("a"), step("b")], []), script: () => gives(1) });
  const all = states(driver, [
    prepared("a", inline({})),
    prepared("a", inline({ other: true })),
    { kind: "attempt-completed", at: 3, path: "a", attempt: 1, output: inline(1), durationMs: 0 },
    { kind: "attempt-started", at: 4, path: "a", attempt: 1, key: "k" },
    { kind: "attempt-failed", at: 5, path: "a", attempt: 2, error: { type: "timeout", message: "" }, durationMs: 0 },
    { kind: "timer-fired", at: 6, path: "a", timer: "retry" },
    { kind: "attempt-completed", at: 7, path: "nowhere/1/a", attempt: 1, output: inline(1), durationMs: 0 },
  ]);
  const last = all[all.length - 1];
  expect(last?.seq).toBe(8);
  expect(last?.root.slots[0]).toMatchObject({ status: "running", config: inline({}), attempts: [{ attempt: 1 }] });
});

test("a changed input is what the attempt gets", () => {
  const driver = new MemoryDriver({ definition: workflow([step("a")]), script: () => gives(1) });
  const all = states(driver, [
    prepared("a", inline({ x: 1 })),
    { kind: "input-edited", at: 2, path: "a", input: inline("changed") },
  ]);
  expect(all[1]?.root.slots[0]).toMatchObject({ status: "ready", input: inline("changed"), config: inline({ x: 1 }) });
});

test("a changed list of items is what the loop goes over", () => {
  const definition = workflow([
    step("each", { type: "loop", config: { items: [1], components: [step("a")] as never } }),
  ]);
  const driver = new MemoryDriver({ definition, script: () => gives(1) });
  const all = states(driver, [
    { ...prepared("each", inline({ items: [1] })), items: 1 } as Event,
    { kind: "input-edited", at: 2, path: "each", config: inline({ items: [1, 2, 3], max_concurrency: 5 }) },
    { kind: "attempt-started", at: 3, path: "each", attempt: 1, key: "k" },
  ]);
  expect((all[2]?.root.slots[0]?.owner as LoopState).open).toHaveLength(3);
});

test("a component and its frames are found by path", async () => {
  const inner = step("fork", {
    type: "parallel",
    config: { branches: [{ id: "left", components: [step("a")] as never }] },
  });
  const definition = workflow([
    step("each", { type: "loop", config: { items: [5, 6], components: [inner] as never } }),
  ]);
  const run = await runInMemory({ definition, script: () => gives("out") });
  const state = run.state as ExecutionState;
  expect(componentAt(run.plan, state, "each/1/fork/left/a")?.state).toMatchObject({
    status: "completed",
    input: inline(6),
    output: inline("out"),
  });
  expect(componentAt(run.plan, state, "each/0/fork/left/a")).toBeUndefined();
  expect([...frames(run.plan, state)].map(({ path }) => path)).toEqual(["", "each/1", "each/1/fork/left"]);
  expect([...components(run.plan, state)].map(({ path }) => path)).toEqual([
    "each",
    "each/1/fork",
    "each/1/fork/left/a",
  ]);
  expect(framesTo(run.plan, state, "each/1/fork/left/a").map(({ path }) => path)).toEqual([
    "",
    "each/1",
    "each/1/fork/left",
  ]);
});

test("a journal of newer rules, of none, or of a broken definition is a problem", async () => {
  const run = await runInMemory({ definition: workflow([step("a")]), script: () => gives(1) });
  const [first] = run.entries;
  const started = first?.event as ExecutionStarted;
  expect(replay([])).toMatchObject({ ok: false, problem: { kind: "no-start" } });
  expect(replay([{ seq: 1, event: { ...started, rules: 99 } }])).toMatchObject({
    ok: false,
    problem: { kind: "newer-rules" },
  });
  const broken = workflow([step("a"), step("a")]);
  expect(replay([{ seq: 1, event: { ...started, definition: broken } }])).toMatchObject({
    ok: false,
    problem: { kind: "bad-definition" },
  });
});

function prepared(path: string, config: ReturnType<typeof inline>): Event {
  return { kind: "component-prepared", at: 1, path, run: true, input: inline(null), config };
}

/** The state after each of `events`, which follow a start. */
function states(driver: MemoryDriver, events: readonly Event[]): readonly ExecutionState[] {
  const { plan } = driver;
  const facts = {
    executionId: "x",
    rules: 1,
    definition: plan.workflow,
    input: inline(null),
    parameters: {},
    env: {},
    seed: "s",
    correlationId: "c",
    rootId: "x",
  };
  let { state } = start(plan, { kind: "execution-started", at: 0, ...facts });
  return events.map((event) => ({ state } = advance(plan, state, event)).state);
}
