import { expect, test } from "vitest";
import type { Json } from "@shared/base/json";
import type { ValueAccess } from "@shared/execution/access";
import { advance, start } from "@shared/execution/advance";
import { compilePlan, type Plan } from "@shared/execution/plan";
import { configAfterEdit, needsValues, prepare } from "@shared/execution/prepare";
import { namesAt } from "@shared/execution/scope";
import type { ExecutionState } from "@shared/execution/state";
import { inline, type Value } from "@shared/execution/value";
import type { Component, Workflow } from "@shared/workflow/workflow";
import { step, workflow } from "./build";

const LARGE: Value = { kind: "stored", id: "v1", bytes: 99_999, summary: "2 fields", preview: { rows: [1] } };
const SECRET: Value = { kind: "sensitive", id: "s1" };
const CONTENT: { readonly [id: string]: Json } = {
  v1: { rows: [1, 2, 3], hidden: { deep: 7 } },
  s1: { user: "ada", key: "k" },
};

test("an expression that names a value refers to it and reads nothing", () => {
  const { event, reads } = prepared({
    all: "{{ before.output }}",
    rows: "{{ before.output.rows }}",
    secret: "{{ parameters.secret }}",
  });
  expect(reads).toEqual([]);
  expect(event).toMatchObject({
    kind: "component-prepared",
    config: {
      kind: "object",
      fields: {
        all: LARGE,
        rows: { kind: "part", of: LARGE, at: "rows" },
        secret: SECRET,
      },
    },
  });
});

test("what the preview does not show is read once to be sure that it exists", () => {
  const { event, reads } = prepared({ deep: "{{ before.output.hidden }}" });
  expect(reads.length).toBeGreaterThan(0);
  expect(event).toMatchObject({ config: { fields: { deep: { kind: "part", of: LARGE, at: "hidden" } } } });
  expect(prepared({ deep: "{{ before.output.nothing }}" }).event).toMatchObject({
    kind: "preparation-failed",
    error: { type: "expression_error", place: "config.deep" },
  });
  expect(prepared({ key: "{{ parameters.secret.key }}" }).event).toMatchObject({
    config: { fields: { key: { kind: "part", of: SECRET, at: "key" } } },
  });
  expect(prepared({ key: "{{ parameters.secret.nothing }}" }).event).toMatchObject({ kind: "preparation-failed" });
});

test("what is computed from a sensitive value is sensitive", () => {
  const { event, marked } = prepared({ head: "Bearer {{ secret.key }}", size: "{{ before.output.rows.size() }}" });
  expect(event).toMatchObject({ config: { fields: { head: { kind: "sensitive", id: "m0" }, size: inline(3) } } });
  expect(marked).toEqual(["Bearer k"]);
});

test("what evaluation would read is known beforehand", () => {
  expect(needed({ all: "{{ before.output }}" })).toEqual([]);
  expect(needed({ count: "{{ before.output.rows.size() }}" })).toEqual([{ kind: "part", of: LARGE, at: "rows" }]);
  expect(needed({ text: "{{ secret.key }}!" })).toEqual([{ kind: "part", of: SECRET, at: "key" }]);
  expect(needed({ items: "{{ before.output.rows }}", components: ["inner"] }, { type: "loop" })).toEqual([
    { kind: "part", of: LARGE, at: "rows" },
  ]);
});

test("config without expressions is taken as written", () => {
  const config = { url: "https://a.test/", list: [1, { x: "\\{{ kept }}" }] };
  expect(prepared(config).event).toMatchObject({
    config: inline({ url: "https://a.test/", list: [1, { x: "{{ kept }}" }] }),
  });
});

test("keys that are no templates of their owner stay as they are", () => {
  const { event } = prepared({ source: "return `{{ not_ours }}`", timeout: "{{ 1 + 1 }}" }, { type: "code" });
  expect(event).toMatchObject({ config: inline({ source: "return `{{ not_ours }}`", timeout: 2 }) });
});

test("a condition that does not hold spares the config", () => {
  expect(prepared({ bad: "{{ nothing.here }}" }, { condition: "before.failed" }).event).toMatchObject({ run: false });
  expect(prepared({}, { condition: false }).event).toMatchObject({ run: false });
});

test("a decision's conditions come out as booleans, those after the first that holds unasked", () => {
  const cases = [
    { id: "a", condition: "before.failed" },
    { id: "b", condition: "{{ before.completed }}" },
    { id: "c", condition: "nothing.here" },
  ];
  expect(prepared({ cases, default: "c" }, { type: "decision" }).event).toMatchObject({
    config: inline({
      cases: [
        { id: "a", condition: false },
        { id: "b", condition: true },
        { id: "c", condition: false },
      ],
      default: "c",
    }),
  });
});

