import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Client } from "@shared/contract/contract";
import type { FollowItem } from "@shared/contract/executions";
import { each, ticks } from "../../src-main/api/ticks";
import type { Served } from "./fixture";
import { closedClean, serveTwo } from "./two";

let served: Served;
let one: Client;
let two: Client;
beforeAll(async () => {
  ({ served, one, two } = await serveTwo());
});
afterAll(() => closedClean(served));

const workflow = (id: string) => `
id: ${id}
name: Greet
version: 1.0.0
purpose: Says hello
parameters:
  who: {type: string}
  key: {type: string, sensitive: true, required: false}
components:
  - id: greeting
    type: map
    config:
      records: [{n: 1}, {n: 2}, {n: 3}]
      computed_fields: {double: "record.n * 2"}
  - id: say
    type: log
    config: {message: "hello {{ who }}"}
outputs: {rows: "{{ greeting.output }}"}
`;

async function follow(client: Client, id: string): Promise<readonly FollowItem[]> {
  const items: FollowItem[] = [];
  for await (const item of await client.executions.follow({ id })) items.push(item);
  return items;
}

describe("an execution", () => {
  it("is followed by every window, and after its end", async () => {
    const { id: workflowId } = await one.workflows.create({ text: workflow("greet") });
    const { id } = await one.executions.start({ workflowId, input: { n: 1 }, parameters: { who: "you" } });
    const [mine, theirs] = await Promise.all([follow(one, id), follow(two, id)]);
    const later = await follow(two, id);
    for (const items of [mine, theirs, later]) {
      expect(items.at(-1)).toEqual({ kind: "end", status: "completed" });
      const seqs = items.flatMap((item) => (item.kind === "entries" ? item.entries.map((entry) => entry.seq) : []));
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    }
    const row = await two.executions.get({ id });
    expect(row).toMatchObject({ workflowId, status: "completed", live: false });
    expect(
      (await one.workflows.list()).find((found) => found.id === workflowId)?.lastExecutions.map((last) => last.id),
    ).toEqual([id]);
    expect(await one.executions.lastInput({ workflowId })).toEqual([{ input: { n: 1 }, parameters: { who: "you" } }]);
  });

  it("runs again with the same input, and asks for what nothing keeps", async () => {
    const { id: workflowId } = await one.workflows.create({ text: workflow("greet_again") });
    const { id } = await one.executions.start({
      workflowId,
      input: { n: 2 },
      parameters: { who: "you", key: "s3cret-value" },
    });
    await follow(one, id);
    await expect(one.executions.again({ id })).rejects.toMatchObject({ code: "INVALID", data: { where: "key" } });
    const again = await one.executions.again({ id, parameters: { key: "s3cret-value" } });
    expect((await follow(one, again.id)).at(-1)).toEqual({ kind: "end", status: "completed" });
  });

  it("is refused where the text has errors, with the place", async () => {
    const { id: workflowId } = await one.workflows.create({ text: workflow("refused") });
    const text = workflow("refused").replace("type: log", "type: no_such_type");
    await expect(
      one.executions.start({ workflowId, text, input: null, parameters: { who: "you" } }),
    ).rejects.toMatchObject({ code: "INVALID", data: { where: "say" } });
    await expect(one.executions.start({ workflowId, input: null, parameters: {} })).rejects.toMatchObject({
      code: "INVALID",
      data: { where: "who" },
    });
    await expect(one.executions.start({ workflowId: "nowhere", input: null })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  it("is deleted and comes back", async () => {
    const { rows } = await one.executions.list({});
    const [last] = rows;
    expect(await one.executions.delete({ ids: [last!.id] })).toEqual({ deleted: 1 });
    await expect(two.executions.get({ id: last!.id })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await one.executions.restore({ ids: [last!.id] });
    expect(await two.executions.get({ id: last!.id })).toMatchObject({ id: last!.id });
  });
});

describe("a held execution", () => {
  it("shows its hold, takes an edited input, and goes on", async () => {
    const { id: workflowId } = await one.workflows.create({ text: workflow("held") });
    const breakpoints = [{ workflowId, component: "say", enabled: true }];
    await one.debug.setBreakpoints({ workflowId, breakpoints });
    expect(await two.debug.breakpoints({ workflowId })).toEqual(breakpoints);
    const { id } = await one.executions.start({
      workflowId,
      input: null,
      parameters: { who: "you" },
      debug: true,
      breakpoints,
    });
    const seen: string[] = [];
    for await (const item of await two.executions.follow({ id })) {
      if (item.kind === "gate" && item.gate.holds.length > 0 && !seen.includes("held")) {
        seen.push("held");
        expect(item.gate.holds[0]).toMatchObject({ path: "say", reason: "breakpoint" });
        await one.debug.edit({ id, path: "say", config: { message: "changed" } });
        await one.debug.continue({ id });
      }
      if (item.kind === "entries") for (const { event } of item.entries) seen.push(event.kind);
    }
    expect(seen).toContain("held");
    expect(seen).toContain("input-edited");
    expect(seen.at(-1)).toBe("execution-settled");
    await expect(one.debug.continue({ id })).rejects.toMatchObject({ code: "CONFLICT" });
  });
});

describe("a stream of changes", () => {
  it("joins changes that come close together", async () => {
    let tell: () => void = () => undefined;
    const gone = new AbortController();
    const items = ticks((listener) => {
      tell = listener;
      return () => undefined;
    }, gone.signal);
    const first = items.next();
    for (let i = 0; i < 50; i++) tell();
    expect((await first).value).toBe(1);
    tell();
    expect((await items.next()).value).toBe(2);
    gone.abort();
    expect((await items.next()).done).toBe(true);
  });

  it("stops listening when its window is gone, though nothing happens", async () => {
    const gone = new AbortController();
    let listening = false;
    const items = each<number>(() => {
      listening = true;
      return () => {
        listening = false;
      };
    }, gone.signal);
    const next = items.next();
    expect(listening).toBe(true);
    gone.abort();
    expect((await next).done).toBe(true);
    expect(listening).toBe(false);
  });
});
