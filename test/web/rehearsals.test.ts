import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Client } from "@shared/contract/contract";
import type { FollowItem } from "@shared/contract/executions";
import type { RehearsalItem } from "@shared/contract/rehearsals";
import { serve, type Served } from "./fixture";
import { closedClean, serveTwo } from "./two";

const HOUR = 3_600_000;
const from = Date.parse("2026-03-28T00:00Z");
let served: Served;
let one: Client;
let two: Client;
beforeAll(async () => {
  ({ served, one, two } = await serveTwo());
});
afterAll(() => closedClean(served));

const scheduled = (id: string, cron: string, component = "{id: keep, type: map, config: {records: [{n: 1}]}}") => `
id: ${id}
name: Scheduled
version: 1.0.0
purpose: Runs by the clock
triggers: [{type: schedule, cron: "${cron}", timezone: UTC}]
components: [${component}]
`;

async function created(text: string): Promise<string> {
  return (await one.workflows.create({ text })).id;
}

async function all(client: Client, id: string, after = 0): Promise<readonly RehearsalItem[]> {
  const items: RehearsalItem[] = [];
  for await (const item of await client.rehearsals.follow({ id, from: after })) items.push(item);
  return items;
}

const firingsOf = (items: readonly RehearsalItem[]) =>
  items.flatMap((item) => (item.kind === "firings" ? item.firings : []));

