import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "@shared/base/json";
import type { NetworkSettings, Task } from "@shared/execution/effect";
import { authority } from "../servers/certificate";
import { Http2Server } from "../servers/http2";
import { ProxyServer } from "../servers/proxy";
import { json, TestServer } from "./http-server";
import { errorOf, outputOf, taskOf } from "./task";

let secure: Http2Server;
let plain: TestServer;
let proxy: ProxyServer;
beforeAll(async () => {
  secure = await Http2Server.start();
  plain = await TestServer.start((got, response) => json(response, { headers: got.headers, url: got.url }));
  proxy = await ProxyServer.start("ann:p w");
});
afterAll(async () => {
  await proxy.close();
  await plain.close();
  await secure.close();
});
beforeEach(() => void (proxy.passed.length = 0));

const by = (network: NetworkSettings, more: Partial<Task> = {}): Partial<Task> => ({ ...more, services: { network } });
const trusting = { ca: [authority] };
const called = async (url: string, config: JsonObject, network: NetworkSettings) =>
  ((await outputOf("http_request", { url, ...config }, null, by(network))) as JsonObject)["body"] as JsonObject;

describe("HTTP/2", () => {
  it("is spoken where it is offered, over a connection that stays open", async () => {
    // The first shows what is spoken, the second opens what the others share.
    for (const n of [1, 2]) await called(`${secure.url}/?n=${n}`, {}, trusting);
    const from = secure.sessions;
    for (const n of [1, 2, 3])
      expect(await called(`${secure.url}/n?n=${n}`, {}, trusting)).toMatchObject({ version: "2.0", url: `/n?n=${n}` });
    expect(secure.sessions).toBe(from);
    expect(await called(secure.url, { method: "POST", body: { n: 1 } }, trusting)).toMatchObject({
      version: "2.0",
      body: '{"n":1}',
      headers: { "idempotency-key": "01kaexecution0000000000000/step", "x-correlation-id": "corr-1" },
    });
  });

  it("unpacks, maps statuses, times out and tells a reset stream", async () => {
    expect(await called(`${secure.url}/packed`, {}, trusting)).toMatchObject({ version: "2.0", url: "/packed" });
    const refused = (path: string, config: JsonObject = {}) =>
      errorOf("http_request", { url: secure.url + path, ...config }, null, by(trusting));
    expect(await refused("/gone")).toMatchObject({ type: "not_found" });
    expect(await refused("/stall", { timeout: 0.2 })).toMatchObject({ type: "timeout" });
    expect(await refused("/reset")).toMatchObject({ type: "connection_error" });
    expect(await called(`${secure.url}/after`, {}, trusting)).toMatchObject({ version: "2.0" });
  });
});

describe("an authority of the workspace", () => {
  it("is trusted beside the system's, and only where it is given", async () => {
    expect(await called(secure.url, {}, trusting)).toMatchObject({ url: "/" });
    expect(await errorOf("http_request", { url: secure.url }, null, by({}))).toMatchObject({
      type: "connection_error",
      message: expect.stringContaining("not trusted") as string,
    });
  });

  it("does not make another host's name right", async () => {
    const place = { folder: "/", allowed: [], hosts: {}, trusted: false, scratch: "/" };
    const url = secure.url.replace("127.0.0.1", "127.0.0.2");
    const error = await errorOf("http_request", { url }, null, by(trusting, { place }));
    expect(error.type).toBe("connection_error");
  });
});

describe("a user in an address", () => {
  it.each([
    ["ann:p%20w", "ann:p w"],
    ["a%zz:pw", "a%zz:pw"],
  ])("signs in, as written where it cannot be read: %s", async (written, meant) => {
    const authorization = `Basic ${Buffer.from(meant).toString("base64")}`;
    expect(await called(plain.url.replace("//", `//${written}@`), {}, {})).toMatchObject({
      headers: { authorization },
    });
  });
});

