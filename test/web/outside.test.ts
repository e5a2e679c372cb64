import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Client } from "@shared/contract/contract";
import type { JsonObject } from "@shared/base/json";
import { readWorkflow } from "@shared/workflow/file";
import type { Workflow } from "@shared/workflow/workflow";
import { startSampleApi, type SampleApi } from "../../src-main/sample-api/server";
import { authority } from "../servers/certificate";
import { Http2Server } from "../servers/http2";
import { MailServer } from "../servers/smtp";
import { pythonToJson } from "../workflow/python";
import { json, TestServer } from "../worker/http-server";
import { serve, type Served } from "./fixture";

let served: Served;
let client: Client;
let sample: SampleApi;
let mail: MailServer;
let hook: TestServer;
beforeAll(async () => {
  served = await serve();
  ({ client } = await served.connect());
  sample = await startSampleApi();
  mail = await MailServer.start();
  hook = await TestServer.start((got, response) => json(response, { echo: got.headers }));
  await client.host.set({ hosts: { "platform.example.com": sample.url } });
  await client.secrets.set({ name: "MAIL_PASSWORD", value: "pw" });
  await client.secrets.set({ name: "HOOK_KEY", value: "very-secret-hook-key" });
  await client.secrets.set({ name: "HOOK_URL", value: `${hook.url}/hook` });
  const smtp = { host: "127.0.0.1", port: mail.port, from: "apg@example.com", user: "ann", ca: authority };
  await client.connections.set({
    name: "office",
    kind: "smtp",
    settings: { "*": { ...smtp, password: "{{ secrets.MAIL_PASSWORD }}", recipients: ["ops@example.com"] } },
  });
  await client.connections.set({
    name: "team",
    kind: "webhook",
    settings: { "*": { url: "{{ secrets.HOOK_URL }}", secret: "{{ secrets.HOOK_KEY }}" } },
  });
});
afterAll(async () => {
  await served.close();
  await sample.close();
  await mail.close();
  await hook.close();
  expect(served.reported).toEqual([]);
});

async function run(definition: Omit<Workflow, "id">, id = "outside") {
  const { engine, store, rooms } = served.host;
  const started = engine.start({
    definition: { id, ...definition } as Workflow,
    input: null,
    parameters: {},
    env: {},
    folder: store.files,
    allowed: [store.files],
    hosts: rooms.settings.get().hosts,
    trusted: false,
  });
  if (!started.ok) throw new Error(JSON.stringify(started.problem));
  const ended = await engine.settled(started.value.id);
  return { ...ended, id: started.value.id, output: await engine.read(started.value.id, ended.output) };
}

describe("the guide's chain of capabilities", () => {
  const text = readFileSync(join("test/workflow/guide/apg-integration-best-practices.good.py"), "utf8");
  const { workflow } = readWorkflow(pythonToJson(text), "json");

  it("says which connection to add", async () => {
    expect(await run(workflow!, "chain")).toMatchObject({
      status: "failed",
      error: { message: expect.stringContaining("apg_user_management") as string },
    });
  });

  it("runs as written, and the user is looked up once", async () => {
    await client.connections.set({
      name: "platform",
      kind: "http",
      settings: { "*": { base_url: "https://platform.example.com/capabilities" } },
      serves: ["apg_user_management", "apg_auth_rbac", "apg_audit_compliance"],
    });
    for (const _ of [1, 2]) {
      expect(await run(workflow!, "chain")).toMatchObject({
        status: "completed",
        output: { user_id: "user_1", event_type: "data_access", recorded: true },
      });
    }
    expect(sample.counts().routes).toEqual({
      "POST /capabilities/user_management/get_user": { raw: 1, distinct: 1 },
      "POST /capabilities/auth_rbac/check_permission": { raw: 2, distinct: 2 },
      "POST /capabilities/audit_compliance/log_access": { raw: 2, distinct: 2 },
    });
  });
});

describe("notify", () => {
  it("reaches every window, the mail server and the webhook, with the workspace's secrets", async () => {
    const controller = new AbortController();
    const heard = (await client.host.notices(undefined, { signal: controller.signal }))[Symbol.asyncIterator]();
    const first = heard.next();
    // The stream is open once the host answered something that was asked after it.
    await client.host.info();
    const config = { channels: ["desktop", "office", "team"], title: "Ops", message: "Disk is full", level: "error" };
    const ended = await run({ components: [{ id: "tell", type: "notify", config }] });
    expect(ended).toMatchObject({ status: "completed", output: null });
    expect((await first).value).toEqual({
      executionId: ended.id,
      level: "error",
      title: "Ops",
      message: "Disk is full",
    });
    controller.abort();
    expect(mail.last).toMatchObject({ to: ["ops@example.com"], user: "ann", mail: { subject: "Ops" } });
    expect(hook.last.headers).toHaveProperty("x-signature-256");
  });
});

describe("the workspace's network settings", () => {
  it("are used by every call: authorities, and hosts that a restricted workflow may reach", async () => {
    const secure = await Http2Server.start();
    const components = [{ id: "call", type: "http_request", config: { url: `${secure.url}/x` } }];
    const permissions = { execution_context: { network_policy: "restricted" } };
    expect(await run({ components })).toMatchObject({ status: "failed", error: { type: "connection_error" } });
    await client.host.set({ network: { ca: [authority] } });
    expect(await run({ components })).toMatchObject({ status: "completed", output: { body: { version: "2.0" } } });
    expect(await run({ components, permissions })).toMatchObject({
      status: "failed",
      error: { type: "authorization_error" },
    });
    await client.host.set({ network: { ca: [authority], allow: ["127.0.0.0/8"] } });
    expect(await run({ components, permissions })).toMatchObject({ status: "completed" });
    expect((await client.host.settings()).network).toEqual({ ca: [authority], allow: ["127.0.0.0/8"] });
    await client.host.set({ network: {} });
    await secure.close();
  });

  it("are refused where they cannot be meant", async () => {
    const bad = { network: { proxy: "ftp://x" } } as unknown as JsonObject;
    await expect(client.host.set(bad)).rejects.toMatchObject({ code: "INVALID" });
  });
});
