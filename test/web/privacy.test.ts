import { afterEach, expect, it } from "vitest";
import type { Client } from "@shared/contract/contract";
import { serve, type Served } from "./fixture";

let served: Served | undefined;
afterEach(async () => {
  const { reported } = served ?? { reported: [] };
  await served?.close();
  served = undefined;
  expect(reported).toEqual([]);
});

const ADA = "ada.lovelace@example.com";
const KEEPS = {
  id: "keeps",
  components: [{ id: "note", type: "end", config: { output: "{{ input }}" } }],
};

async function run(client: Client, input: object): Promise<string> {
  const { id } = await client.executions.start({ workflowId: KEEPS.id, input });
  for await (const item of await client.executions.follow({ id })) if (item.kind === "end") return id;
  throw new Error("it did not end");
}

it("a window counts what is kept of a person, and removes it for good while others read", async () => {
  served = await serve();
  const { client } = await served.connect();
  await client.workflows.create({ text: JSON.stringify(KEEPS), format: "json" });
  const gone = await run(client, { person: { email: ADA } });
  const mentions = await run(client, { note: `asked ${ADA} to call` });
  const stays = await run(client, { person: { email: "ben@example.com" } });
  const counted = await client.privacy.erase({ field: "email", value: ` ${ADA} `, isTrial: true });
  expect(counted).toMatchObject({ executions: 1, cached: 0, events: 0, elsewhere: 1 });
  expect((await client.executions.get({ id: gone })).id).toBe(gone);
  const [report, listed] = await Promise.all([
    client.privacy.erase({ field: "email", value: ADA.toUpperCase(), isTrial: false }),
    client.executions.list({}),
  ]);
  expect(report).toEqual({ executions: 1, cached: 0, events: 0, underWay: 0, elsewhere: 1, isOverwritten: true });
  expect(listed.total).toBeGreaterThanOrEqual(2);
  await expect(client.executions.get({ id: gone })).rejects.toMatchObject({ code: "NOT_FOUND" });
  for (const id of [mentions, stays]) expect((await client.executions.get({ id })).id).toBe(id);
});

it("a value that stands everywhere by chance is refused", async () => {
  served = await serve();
  const { client } = await served.connect();
  await expect(client.privacy.erase({ value: "ad", isTrial: true })).rejects.toMatchObject({
    code: "INVALID",
    data: { where: "value" },
  });
  expect(await client.privacy.erase({ field: "initials", value: "ad", isTrial: true })).toMatchObject({
    executions: 0,
  });
});
