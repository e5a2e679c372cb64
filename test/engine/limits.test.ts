import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSampleApi, type SampleApi } from "../../src-main/sample-api/server";
import { bench, story, workflow } from "./running";

let api: SampleApi;

beforeAll(async () => {
  api = await startSampleApi();
});
afterAll(() => api.close());

const code = (source: string, more: object = {}) =>
  workflow([{ id: "c", type: "code", config: { language: "javascript", source, ...more } }]);

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("a stop is final soon", () => {
  const cases = {
    "an endless sandboxed loop": [code("for (;;);"), {}],
    "an endless trusted loop": [code("for (;;);", { trust: "trusted" }), { trusted: true }],
    "a slow server": [
      workflow([{ id: "c", type: "http_request", config: { url: "http://sample.apg.test/slow?ms=60000" } }]),
      {},
    ],
  } as const;
  for (const [name, [definition, more]] of Object.entries(cases)) {
    it(name, async () => {
      const { engine, start, journal } = bench();
      const id = start(definition, { hosts: { "sample.apg.test": api.url }, ...more });
      await until(async () => story(await journal(id)).includes("attempt-started c"));
      await until(() => engine.info().busy > 0);
      const began = performance.now();
      expect(engine.cancel(id)).toEqual({ ok: true, value: null });
      expect((await engine.settled(id)).status).toBe("cancelled");
      await until(() => engine.info().busy === 0);
      // Well under a second where the machine has nothing else to do; what nobody stopped would take a minute.
      expect(performance.now() - began).toBeLessThan(5_000);
      expect(engine.cancel(id)).toMatchObject({ ok: false, problem: { kind: "already-settled", status: "cancelled" } });
    });
  }

  it("for what a stopped workflow called", async () => {
    const inner = { ...code("for (;;);"), id: "inner" };
    const { engine, start, store } = bench({ definitions: [inner] });
    const id = start(workflow([{ id: "call", type: "workflow_call", config: { workflow_id: "inner" } }]));
    await until(() => store.executions.unfinished().length === 2 && engine.info().busy > 0);
    engine.cancel(id);
    await engine.settled(id);
    await until(() => store.executions.unfinished().length === 0);
    const { rows } = await store.reader.list({ from: 0, limit: 10 });
    expect(rows.map((row) => row.status)).toEqual(["cancelled", "cancelled"]);
  });
});

describe("limits", () => {
  it("an endless loop is a timeout, in the sandbox and outside", async () => {
    const { run } = bench();
    for (const trust of ["sandboxed", "trusted"]) {
      const ended = await run(code("for (;;);", { timeout: 0.3, trust }), { trusted: true });
      expect(ended.error, trust).toMatchObject({ type: "timeout", component: "c" });
    }
  });

  it("an allocation without end fails the component, in the sandbox and outside", async () => {
    const { run } = bench();
    const sandboxed = await run(code("const all = []; for (;;) all.push(new Array(100000).fill(1));"));
    expect(sandboxed.error).toMatchObject({ type: "resource_limit_exceeded" });
    const hungry = code(
      "const all = []; for (;;) { all.push(Buffer.alloc(50 * 1024 * 1024, 1)); await new Promise((r) => setTimeout(r, 1)); }",
      { trust: "trusted" },
    );
    const trusted = await run(hungry, { trusted: true });
    expect(trusted.error).toMatchObject({ type: "resource_limit_exceeded" });
    const after = await run(code("return 1 + input;"), { input: 1 });
    expect(after.json).toBe(2);
  });

  it("a component's memory limit counts what is native", async () => {
    const { run } = bench();
    const definition = workflow([
      {
        id: "c",
        type: "code",
        config: {
          language: "javascript",
          trust: "trusted",
          source:
            "globalThis.x = Buffer.alloc(400 * 1024 * 1024, 1); await new Promise((r) => setTimeout(r, 2000)); return 1;",
        },
        resource_limits: { memory_mb: 200 },
      },
    ]);
    const ended = await run(definition, { trusted: true });
    expect(ended.error).toMatchObject({
      type: "resource_limit_exceeded",
      message: "It took more than 200 MB of memory.",
    });
  });

  it("a process that gives up for want of memory says so, and one that just ends says that", async () => {
    const { run } = bench();
    const dying = (signal: string) =>
      run(code(`process.kill(process.pid, "${signal}"); await new Promise(() => undefined);`, { trust: "trusted" }), {
        trusted: true,
      });
    expect((await dying("SIGABRT")).error).toMatchObject({ type: "resource_limit_exceeded" });
    expect((await dying("SIGTERM")).error).toMatchObject({ type: "component_error" });
  });

  it("trusted code asks for a trusted workspace", async () => {
    const { run } = bench();
    expect((await run(code("return 1;", { trust: "trusted" }))).error).toMatchObject({ type: "authorization_error" });
  });

  it("workflows that call each other without end are stopped", async () => {
    const inner = workflow([{ id: "call", type: "workflow_call", config: { workflow_id: "w" } }]);
    const { run } = bench({ definitions: [inner] });
    expect((await run(inner)).error).toMatchObject({ type: "resource_limit_exceeded" });
  });
});