describe("a proxy", () => {
  const through = (more: NetworkSettings = {}): NetworkSettings => ({
    proxy: `http://ann:p%20w@127.0.0.1:${proxy.port}`,
    ...more,
  });

  it("passes http on and tunnels https, with its own sign-in", async () => {
    expect(await called(`${plain.url}/x?a=1`, { headers: { X: "1" } }, through())).toMatchObject({
      url: "/x?a=1",
      headers: { x: "1" },
    });
    expect(plain.last.headers).not.toHaveProperty("proxy-authorization");
    expect(await called(`${secure.url}/y`, {}, through(trusting))).toMatchObject({ url: "/y" });
    expect(proxy.passed).toEqual([`GET ${plain.url}/x?a=1`, `CONNECT ${new URL(secure.url).host}`]);
  });

  it("is passed by for hosts in noProxy, and for hosts the workspace leads elsewhere", async () => {
    await called(plain.url, {}, through({ noProxy: ["127.0.0.1"] }));
    const place = { folder: "/", allowed: [], hosts: { "api.example.com": plain.url }, trusted: false, scratch: "/" };
    await outputOf("http_request", { url: "http://api.example.com/" }, null, by(through(), { place }));
    expect(proxy.passed).toEqual([]);
  });

  it("that refuses is a connection_error", async () => {
    const stranger = { proxy: `http://bo:x@127.0.0.1:${proxy.port}` };
    expect(await errorOf("http_request", { url: secure.url }, null, by(stranger))).toMatchObject({
      type: "connection_error",
    });
    expect(await errorOf("http_request", { url: plain.url }, null, by(stranger))).toMatchObject({
      type: "connection_error",
    });
  });

  it("does not undo the network policy", async () => {
    const config = { url: plain.url, network_policy: "restricted" };
    expect(await errorOf("http_request", config, null, by(through()))).toMatchObject({ type: "authorization_error" });
    expect(proxy.passed).toEqual([]);
  });
});

describe("a connection of the workspace", () => {
  const over = (settings: JsonObject, more: Partial<Task> = {}): Partial<Task> => ({
    ...more,
    services: { connection: { name: "crm", kind: "http", settings } },
  });
  const got = async (url: string, settings: JsonObject, config: JsonObject = {}, more: Partial<Task> = {}) =>
    ((await outputOf("http_request", { url, connection: "crm", ...config }, null, over(settings, more))) as JsonObject)[
      "body"
    ] as JsonObject;

  it("gives base URL, headers, sign-in and time limit; the component's own win", async () => {
    const settings = {
      base_url: `${plain.url}/v1/?tenant=t`,
      headers: { "X-One": "1", "X-Two": "2" },
      auth: { type: "basic", username: "ann", password: "pw" },
      timeout: 3,
    };
    expect(await got("/orders?a=b", settings, { headers: { "X-Two": "own" } })).toMatchObject({
      url: "/v1/orders?tenant=t&a=b",
      headers: { "x-one": "1", "x-two": "own", authorization: "Basic YW5uOnB3" },
    });
    expect(await got("", settings, { auth: { type: "bearer", token: "t" } })).toMatchObject({
      url: "/v1/?tenant=t",
      headers: { authorization: "Bearer t" },
    });
    expect(await got(`${plain.url}/v1/whole`, settings)).toMatchObject({ url: "/v1/whole" });
  });

  it.each(["https://elsewhere.example.com/", "/../admin", "%2e%2e/admin", "//elsewhere.example.com/x"])(
    "does not carry its credentials to %s",
    async (url) => {
      const settings = { base_url: `${plain.url}/v1`, auth: { type: "bearer", token: "t" } };
      const more = over(settings);
      const from = plain.got.length;
      const outcome = await outputOf("http_request", { url, connection: "crm" }, null, more).catch(
        (error: unknown) => error,
      );
      if (outcome instanceof Error) expect(outcome.message).toMatch(/^validation_error: .* leads /);
      else for (const one of plain.got.slice(from)) expect(one.url).toMatch(/^\/v1\//);
    },
  );

  it("may lie in a private network though the policy is restricted", async () => {
    expect(await got("/x", { base_url: plain.url }, { network_policy: "restricted" })).toMatchObject({ url: "/x" });
  });

  it("that is missing is named", async () => {
    expect(await errorOf("http_request", { url: "/x", connection: "crm" })).toMatchObject({
      type: "not_found",
      message: "The workspace has no HTTP connection called crm. Add it under Connections.",
      place: "config.connection",
    });
  });

  it("has its password taken out of what comes back", async () => {
    const task = taskOf("http_request", { url: "/x", connection: "crm" }, null, {
      ...over({ base_url: plain.url, auth: { type: "basic", username: "ann", password: "hunter22" } }),
      sensitive: ["hunter22"],
    });
    const { perform } = await import("./task");
    expect(await perform(task)).toMatchObject({ sensitive: [Buffer.from("ann:hunter22").toString("base64")] });
  });
});
