import { expect, it } from "vitest";
import type { Host } from "../../src-main/compose/host";
import { closed, freshFolder, hostOn, on, until } from "./kit";

/** A workflow that goes on until it is told by an event that its turn is over. */
function waiting(host: Host, overlap: string): void {
  host.rooms.library.create(
    `id: turns\nversion: 1.0.0\ntriggers: [{type: apg_event, event_pattern: turn, overlap: ${overlap}}]\ncomponents:\n  - {id: hold, type: wait, config: {event: "over.{{ event.n }}"}}\n`,
    "yaml",
    "workspace",
  );
}

async function statuses(host: Host): Promise<readonly string[]> {
  const { rows } = await host.rooms.executions.list({ workflowId: "turns", from: 0, limit: 10 });
  return [...rows].sort((a, b) => a.number - b.number).map(({ status }) => status);
}

async function turn(host: Host, n: number): Promise<string | undefined> {
  await host.rooms.triggers.emit("turn", { n });
  return host.rooms.triggers.list("turns")[0]?.last?.outcome;
}

async function begun(overlap: string, folder = freshFolder()): Promise<Host> {
  const host = hostOn(folder);
  waiting(host, overlap);
  await host.begin();
  await on(host, "turns");
  return host;
}

it("parallel: what a trigger starts runs beside what it started before", async () => {
  const host = await begun("parallel");
  expect([await turn(host, 1), await turn(host, 2)]).toEqual(["started", "started"]);
  await until(async () => (await statuses(host)).join() === "running,running");
});

it("skip: nothing is started while an earlier start is under way", async () => {
  const host = await begun("skip");
  expect([await turn(host, 1), await turn(host, 2)]).toEqual(["started", "skipped"]);
  expect(await statuses(host)).toHaveLength(1);
});

it("cancel_previous: what was started before is stopped", async () => {
  const host = await begun("cancel_previous");
  expect([await turn(host, 1), await turn(host, 2)]).toEqual(["started", "started"]);
  await until(async () => (await statuses(host)).join() === "cancelled,running");
});

it("queue: one after the other in the order they came, also over a restart", async () => {
  const folder = freshFolder();
  const host = await begun("queue", folder);
  expect([await turn(host, 1), await turn(host, 2), await turn(host, 3)]).toEqual(["started", "queued", "queued"]);
  expect(await statuses(host)).toHaveLength(1);
  await host.rooms.triggers.emit("over.1", null);
  await until(async () => (await statuses(host)).join() === "completed,running", "the second turn");
  await closed(host);

  const next = hostOn(folder);
  await next.begin();
  await next.rooms.triggers.emit("over.2", null);
  await until(async () => (await statuses(next)).join() === "completed,completed,running", "the third turn");
  await next.rooms.triggers.emit("over.3", null);
  await until(async () => (await statuses(next)).join() === "completed,completed,completed", "the end");
});

it("a firing that was noted before its host died is started by the next, once", async () => {
  const folder = freshFolder();
  const first = await begun("parallel", folder);
  const [row] = first.store.triggers.list();
  await closed(first);
  const between = hostOn(folder);
  const event = { type: "turn", n: 1 };
  const at = Date.now();
  between.store.firings.add({ triggerId: row?.id ?? 0, key: "k", at, executionId: "01firing", event, input: null });
  await closed(between);
  const second = hostOn(folder);
  await second.begin();
  await until(async () => (await statuses(second)).length === 1, "the start");
  const { rows } = await second.rooms.executions.list({ workflowId: "turns", from: 0, limit: 10 });
  expect(rows.map(({ id }) => id)).toEqual(["01firing"]);
});

it("the workflow's own concurrency holds beside it: what cannot run queues by priority, or is skipped", async () => {
  const host = hostOn(freshFolder());
  const trigger = (pattern: string, more = ""): string => `{type: apg_event, event_pattern: ${pattern}${more}}`;
  const text = (id: string, concurrency: string): string =>
    `id: ${id}\nversion: 1.0.0\nconcurrency: ${concurrency}\ntriggers: [${trigger(`${id}.low`)}, ${trigger(`${id}.high`, ", priority: 5")}]\ncomponents:\n  - {id: hold, type: wait, config: {event: "over.{{ event.n }}"}}\noutputs: "{{ event.n }}"\n`;
  await host.begin();
  for (const [id, concurrency] of [
    ["turns", "{limit: 1}"],
    ["skips", "{limit: 1, overlap: skip}"],
  ] as const) {
    host.rooms.library.create(text(id, concurrency), "yaml", "workspace");
    await on(host, id, 0);
    await on(host, id, 1);
  }
  const said = async (type: string, n: number): Promise<string | undefined> => {
    await host.rooms.triggers.emit(type, { n });
    const [id, which] = type.split(".");
    return host.rooms.triggers.list(id)[which === "low" ? 0 : 1]?.last?.outcome;
  };
  expect([await said("turns.low", 1), await said("turns.low", 2), await said("turns.high", 3)]).toEqual([
    "started",
    "queued",
    "queued",
  ]);
  await host.rooms.triggers.emit("over.1", null);
  await until(async () => (await statuses(host)).join() === "completed,queued,running", "the turn of the higher");
  expect([await said("skips.low", 1), await said("skips.high", 2)]).toEqual(["started", "skipped"]);
});