describe("what the engine carries", () => {
  it("retries with a delay and keeps the key", async () => {
    const { run, journal } = bench();
    const definition = workflow([
      {
        id: "c",
        type: "http_request",
        config: { url: "http://sample.apg.test/flaky/k1?fails=2" },
        retry_policy: { max_attempts: 3, initial_delay_ms: 20 },
      },
    ]);
    const ended = await run(definition, { hosts: { "sample.apg.test": api.url } });
    expect(ended.error).toBeUndefined();
    const events = (await journal(ended.id)).map(({ event }) => event);
    const keys = events.flatMap((event) => (event.kind === "attempt-started" ? [event.key] : []));
    expect(keys.length).toBe(3);
    expect(new Set(keys).size).toBe(1);
    expect(events.filter((event) => event.kind === "timer-fired").length).toBe(2);
  });

  it("ends a component that takes longer than all its attempts may", async () => {
    const { run } = bench();
    const definition = workflow([
      {
        id: "c",
        type: "http_request",
        config: { url: "http://sample.apg.test/slow?ms=5000" },
        resource_limits: { timeout_seconds: 0.2 },
      },
    ]);
    const ended = await run(definition, { hosts: { "sample.apg.test": api.url } });
    expect(ended.error).toMatchObject({ type: "timeout" });
  });

  it("files, in a process of their own", async () => {
    const { run, store } = bench();
    mkdirSync(join(store.files, "out"), { recursive: true });
    const definition = workflow([
      {
        id: "write",
        type: "file",
        config: { operation: "write", path: "out/people.jsonl", format: "jsonl", records: [{ n: 1 }, { n: 2 }] },
      },
      { id: "read", type: "file", config: { operation: "read", path: "out/people.jsonl", format: "jsonl" } },
    ]);
    const ended = await run(definition);
    expect(ended.error).toBeUndefined();
    expect(JSON.stringify(ended.json)).toContain('"n":2');
  });

  it("the output of a called workflow, large parts too", async () => {
    const inner = {
      ...code("return { list: Array.from({ length: 20000 }, (_, n) => n), got: input, p: context.parameters.k };"),
      id: "inner",
      parameters: { k: { type: "string" } },
    };
    const { run, store } = bench({ definitions: [inner] });
    const ended = await run(
      workflow([
        {
          id: "call",
          type: "workflow_call",
          config: { workflow_id: "inner", parameters: { k: "{{ input_data.k }}" } },
        },
      ]),
      { input: { k: "v" } },
    );
    expect(ended.error).toBeUndefined();
    expect(ended.json).toMatchObject({ got: { k: "v" }, p: "v" });
    expect((ended.json as { list: number[] }).list.length).toBe(20_000);
    const { rows } = await store.reader.list({ from: 0, limit: 10 });
    expect(rows.map((row) => row.parent?.path)).toEqual(["call", undefined]);
  });
});
