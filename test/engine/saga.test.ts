import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Workflow } from "@shared/workflow/workflow";
import { startSampleApi, type SampleApi } from "../../src-main/sample-api/server";
import { bench, story, workflow } from "./running";

let api: SampleApi;
beforeAll(async () => {
  api = await startSampleApi();
});
beforeEach(() => api.reset());
afterAll(() => api.close());

const call = (name: string, more: object = {}): Workflow["components"][number] => ({
  id: name,
  type: "http_request",
  config: { method: "POST", url: `http://sample.apg.test/slow/${name}?ms=1`, ...more },
});
const undo = (name: string, more: object = {}): object => ({
  component: "http_request",
  config: { method: "POST", url: `http://sample.apg.test/slow/undo_${name}?ms=1`, ...more },
});
const fails: Workflow["components"][number] = {
  id: "broken",
  type: "http_request",
  config: { url: "http://sample.apg.test/status/400" },
};
const hosts = (): { readonly hosts: { readonly [host: string]: string } } => ({
  hosts: { "sample.apg.test": api.url },
});
/** The changing calls that came to the sample API, each with how often. */
const calls = (): { readonly [name: string]: number } =>
  Object.fromEntries(
    Object.entries(api.counts().routes).flatMap(([route, { distinct }]) =>
      route.startsWith("POST /slow/") ? [[route.slice("POST /slow/".length), distinct]] : [],
    ),
  );

