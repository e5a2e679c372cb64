import { expect, it } from "vitest";
import type { GateState } from "@shared/contract/executions";
import { traceDifference } from "@shared/execution/trace";
import { FakeClock } from "./fake-clock";
import { bench, story, workflow, type Bench } from "./running";

const three = workflow(
  ["a", "b", "c"].map((id) => ({
    id,
    type: "code",
    config: { language: "javascript", source: "return (input ?? 0) + 1;" },
  })),
);

/** Resolves with the gate once it has `count` holds. */
async function held(bench: Bench, id: string, count: number): Promise<GateState> {
  for await (const item of bench.engine.follow(id))
    if (item.kind === "gate" && item.gate.holds.length === count) return item.gate;
  throw new Error("it ended without holding");
}

it("a breakpoint holds, its input is edited, and the execution goes on with it", async () => {
  const host = bench();
  const { engine, start, journal, store } = host;
  const id = start(three, {
    input: 10,
    debug: true,
    breakpoints: [{ workflowId: "w", component: "b", enabled: true, condition: "a.output == 11" }],
  });
  const gate = await held(host, id, 1);
  expect(gate).toMatchObject({ mode: "free", holds: [{ path: "b", reason: "breakpoint" }] });
  expect(story(await journal(id)).at(-1)).toBe("component-prepared b");
  expect((await store.reader.row(id))?.status).toBe("paused");
  expect(await engine.evaluate(id, "input * 2", undefined, "b")).toEqual({ ok: true, json: 22, redacted: false });
  expect(engine.edit(id, "a", { input: 1 })).toMatchObject({ ok: false, problem: { kind: "not-held" } });
  expect(engine.edit(id, "b", { input: 100 })).toEqual({ ok: true, value: null });
  engine.continue(id);
  const ended = await engine.settled(id);
  expect(await engine.read(id, ended.output)).toBe(102);
  expect(story(await journal(id))).toContain("input-edited b");
});

it("a stepped execution tells the same story as a free one", async () => {
  const host = bench();
  const { engine, start, journal, run } = host;
  const free = await run(three, { input: 1 });
  const id = start(three, { input: 1, debug: true, pauseAtStart: true });
  for (const path of ["a", "b", "c"]) {
    for await (const item of engine.follow(id))
      if (item.kind === "gate" && item.gate.holds.some((hold) => hold.path === path)) break;
    expect(engine.stepOver(id, path).ok).toBe(true);
  }
  await engine.settled(id);
  // The first events differ in their seeds.
  expect(traceDifference((await journal(id)).slice(1), (await journal(free.id)).slice(1))).toBeUndefined();
});

it("commands are refused where they mean nothing", async () => {
  const { engine, run } = bench();
  const { id } = await run(three, { input: 1 });
  expect(engine.pause(id)).toMatchObject({ ok: false, problem: { kind: "already-settled" } });
  expect(engine.pause("nowhere")).toMatchObject({ ok: false, problem: { kind: "unknown-execution" } });
});

it("breakpoints are kept and heeded at once", async () => {
  const host = bench();
  const { engine, start } = host;
  const id = start(three, { input: 1, debug: true, pauseAtStart: true, breakpoints: [] });
  await held(host, id, 1);
  engine.setBreakpoints("w", [{ workflowId: "w", component: "c", enabled: true }]);
  engine.continue(id);
  for await (const item of engine.follow(id)) if (item.kind === "gate" && item.gate.holds[0]?.path === "c") break;
  engine.cancel(id);
  expect((await engine.settled(id)).status).toBe("cancelled");
  expect(engine.breakpoints("w")).toEqual([{ workflowId: "w", component: "c", enabled: true }]);
});

it("while a called execution is held, the time of its caller stands still too", async () => {
  const clock = new FakeClock();
  const below = { ...three, id: "below" };
  const host = bench({ clock, definitions: [below] });
  const { engine, start, journal, store } = host;
  store.executions.saveBreakpoints("below", [{ workflowId: "below", component: "b", enabled: true }]);
  const limited = { id: "call", type: "workflow_call", config: { workflow_id: "below", timeout: 60 } };
  const id = start(workflow([limited]), { input: 1, debug: true });
  await expect.poll(async () => (await journal(id)).at(-1)?.event).toMatchObject({ childId: expect.any(String) });
  const last = (await journal(id)).at(-1)!.event;
  const child = last.kind === "attempt-started" ? last.childId! : "";
  await held(host, child, 1);
  await expect.poll(() => clock.armed).toBe(0);
  clock.pass(3_600_000);
  engine.continue(child);
  expect(await engine.settled(id)).toMatchObject({ status: "completed" });
  expect(story(await journal(id))).not.toContain("timer-fired call");
});
