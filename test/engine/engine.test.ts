import { describe, expect, it } from "vitest";
import type { FollowItem } from "@shared/contract/executions";
import { traceDifference } from "@shared/execution/trace";
import type { Workflow } from "@shared/workflow/workflow";
import { bench, story, workflow } from "./running";

const chain = workflow([
  {
    id: "a",
    type: "transform",
    config: { records: [{ n: 1 }], transformation_rules: { computed_fields: { m: "record.n + 1" } } },
  },
  { id: "b", type: "transform", config: { transformation_rules: { map_fields: { m: "k" } } } },
  { id: "c", type: "decision", config: { cases: [{ id: "big", condition: "input[0].k > 1" }] } },
]);

describe("an execution", () => {
  it("runs a chain, grouped, and tells its story in order", async () => {
    const { run, journal } = bench();
    const ended = await run(chain);
    expect(ended.error).toBeUndefined();
    expect(ended.status).toBe("completed");
    expect(ended.json).toMatchObject({ case: "big", value: [{ n: 1, k: 2 }] });
    const entries = await journal(ended.id);
    expect(story(entries)).toEqual([
      "execution-started",
      "group-started",
      ...["a", "b", "c"].flatMap((id) => [
        `component-prepared ${id}`,
        `attempt-started ${id}`,
        `attempt-completed ${id}`,
      ]),
      "execution-settled",
    ]);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  });

  it("journals the same with grouping off, but for the group's name", async () => {
    const on = bench();
    const off = bench({ grouping: false });
    const one = await on.run(chain);
    const two = await off.run(chain);
    expect(story(await off.journal(two.id))).toEqual(
      story(await on.journal(one.id)).filter((kind) => kind !== "group-started"),
    );
    expect(two.json).toEqual(one.json);
  });

  it("is followed from anywhere to its end", async () => {
    const { engine, start } = bench();
    const id = start(chain);
    const items: FollowItem[] = [];
    for await (const item of engine.follow(id, 1)) items.push(item);
    expect(items.at(-1)).toEqual({ kind: "end", status: "completed" });
    const seqs = items.flatMap((item) => (item.kind === "entries" ? item.entries.map(({ seq }) => seq) : []));
    expect(seqs).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    const late: FollowItem[] = [];
    for await (const item of engine.follow(id, 11)) late.push(item);
    expect(late.map((item) => (item.kind === "entries" ? item.entries.length : item.kind))).toEqual([2, "end"]);
  });

  it("keeps large values once and passes them by reference", async () => {
    const { run, journal, store } = bench();
    const records = Array.from({ length: 2_000 }, (_, n) => ({ n, text: `line ${n} of quite some length` }));
    const ended = await run(
      workflow(
        [
          {
            id: "a",
            type: "transform",
            config: {
              records: "{{ input_data.records }}",
              transformation_rules: { computed_fields: { m: "record.n + 1" } },
            },
          },
          { id: "b", type: "aggregate", config: { functions: { sum: "m" } } },
          { id: "c", type: "log", config: { message: "{{ size(a.output) }} records" } },
        ],
        { outputs: { all: "{{ a.output }}", sum: "{{ b.output }}" } },
      ),
      { input: { records } },
    );
    expect(ended.error).toBeUndefined();
    expect((ended.json as { all: unknown[] }).all.length).toBe(2_000);
    const entries = await journal(ended.id);
    expect(JSON.stringify(entries).length).toBeLessThan(60_000);
    expect(entries.find(({ event }) => event.kind === "log-written")?.event).toMatchObject({
      lines: [{ message: "2000 records" }],
    });
    const output = entries.find(({ event }) => event.kind === "attempt-completed" && event.path === "a")?.event;
    if (output?.kind !== "attempt-completed") throw new Error("no output");
    expect(await store.reader.page(ended.id, output.output, [], 1_990, 100)).toMatchObject({
      kind: "list",
      total: 2_000,
    });
  });

  it("refuses bad parameters before anything starts", async () => {
    const { engine, store } = bench();
    const definition = {
      ...chain,
      parameters: { url: { type: "string", format: "uri" }, n: { type: "integer", default: 3 } },
    };
    const request = { definition, input: null, env: {}, folder: store.files, allowed: [], hosts: {}, trusted: false };
    expect(engine.start({ ...request, parameters: {} })).toMatchObject({
      ok: false,
      problem: { kind: "invalid-parameters", type: "validation_error", parameters: [{ name: "url" }] },
    });
    expect(engine.start({ ...request, parameters: { url: "no", extra: 1 } })).toMatchObject({
      ok: false,
      problem: { parameters: [{ name: "extra" }] },
    });
    expect(store.executions.unfinished()).toEqual([]);
    expect(engine.start({ ...request, parameters: { url: "https://x.test" } }).ok).toBe(true);
  });
});

it("a group of many ways tells the same story as each by itself", async () => {
  const ways = Array.from({ length: 20 }, (_, n) => `way_${n}`);
  const fan = workflow(
    [
      { id: "root", type: "map", config: { records: "{{ input_data }}", computed_fields: { m: "record.n + 1" } } },
      ...ways.map((id, n) => ({
        id,
        type: "transform",
        config: { transformation_rules: { computed_fields: { m: `record.m + ${n}` } } },
      })),
      { id: "odd", type: "filter", condition: "input[0].m > 100", config: { conditions: { n: 1 } } },
      { id: "all", type: "merge", config: { mode: "all" } },
    ] as Workflow["components"],
    {
      connections: [
        ...ways.flatMap((id) => [
          { source: "root", target: id },
          { source: id, target: "all" },
        ]),
        { source: "root", target: "odd" },
      ],
    },
  );
  const on = bench();
  const off = bench({ grouping: false });
  const one = await on.run(fan, { input: { n: 1 } });
  const two = await off.run(fan, { input: { n: 1 } });
  expect(one.error).toBeUndefined();
  expect(story(await on.journal(one.id))).toContain("group-started");
  expect(traceDifference((await on.journal(one.id)).slice(1), (await off.journal(two.id)).slice(1))).toBeUndefined();
  expect(one.json).toEqual(two.json);
});