describe("a failed execution", () => {
  it("is shown as compensating while it undoes, then as failed, its components as compensated", async () => {
    const { engine, start, store } = bench();
    const definition = workflow([call("one"), call("two"), fails], {
      compensation: { one: undo("one", { url: "http://sample.apg.test/slow/undo_one?ms=200" }), two: undo("two") },
    } as Partial<Workflow>);
    const id = start(definition, hosts());
    const seen = new Set<string>();
    for await (const item of engine.follow(id)) {
      const row = await store.reader.row(id);
      if (item.kind === "entries") seen.add(row?.status ?? "");
    }
    expect([...seen]).toContain("compensating");
    const ended = await engine.settled(id);
    expect(ended).toMatchObject({ status: "failed", undo: { done: 2, failed: 0, left: 0 } });
    expect(calls()).toEqual({ one: 1, two: 1, undo_one: 1, undo_two: 1 });
  });

  it.each([
    ["log", { message: "undoing" }],
    ["code", { source: "return input" }],
    ["map", { records: "{{ output }}", fields: { a: "b" } }],
  ])("undoes by what only works in memory, such as %s", async (component, config) => {
    const { run } = bench();
    const made = { id: "made", type: "code", config: { source: "return [{a: 1}]" } };
    const broken = { id: "broken", type: "code", config: { source: "throw new Error('no')" } };
    const definition = workflow([made, { ...made, id: "again" }, broken], {
      compensation: { made: { component, config }, again: { component, config } },
    } as Partial<Workflow>);
    expect(await run(definition)).toMatchObject({ status: "failed", undo: { done: 2, failed: 0, left: 0 } });
  });

  it("has a completed sub-workflow undo itself, with the sensitive values it had", async () => {
    const child = workflow([call("inner_one"), call("inner_two")], {
      id: "child",
      parameters: { token: { type: "string", sensitive: true } },
      compensation: {
        inner_one: undo("inner_one"),
        inner_two: undo("inner_two", { body: { token: "{{ token }}", of: "{{ output.body.name }}" } }),
      },
    } as Partial<Workflow>);
    const { run, store, journal } = bench({ definitions: [child] });
    const parent = workflow(
      [
        call("before"),
        {
          id: "below",
          type: "workflow_call",
          config: { workflow_id: "child", parameters: { token: "{{ token }}" } },
        },
        fails,
      ],
      {
        parameters: { token: { type: "string", sensitive: true } },
        compensation: { before: undo("before") },
      } as Partial<Workflow>,
    );
    const ended = await run(parent, { ...hosts(), parameters: { token: "s3cret-0451" } });
    expect(ended).toMatchObject({ status: "failed", undo: { done: 2, failed: 0, left: 0 }, warnings: [] });
    expect(calls()).toEqual({
      before: 1,
      inner_one: 1,
      inner_two: 1,
      undo_inner_two: 1,
      undo_inner_one: 1,
      undo_before: 1,
    });
    const { rows } = await store.reader.list({ from: 0, limit: 10 });
    const below = rows.find(({ workflowId }) => workflowId === "child");
    expect(below?.status).toBe("cancelled");
    const told = story(await journal(below?.id ?? ""));
    expect(told.slice(told.indexOf("undo-requested"))).toEqual([
      "undo-requested",
      "component-prepared inner_two~undo",
      "attempt-started inner_two~undo",
      "attempt-completed inner_two~undo",
      "component-prepared inner_one~undo",
      "attempt-started inner_one~undo",
      "attempt-completed inner_one~undo",
      "execution-settled",
    ]);
    expect(JSON.stringify([rows, told])).not.toContain("s3cret-0451");
  });

  it.each([
    ["without an entry", {}],
    ["with an entry, which is for one that completed", { below: undo("below") }],
  ])("waits for a sub-workflow that was at work to undo itself before it goes on: %s", async (_name, entry) => {
    const child = workflow(
      [call("inner_one"), call("inner_two", { url: "http://sample.apg.test/slow/inner_two?ms=30000" })],
      {
        id: "child",
        compensation: { inner_one: undo("inner_one"), inner_two: undo("inner_two") },
      } as Partial<Workflow>,
    );
    const { engine, start, store } = bench({ definitions: [child] });
    const parent = workflow(
      [call("before"), { id: "below", type: "workflow_call", config: { workflow_id: "child" } }],
      {
        compensation: { before: undo("before"), ...entry },
      } as Partial<Workflow>,
    );
    const id = start(parent, hosts());
    for await (const item of engine.follow(id)) {
      const { rows } = await store.reader.list({ from: 0, limit: 10 });
      const below = rows.find(({ workflowId }) => workflowId === "child");
      if (below === undefined || item.kind !== "entries") continue;
      for await (const inner of engine.follow(below.id)) {
        const running = inner.kind === "entries" ? inner.entries.map(({ event }) => event) : [];
        if (running.some((event) => event.kind === "attempt-started" && event.path === "inner_two")) break;
      }
      break;
    }
    engine.cancel(id);
    const ended = await engine.settled(id);
    expect(ended).toMatchObject({ status: "cancelled", undo: { done: 2, failed: 0, left: 0 } });
    expect(calls()).toMatchObject({ undo_inner_two: 1, undo_inner_one: 1, undo_before: 1 });
    expect(calls()).not.toHaveProperty("undo_below");
    const order = (await store.reader.list({ from: 0, limit: 10 })).rows;
    const below = order.find(({ workflowId }) => workflowId === "child");
    expect(below?.status).toBe("cancelled");
  });

  it("calls the compensation workflow with what failed and what was undone", async () => {
    const clean = workflow([{ id: "note", type: "log", config: { message: "cleaned up" } }], {
      id: "clean_up",
      outputs: "{{ input_data }}",
    });
    const { run, store, engine } = bench({ definitions: [clean] });
    const definition = workflow([call("one"), fails], {
      compensation: {
        one: { ...undo("one", { url: "http://sample.apg.test/status/409" }), retry_policy: { max_attempts: 1 } },
      },
      error_recovery: { compensation_workflow: "clean_up" },
    } as Partial<Workflow>);
    const ended = await run(definition, { ...hosts(), input: { order: 7 } });
    expect(ended).toMatchObject({ status: "failed", undo: { done: 0, failed: 1, left: 0 } });
    expect(ended.warnings.join()).toContain("one could not be undone");
    const { rows } = await store.reader.list({ from: 0, limit: 10 });
    const cleaned = rows.find(({ workflowId }) => workflowId === "clean_up");
    expect(cleaned?.status).toBe("completed");
    const { output } = await engine.settled(cleaned?.id ?? "");
    expect(await engine.read(cleaned?.id ?? "", output)).toMatchObject({
      workflow_id: "w",
      status: "failed",
      error: { type: "bad_request", component: "broken" },
      undone: [{ component: "one", undone: false }],
      input: { order: 7 },
    });
  });
});

describe("an outcome nobody knows", () => {
  it("is undone with output null, unless it is certain that nothing was sent", async () => {
    const { run, store, engine } = bench();
    const settings = { host: "127.0.0.1", port: 1, database: "shop", user: "shop", password: "shop" };
    store.connections.set({ name: "shop", kind: "postgresql", settings: { "*": settings }, serves: [] });
    const tolerated = { error_handling: { on_failure: "log_and_continue" } };
    const unreached = { connection: "shop", table: "orders", values: { id: 1 } };
    const definition = workflow(
      [
        { ...call("refused", { url: "http://127.0.0.1:1/" }), ...tolerated },
        { id: "unreached", type: "database_insert", config: unreached, ...tolerated },
        { ...call("slow", { url: "http://sample.apg.test/slow/slow?ms=30000", timeout: 0.2 }), ...tolerated },
        fails,
      ],
      {
        compensation: {
          refused: undo("refused"),
          unreached: undo("unreached"),
          slow: undo("slow", { body: { was: "{{ output }}" } }),
        },
      } as Partial<Workflow>,
    );
    const ended = await run(definition, hosts());
    expect(ended).toMatchObject({ status: "failed", undo: { done: 1, failed: 0, left: 0 } });
    expect(calls()).toEqual({ slow: 1, undo_slow: 1 });
    expect((await store.reader.row(ended.id))?.status).toBe("failed");
    expect(engine.info().running).toBe(0);
  });
});

