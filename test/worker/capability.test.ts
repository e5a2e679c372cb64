import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "@shared/base/json";
import type { Task } from "@shared/execution/effect";
import { startSampleApi, type SampleApi } from "../../src-main/sample-api/server";
import { json, TestServer } from "./http-server";
import { errorOf, outputOf, perform, taskOf } from "./task";

let sample: SampleApi;
let server: TestServer;
beforeAll(async () => {
  sample = await startSampleApi();
  server = await TestServer.start((got, response) =>
    got.url.endsWith("/missing")
      ? json(response, { why: "unknown" }, 404)
      : json(response, { url: got.url, headers: got.headers, body: JSON.parse(got.body) as JsonObject }),
  );
});
afterAll(async () => {
  await sample.close();
  await server.close();
});
beforeEach(() => sample.reset());

const served = (settings: JsonObject, more: Partial<Task> = {}): Partial<Task> => ({
  ...more,
  services: { capability: { name: "platform", kind: "http", settings } },
});
const offline = (): Partial<Task> => ({
  ...served({ base_url: "http://platform.example.com/capabilities" }),
  place: { folder: "/", allowed: [], hosts: { "platform.example.com": sample.url }, trusted: false, scratch: "/" },
});

describe("a capability", () => {
  it("is called at base/capability/operation with the other keys as arguments", async () => {
    const config = {
      operation: "get_user",
      user_id: 7,
      deep: { a: [1] },
      timeout: 5,
      connection: "platform",
      cache_result: true,
      cache_key: "k",
      cache_ttl: 3,
      sensitive_fields: [],
    };
    const got = (await outputOf(
      "apg_user_management",
      config,
      null,
      served({ base_url: `${server.url}/v1/` }),
    )) as JsonObject;
    expect(got).toMatchObject({
      url: "/v1/user_management/get_user",
      body: { user_id: 7, deep: { a: [1] } },
      headers: {
        "content-type": "application/json",
        "idempotency-key": "01kaexecution0000000000000/step",
        "x-correlation-id": "corr-1",
      },
    });
  });

  it("carries the connection's headers and sign-in", async () => {
    const settings = {
      base_url: server.url,
      headers: { "X-Tenant": "t1" },
      sensitive_headers: { "X-Secret": "s" },
      auth: { type: "bearer", token: "tok" },
    };
    expect(await outputOf("apg_any_thing", { operation: "do" }, null, served(settings))).toMatchObject({
      url: "/any_thing/do",
      headers: { "x-tenant": "t1", "x-secret": "s", authorization: "Bearer tok" },
    });
    const key = { base_url: server.url, auth: { type: "api_key", name: "key", value: "k", in: "query" } };
    expect(await outputOf("apg_any_thing", { operation: "do" }, null, served(key))).toMatchObject({
      url: "/any_thing/do?key=k",
    });
  });

  it("fails as HTTP does, and without a connection says which to add", async () => {
    const base = served({ base_url: server.url });
    expect(await errorOf("apg_user_management", { operation: "missing" }, null, base)).toMatchObject({
      type: "not_found",
    });
    expect(await errorOf("apg_user_management", { operation: "../x" }, null, base)).toMatchObject({
      place: "config.operation",
    });
    expect(await errorOf("apg_user_management", { operation: "get_user" })).toMatchObject({
      type: "not_found",
      message:
        "No connection of the workspace serves apg_user_management. Add an HTTP connection that serves it, under Connections.",
    });
  });

  it("marks what sensitive_fields name in the answer", async () => {
    const outcome = await perform(
      taskOf("apg_user_management", { operation: "get_user", sensitive_fields: ["email"] }, null, offline()),
    );
    expect(outcome).toMatchObject({ kind: "completed", sensitive: [expect.stringContaining("@")] });
  });

  it.each<[string, JsonObject, JsonObject]>([
    ["apg_user_management", { operation: "get_user" }, { user_id: "user_1" }],
    ["apg_auth_rbac", { operation: "check_permission", resource: "user_1", action: "data_access" }, { allowed: true }],
    [
      "apg_audit_compliance",
      { operation: "log_access", event_type: "data_access", user_id: "user_1" },
      { recorded: true },
    ],
    ["apg_notification", { operation: "send", to: "user_1", message: "hi" }, { accepted: true }],
    ["payment_api", { operation: "charge", amount: 12.5, order_id: "ord_1" }, { payment_id: "pay_ord_1" }],
    ["payment_api", { amount: 1 }, { status: "charged" }],
    ["payment_refund", { operation: "refund", payment_id: "pay_ord_1" }, { refund_id: "ref_pay_ord_1" }],
    ["payment_refund", { payment_id: "pay_ord_1" }, { status: "refunded" }],
  ])("%s %j is answered by the sample API, once a key", async (type, config, answer) => {
    expect(await outputOf(type, config, null, offline())).toMatchObject(answer);
    expect(await outputOf(type, config, null, offline())).toMatchObject(answer);
    expect(sample.counts()).toMatchObject({ raw: 2, distinct: 1 });
  });
});