describe("a rehearsal that a window asks for", () => {
  it("says beforehand how much is due, and tells every window each firing with its execution", async () => {
    const workflowId = await created(scheduled("hourly", "0 * * * *"));
    const row = await one.rehearsals.start({ workflowId, from, spanMs: 24 * HOUR });
    expect(row).toMatchObject({ workflowId, from, until: from + 24 * HOUR, due: 24, isMore: false });
    const [mine, theirs] = await Promise.all([all(one, row.id), all(two, row.id, 20)]);
    const firings = firingsOf(mine);
    expect(firings.map(({ dueAt }) => (dueAt - from) / HOUR).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 24 }, (_, hour) => hour),
    );
    expect(new Set(firings.map(({ end }) => end?.status))).toEqual(new Set(["completed"]));
    expect(firingsOf(theirs)).toEqual(firings.slice(20));
    expect(mine.at(-1)).toEqual({ kind: "end", cut: false, stopped: false, unmetFaults: [] });
    const execution = await two.executions.get({ id: firings[3]!.executionId! });
    expect(execution).toMatchObject({ workflowId, status: "completed", lab: true });
    expect(await two.rehearsals.latest({ workflowId })).toEqual(row);
  });

  it("goes wrong on purpose, and names the faults that fitted nothing", async () => {
    const workflowId = await created(scheduled("faulty", "0 */6 * * *"));
    const faults =
      "faults: [{component: keep, during: {after: 5h, for: 2h}, status: 503}, {component: kept, status: 503}]";
    const row = await one.rehearsals.start({ workflowId, from, spanMs: 24 * HOUR, faults });
    const items = await all(one, row.id);
    const statuses = firingsOf(items)
      .toSorted((a, b) => a.dueAt - b.dueAt)
      .map(({ end }) => end?.status);
    expect(statuses).toEqual(["completed", "failed", "completed", "completed"]);
    expect(items.at(-1)).toMatchObject({ kind: "end", unmetFaults: ["kept"] });
    // A fault for later is none that fitted nothing: only the whole can tell.
    const { executionId: id = "" } = firingsOf(items)[0] ?? {};
    const followed: FollowItem[] = [];
    for await (const item of await one.executions.follow({ id })) followed.push(item);
    expect(followed.at(-1)).toEqual({ kind: "end", status: "completed" });
  });

  it("comes out the same with the same seed, and otherwise with another", async () => {
    const workflowId = await created(
      scheduled("chance", "0 */6 * * *", '{id: draw, type: map, config: {records: [{n: "{{ random() }}"}]}}'),
    );
    const drawn = async (seed: string | undefined) => {
      const row = await one.rehearsals.start({ workflowId, from, spanMs: 24 * HOUR, ...(seed ? { seed } : {}) });
      const firings = firingsOf(await all(one, row.id)).toSorted((a, b) => a.dueAt - b.dueAt);
      const draws: unknown[] = [];
      for (const { executionId: id = "" } of firings)
        for await (const item of await one.executions.follow({ id }))
          for (const { event } of item.kind === "entries" ? item.entries : [])
            if (event.kind === "attempt-completed") draws.push(event.output);
      return draws;
    };
    const first = await drawn("7");
    expect(new Set(first.map((each) => JSON.stringify(each))).size).toBe(4);
    expect(await drawn("7")).toEqual(first);
    expect(await drawn(undefined)).not.toEqual(first);
  });

  it("is one at a time of a workflow, and stops when it is told to, with all that it started", async () => {
    const nap = "{id: nap, type: human_task, config: {form: {type: object}}}";
    const slow = scheduled("slow", "*/5 * * * * *", nap);
    const workflowId = await created(slow);
    const row = await one.rehearsals.start({ workflowId, text: slow, from, spanMs: 24 * HOUR });
    expect(row).toMatchObject({ due: 10_000, isMore: true });
    await expect(two.rehearsals.start({ workflowId, from, spanMs: HOUR })).rejects.toMatchObject({
      code: "CONFLICT",
      data: { what: "A rehearsal of this workflow is under way." },
    });
    await two.rehearsals.stop({ id: row.id });
    const items = await all(one, row.id);
    expect(items.at(-1)).toMatchObject({ kind: "end", cut: false, stopped: true });
    expect(new Set(firingsOf(items).map(({ end }) => end?.status))).toEqual(new Set(["cancelled"]));
    const { rows } = await one.executions.list({ workflowId });
    expect(rows.map(({ status }) => status)).toEqual(rows.map(() => "cancelled"));
    await one.rehearsals.stop({ id: row.id });
  });

  it("takes along what it started when its host ends", async () => {
    const folder = mkdtempSync(join(tmpdir(), "apg-web-"));
    const before = await serve({}, folder, false);
    const { client } = await before.connect();
    const nap = scheduled("napping", "* * * * *", "{id: nap, type: wait, config: {event: never, timeout: 20m}}");
    const { id: workflowId } = await client.workflows.create({ text: nap });
    const row = await client.rehearsals.start({ workflowId, from, spanMs: 24 * HOUR });
    for await (const item of await client.rehearsals.follow({ id: row.id })) if (item.kind === "firings") break;
    await before.close();
    const after = await serve({}, folder);
    await after.host.begin();
    const list = async () => (await (await after.connect()).client.executions.list({ workflowId, limit: 200 })).rows;
    await expect.poll(async () => (await list()).filter(({ settledAt }) => settledAt === undefined)).toEqual([]);
    expect((await list()).map(({ status }) => status)).toContain("cancelled");
    expect([...before.reported, ...after.reported]).toEqual([]);
    await after.close();
  });

  it("is refused where there is nothing to fire, where faults cannot be read, and where none is known", async () => {
    const plain = await created("id: plain\nname: Plain\ncomponents: [{id: keep, type: start}]\n");
    await expect(one.rehearsals.start({ workflowId: plain, spanMs: HOUR })).rejects.toMatchObject({
      code: "INVALID",
      data: { what: "The workflow has no schedule trigger, so there is nothing to fire." },
    });
    const workflowId = await created(scheduled("refused", "0 * * * *"));
    await expect(one.rehearsals.start({ workflowId, spanMs: HOUR, faults: "faults: 3" })).rejects.toMatchObject({
      code: "INVALID",
      data: { where: expect.stringMatching(/^faults:1:/) as string },
    });
    expect(await one.rehearsals.latest({ workflowId })).toBeNull();
    await expect(all(one, "gone")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