describe("a second stop", () => {
  it("ends undoing, that of called workflows too, and says what was left", async () => {
    const child = workflow([call("inner_one")], {
      id: "child",
      compensation: { inner_one: undo("inner_one", { url: "http://sample.apg.test/slow/undo_inner_one?ms=30000" }) },
    } as Partial<Workflow>);
    const { engine, start, store } = bench({ definitions: [child] });
    const parent = workflow(
      [call("before"), { id: "below", type: "workflow_call", config: { workflow_id: "child" } }, fails],
      { compensation: { before: undo("before") } } as Partial<Workflow>,
    );
    const id = start(parent, hosts());
    for await (const item of engine.follow(id)) {
      const events = item.kind === "entries" ? item.entries.map(({ event }) => event) : [];
      if (events.some((event) => event.kind === "attempt-started" && event.path === "below~undo")) break;
    }
    engine.cancel(id);
    engine.cancel(id);
    const ended = await engine.settled(id);
    expect(ended).toMatchObject({ status: "failed", undo: { done: 0, failed: 0, left: 2 } });
    expect(ended.warnings).toEqual([
      "below was not undone: undoing was stopped.",
      "before was not undone: undoing was stopped.",
    ]);
    const { rows } = await store.reader.list({ from: 0, limit: 10 });
    const below = rows.find(({ workflowId }) => workflowId === "child")?.id ?? "";
    // It had completed, and may still be being taken up to be undone.
    await vi.waitFor(async () => expect((await store.reader.row(below))?.status).toBe("cancelled"));
    const inner = await engine.settled(below);
    expect(inner).toMatchObject({ status: "cancelled", undo: { done: 0, failed: 0, left: 1 } });
  });

  it("reaches a called workflow that is just being taken up", async () => {
    const child = workflow([call("inner_one")], {
      id: "child",
      compensation: { inner_one: undo("inner_one", { url: "http://sample.apg.test/slow/undo_inner_one?ms=30000" }) },
    } as Partial<Workflow>);
    let id = "";
    const { engine, start, store } = bench({
      definitions: [child],
      hosts: async () => {
        engine.cancel(id);
        engine.cancel(id);
        await engine.settled(id);
        return {};
      },
    });
    id = start(
      workflow([{ id: "below", type: "workflow_call", config: { workflow_id: "child" } }, fails], {
        compensation: {},
      } as Partial<Workflow>),
      hosts(),
    );
    expect(await engine.settled(id)).toMatchObject({ status: "failed", undo: { done: 0, failed: 0, left: 1 } });
    const { rows } = await store.reader.list({ from: 0, limit: 10 });
    const below = rows.find(({ workflowId }) => workflowId === "child")?.id ?? "";
    expect(await engine.settled(below)).toMatchObject({ undo: { done: 0, failed: 0, left: 1 } });
  });
});

describe("a host that takes over", () => {
  it("goes on undoing where the one before was gone", async () => {
    const first = bench();
    const definition = workflow([call("one"), call("two"), fails], {
      compensation: { one: undo("one"), two: undo("two", { url: "http://sample.apg.test/slow/undo_two?ms=300" }) },
    } as Partial<Workflow>);
    const id = first.start(definition, hosts());
    for await (const item of first.engine.follow(id)) {
      const events = item.kind === "entries" ? item.entries.map(({ event }) => event) : [];
      if (events.some((event) => event.kind === "attempt-started" && event.path === "two~undo")) break;
    }
    await first.close();
    const next = bench({ folder: first.folder });
    expect(await next.engine.resumeUnfinished()).toEqual([id]);
    expect(await next.engine.settled(id)).toMatchObject({ status: "failed", undo: { done: 2, failed: 0, left: 0 } });
    expect(calls()).toEqual({ one: 1, two: 1, undo_two: 1, undo_one: 1 });
  });
});
