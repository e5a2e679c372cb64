import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Client } from "@shared/contract/contract";
import { serve, type Served } from "./fixture";

let served: Served;
let client: Client;
beforeAll(async () => {
  served = await serve();
  client = (await served.connect()).client;
});
afterAll(async () => {
  expect(served.reported).toEqual([]);
  await served.close();
});

const text =
  "id: carried\nname: Carried\nversion: 1.2.0\npurpose: Goes places\ncomponents:\n  - id: say\n    type: log\n    config: {message: hello}\n";

describe("a bundle over the socket", () => {
  it("is planned, written with progress, looked into and taken in", async () => {
    const { id: workflowId } = await client.workflows.create({ text });
    const plan = await client.bundles.plan({ workflowId });
    expect(plan).toMatchObject({ blocked: false });
    const items = [];
    for await (const item of await client.bundles.export({ workflowId, file: plan.fileName })) items.push(item);
    const done = items.at(-1)?.done;
    expect(done?.file).toBe(join(served.host.store.files, plan.fileName));
    expect(existsSync(done!.file)).toBe(true);
    expect(await client.bundles.inspect({ file: done!.file })).toMatchObject({
      root: { id: "carried", version: "1.2.0" },
      intact: true,
    });
    const { name, base64 } = await client.bundles.download({ workflowId });
    expect(Buffer.from(base64, "base64").equals(readFileSync(done!.file))).toBe(true);
    expect(await client.bundles.import({ name, base64 })).toEqual({ ids: ["carried_2"] });
  });

  it("is refused where the workflow has errors, with a sentence", async () => {
    const { id: workflowId } = await client.workflows.create({
      text: text.replace("id: carried", "id: wrong").replace("type: log", "type: nothing_known"),
    });
    const writing = (async () => {
      for await (const _ of await client.bundles.export({ workflowId, file: "wrong.apgb" }));
    })();
    await expect(writing).rejects.toMatchObject({ code: "INVALID", data: { what: expect.stringContaining("error") } });
    expect(existsSync(join(served.host.store.files, "wrong.apgb"))).toBe(false);
  });

  it("is refused where it is none", async () => {
    const base64 = Buffer.from("nothing").toString("base64");
    await expect(client.bundles.import({ name: "x.apgb", base64 })).rejects.toMatchObject({ code: "INVALID" });
    await expect(client.bundles.import({})).rejects.toMatchObject({ code: "INVALID" });
    await expect(client.bundles.plan({ workflowId: "nowhere" })).rejects.toMatchObject({
      data: { what: expect.stringContaining("nowhere") },
    });
  });

  it("is not the only thing that can be taken in", async () => {
    const { ids } = await client.bundles.import({
      name: "a.workflow.yaml",
      base64: Buffer.from(text.replace("carried", "yaml_one")).toString("base64"),
    });
    expect(ids).toEqual(["yaml_one"]);
    expect((await client.workflows.list()).find((row) => row.id === "yaml_one")?.origin).toBe("import");
  });
});