test("random numbers and the time are those of the event, whenever it is evaluated", () => {
  const config = { a: "{{ random() }}", b: "{{ random() }}", id: "{{ uuid() }}", at: "{{ now() }}" };
  const first = prepared(config).event;
  expect(prepared(config).event).toEqual(first);
  if (first.kind !== "component-prepared" || first.config.kind !== "inline") throw new Error("not prepared");
  const values = first.config.json as { a: number; b: number; at: string };
  expect(values.a).not.toBe(values.b);
  expect(values.at).toBe("1970-01-01T00:00:05Z");
});

test("names of objects are safe", () => {
  for (const text of [
    "{{ constructor.constructor('return 1')() }}",
    "{{ __proto__ }}",
    "{{ before.constructor }}",
    "{{ before.output.__proto__ }}",
  ]) {
    expect(prepared({ x: text }).event.kind, text).toBe("preparation-failed");
  }
});

test("an owner's settings stay readable however large its items are, and its members are not repeated", () => {
  const { plan, state } = setUp({ items: [1, 2], max_concurrency: 5, components: ["inner"] }, { type: "loop" });
  const large: ValueAccess = {
    ...access().access,
    keep: (value) => (value.kind === "inline" && Array.isArray(value.json) ? LARGE : value),
  };
  expect(prepare(plan, state, "tested", large, 5)).toMatchObject({
    items: 2,
    config: { kind: "object", fields: { items: LARGE, max_concurrency: inline(5) } },
  });
  expect(prepared({ items: [1], components: ["inner"] }, { type: "loop" }).event).toMatchObject({
    config: inline({ items: [1] }),
  });
});

test("every name in scope has its value", () => {
  const { plan, state } = setUp({});
  const names = namesAt(plan, state, "tested");
  expect(Object.keys(names)).toEqual([
    "before",
    "tested",
    "inner",
    "secret",
    "plain",
    "order",
    "parameters",
    "input_data",
    "input",
    "components",
    "secrets",
    "env",
    "execution",
    "workflow",
  ]);
  expect(names.order).toEqual(inline(7));
  expect(names.env).toEqual(inline({ REGION: "EU" }));
});

test("an edited input is seen by the expressions of the config", () => {
  const { plan, state } = setUp({ region: "{{ input.region }}", fixed: 1 });
  const ready = advance(
    plan,
    state,
    prepare(
      plan,
      state,
      "tested",
      { ...access().access, read: () => ({ json: { region: "US" }, sensitive: false }) },
      5,
    ),
  ).state;
  const config = configAfterEdit(plan, ready, "tested", inline({ region: "EU" }), access().access, 6);
  expect(config).toEqual({ config: inline({ region: "EU", fixed: 1 }) });
});

function needed(config: Component["config"], more: Partial<Component> = {}): readonly Value[] {
  const { plan, state } = setUp(config, more);
  return needsValues(plan, state, "tested");
}

function prepared(config: Component["config"], more: Partial<Component> = {}) {
  const { plan, state } = setUp(config, more);
  const recorded = access();
  return { event: prepare(plan, state, "tested", recorded.access, 5000), ...recorded };
}

function access() {
  const reads: Value[] = [];
  const marked: Json[] = [];
  const read = (value: Value): { json: Json; sensitive: boolean } => {
    if (value.kind === "part") {
      const whole = read(value.of);
      return { ...whole, json: (whole.json as { [key: string]: Json })[value.at] ?? null };
    }
    reads.push(value);
    return { json: "id" in value ? (CONTENT[value.id] ?? null) : null, sensitive: value.kind === "sensitive" };
  };
  const mark = (json: Json): Value => ({ kind: "sensitive", id: `m${marked.push(json) - 1}` });
  return { reads, marked, access: { read, mark, keep: (value) => value } satisfies ValueAccess };
}

/** An execution in which `before` has given {@link LARGE} and `tested` is ready. */
function setUp(config: Component["config"], more: Partial<Component> = {}): { plan: Plan; state: ExecutionState } {
  const definition: Workflow = workflow(
    [step("before"), step("tested", { config, ...more }), step("inner")],
    [
      { source: "before", target: "tested" },
      { source: "tested", target: "inner" },
    ],
  );
  const isOwner = more.type === "loop";
  const compiled = compilePlan(
    isOwner ? { ...definition, connections: [{ source: "before", target: "tested" }] } : definition,
  );
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problem));
  const plan = compiled.value;
  const facts = {
    executionId: "x",
    rules: 1,
    input: inline({ order: 7 }),
    parameters: { secret: SECRET, plain: inline(1) },
    env: { REGION: "EU" },
    seed: "s",
    correlationId: "c",
    rootId: "x",
  };
  let { state } = start(plan, { kind: "execution-started", at: 0, definition, ...facts });
  state = advance(plan, state, {
    kind: "component-prepared",
    at: 1,
    path: "before",
    run: true,
    input: inline(null),
    config: inline({}),
  }).state;
  state = advance(plan, state, { kind: "attempt-started", at: 2, path: "before", attempt: 1, key: "k" }).state;
  state = advance(plan, state, {
    kind: "attempt-completed",
    at: 3,
    path: "before",
    attempt: 1,
    output: LARGE,
    durationMs: 1,
  }).state;
  return { plan, state };
}
