import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { bench, workflow } from "./running";

const ADA = "ada.lovelace@example.com";
const BEN = "ben@example.com";

const contacts = (more: object = {}) =>
  workflow([{ id: "note", type: "end", config: { output: "{{ input }}" } }], { id: "contacts", ...more });

it("what holds the value in the field goes for good, whatever its size and depth; the rest stays", async () => {
  const { run, store, folder, close } = bench();
  const long = Array.from({ length: 3000 }, (_, n) => ({ n, text: "x".repeat(40) }));
  const small = await run(contacts(), { input: { person: { Email: ADA.toUpperCase() } } });
  const large = await run(contacts(), { input: { rows: [...long, { contact: { email: ADA } }] } });
  const wrapped = await run(contacts(), { input: { body: JSON.stringify({ email: ADA }) } });
  const other = await run(contacts(), { input: { email: BEN } });
  const mentions = await run(contacts(), { input: { note: `asked ${ADA} to call` } });
  expect(store.erase({ field: "email", value: ADA, isTrial: true })).toMatchObject({ executions: 3, elsewhere: 1 });
  expect(store.executions.head(small.id)).toBeDefined();
  const report = store.erase({ field: "email", value: ADA });
  expect(report).toEqual({ executions: 3, cached: 0, events: 0, underWay: 0, elsewhere: 1, isOverwritten: true });
  for (const { id } of [small, large, wrapped]) expect(store.executions.head(id)).toBeUndefined();
  for (const { id } of [other, mentions]) expect(store.executions.head(id)).toBeDefined();
  expect(store.erase({ value: ADA })).toMatchObject({ executions: 1, elsewhere: 0 });
  await close();
  const left = readFileSync(join(folder, "workspace.db")).toString("latin1").toLowerCase();
  expect(left.includes(ADA)).toBe(false);
  expect(left.includes(BEN)).toBe(true);
});

it("a family goes as a whole, found by what any of it holds", async () => {
  const inner = workflow([{ id: "keeps", type: "end", config: { output: { email: "{{ address }}" } } }], {
    id: "inner",
    parameters: { address: { type: "string" } },
  });
  const { run, store } = bench({ definitions: [inner] });
  const outer = workflow(
    [
      {
        id: "call",
        type: "workflow_call",
        config: { workflow_id: "inner", parameters: { address: "{{ input.to }}" } },
      },
    ],
    { id: "outer" },
  );
  const ended = await run(outer, { input: { to: ADA } });
  expect(store.erase({ field: "email", value: ADA, workflowId: "elsewhere" })).toMatchObject({ executions: 0 });
  expect(store.erase({ field: "email", value: ADA, workflowId: "inner" })).toMatchObject({ executions: 2 });
  expect(store.executions.head(ended.id)).toBeUndefined();
});

it("an execution under way stays and is counted", async () => {
  const { start, store, engine } = bench();
  const id = start(workflow([{ id: "waits", type: "delay", config: { seconds: 3600 } }], { id: "waits" }), {
    input: { email: ADA },
  });
  expect(store.erase({ field: "email", value: ADA })).toMatchObject({ executions: 0, underWay: 1 });
  expect(store.executions.head(id)).toBeDefined();
  engine.cancel(id);
});

it("an event that was heard keeps its key and loses its payload", () => {
  const { store } = bench();
  const event = { type: "signed-up", at: 1, chain: 0 };
  const heard = store.events.add({ ...event, key: "one", payload: { user: { email: ADA } } });
  store.events.add({ ...event, key: "two", payload: { user: { email: ADA } } });
  store.events.handled(heard ?? 0, 2, 0);
  expect(store.erase({ field: "email", value: ADA })).toMatchObject({ events: 1 });
  expect(store.erase({ field: "email", value: ADA })).toMatchObject({ events: 0 });
  expect(store.events.numberOf("one")).toBe(heard);
  expect(store.events.unhandled()).toMatchObject([{ key: "two", payload: { user: { email: ADA } } }]);
});

it("cached values that hold it go, sealed ones too", () => {
  const { store } = bench();
  const put = (key: string, more: object) =>
    store.caches.apply({
      kind: "put",
      key,
      value: '{"kind":"inline","json":null}',
      values: [],
      secrets: [],
      at: 1,
      summary: "",
      ...more,
    });
  put("plain", { value: JSON.stringify({ kind: "inline", json: { email: ADA } }) });
  put("stored", { values: [{ id: "v", text: JSON.stringify([{ email: ADA }]) }] });
  put("sealed", { secrets: [{ id: "s", text: JSON.stringify({ email: ADA }) }] });
  put("other", { value: JSON.stringify({ kind: "inline", json: { email: BEN } }) });
  expect(store.erase({ field: "email", value: ADA })).toMatchObject({ cached: 3 });
  expect(store.caches.list({ from: 0, limit: 9 }).rows.map(({ key }) => key)).toEqual(["other"]);
});
