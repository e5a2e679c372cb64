import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "@shared/base/json";
import type { Outcome, Task } from "@shared/execution/effect";
import { requestOver } from "../../src-main/worker/behaviours/http-request";
import type { Outside } from "../../src-main/worker/http/client";
import { Dispatchers } from "../../src-main/worker/http/dispatchers";
import { Tokens } from "../../src-main/worker/http/tokens";
import { json, TestServer, type Got } from "./http-server";
import { taskOf, toolsOf } from "./task";

let server: TestServer;
let outside: Outside;
/** Tokens the API takes; what the token endpoint gives next. */
let good: Set<string>;
let given: number;
let lasts: number | undefined;
beforeAll(async () => {
  server = await TestServer.start((got, response) => {
    switch (got.url) {
      case "/token": {
        const token = `tok-${++given}`;
        good.add(token);
        return json(response, {
          access_token: token,
          token_type: "Bearer",
          ...(lasts === undefined ? {} : { expires_in: lasts }),
        });
      }
      case "/token/refuse":
        return json(response, { error: "invalid_client", error_description: "Unknown client" }, 401);
      case "/token/down":
        return json(response, { oops: true }, 503);
      case "/token/odd":
        return json(response, { nothing: true });
      case "/token/stall":
        return;
      case "/token/stall-once":
        return server.got.filter(({ url }) => url === got.url).length === 1
          ? undefined
          : json(response, { access_token: "later", token_type: "Bearer" });
      default: {
        const token = /^Bearer (.*)$/.exec(String(got.headers.authorization))?.[1] ?? "";
        return good.has(token) ? json(response, { echo: got.headers.authorization }) : json(response, { token }, 401);
      }
    }
  });
});
afterAll(() => server.close());
beforeEach(() => {
  outside = { dispatchers: new Dispatchers(), tokens: new Tokens() };
  good = new Set();
  given = 0;
  lasts = 3600;
  server.got.length = 0;
});

const auth = (more: JsonObject = {}): JsonObject => ({
  type: "oauth2_client_credentials",
  token_url: `${server.url}/token`,
  client_id: "me",
  client_secret: "s/cret",
  ...more,
});
const call = async (more: JsonObject = {}, config: JsonObject = {}, task: Partial<Task> = {}): Promise<Outcome> =>
  requestOver(
    taskOf("http_request", { url: `${server.url}/api`, auth: auth(more), ...config }, null, task),
    toolsOf(),
    outside,
  );
const asked = (): Got[] => server.got.filter(({ url }) => url.startsWith("/token"));

describe("OAuth 2.0 client credentials", () => {
  it("get a token by header, or by body where the server wants that", async () => {
    await call({ scope: "read write", audience: "api" });
    expect(asked()[0]!.headers.authorization).toBe(`Basic ${Buffer.from("me:s%2Fcret").toString("base64")}`);
    expect(Object.fromEntries(new URLSearchParams(asked()[0]!.body))).toEqual({
      grant_type: "client_credentials",
      scope: "read write",
      audience: "api",
    });
    await call({ client_auth: "body" });
    expect(Object.fromEntries(new URLSearchParams(asked()[1]!.body))).toEqual({
      grant_type: "client_credentials",
      client_id: "me",
      client_secret: "s/cret",
    });
  });

  it("keep the token until it expires, and fetch it once for calls at the same time", async () => {
    await Promise.all([call(), call(), call()]);
    await call();
    expect(asked().length).toBe(1);
    lasts = 1;
    outside.tokens.forget(
      { tokenUrl: new URL(`${server.url}/token`), clientId: "me", clientSecret: "s/cret", clientAuth: "basic" },
      "tok-1",
    );
    await call();
    await call();
    expect(asked().length).toBe(3);
  });

  it("get another token once when the server answers 401, and no more", async () => {
    await call();
    good.clear();
    expect(await call()).toMatchObject({ kind: "completed" });
    expect(asked().length).toBe(2);
    const answer = good.add.bind(good);
    good.add = (token) => (token.startsWith("tok-") ? good : answer(token));
    good.clear();
    expect(await call()).toMatchObject({ kind: "failed", error: { type: "authentication_error" } });
    expect(asked().length).toBe(3);
  });

  it("mark the token in the output, and take it out of the error", async () => {
    const outcome = await call();
    expect(outcome).toMatchObject({ kind: "completed", sensitive: ["tok-1"] });
    const answer = good.add.bind(good);
    good.add = (token) => (token.startsWith("tok-") ? good : answer(token));
    good.clear();
    const refused = await call();
    expect(JSON.stringify(refused)).not.toContain("tok-");
    expect(JSON.stringify(refused)).toContain("[REDACTED]");
  });

  it.each<[string, string, string]>([
    ["/token/refuse", "authentication_error", "was refused: Unknown client"],
    ["/token/down", "server_error", "answered with 503"],
    ["/token/odd", "authentication_error", "gave no token"],
  ])("that fail at %s are a %s", async (path, type, says) => {
    const outcome = await call({ token_url: server.url + path });
    expect(outcome).toMatchObject({
      kind: "failed",
      error: { type, message: expect.stringContaining(says) as string },
    });
  });

  it("are within the attempt's time limit and the network policy, and follow hosts", async () => {
    expect(await call({ token_url: `${server.url}/token/stall` }, { timeout: 0.2 })).toMatchObject({
      error: { type: "timeout" },
    });
    const hosts = { "api.example.com": server.url };
    const place = { folder: "/", allowed: [], hosts, trusted: false, scratch: "/" };
    const config = { url: "http://api.example.com/api", network_policy: "restricted" };
    const there = { token_url: "http://api.example.com/token" };
    expect(await call(there, config, { place })).toMatchObject({ kind: "completed" });
    const elsewhere = { token_url: "http://[::1]:1/token" };
    expect(await call(elsewhere, config, { place })).toMatchObject({ error: { type: "authorization_error" } });
  });

  it("of a call that is stopped are fetched again for those that wait for the same token", async () => {
    good.add("later");
    const stop = new AbortController();
    const there = { url: `${server.url}/api`, auth: auth({ token_url: `${server.url}/token/stall-once` }) };
    const first = requestOver(taskOf("http_request", there), toolsOf([], stop.signal), outside);
    await expect.poll(() => asked().length).toBe(1);
    const second = requestOver(taskOf("http_request", there), toolsOf(), outside);
    const hasty = await requestOver(taskOf("http_request", { ...there, timeout: 0.05 }), toolsOf(), outside);
    expect(hasty).toMatchObject({ error: { type: "timeout" } });
    stop.abort();
    expect(await first).toMatchObject({ error: { type: "cancelled" } });
    expect(await second).toMatchObject({ kind: "completed" });
    expect(asked().length).toBe(2);
  });

  it.each<[JsonObject, string]>([
    [{ token_url: "nowhere" }, "config.auth.token_url"],
    [{ client_id: null }, "config.auth.client_id"],
    [{ client_auth: "magic" }, "config.auth.client_auth"],
  ])("refuse %j", async (more, place) => {
    expect(await call(more)).toMatchObject({ error: { type: "validation_error", place } });
  });

  it("sign a workspace connection in", async () => {
    const connection = { name: "crm", kind: "http", settings: { base_url: server.url, auth: auth() } } as const;
    const config = { url: "/api", connection: "crm", auth: null };
    const task = taskOf("http_request", config, null, { services: { connection } });
    expect(await requestOver(task, toolsOf(), outside)).toMatchObject({ kind: "completed", sensitive: ["tok-1"] });
  });
});
