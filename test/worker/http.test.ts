import { createServer as createTcp } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Json, JsonObject } from "@shared/base/json";
import { isPrivateAddress } from "../../src-main/worker/http/guard";
import { json, TestServer } from "./http-server";
import { errorOf, outputOf, perform, taskOf, toolsOf } from "./task";

const customers = Array.from({ length: 7 }, (_, i) => ({ id: i }));
let server: TestServer;
let other: TestServer;

beforeAll(async () => {
  other = await TestServer.start((got, response) => json(response, { host: "other", headers: got.headers }));
  server = await TestServer.start((got, response, request) => {
    const url = new URL(got.url, "http://x");
    const page = Number(url.searchParams.get("page") ?? url.searchParams.get("cursor") ?? 1);
    const three = customers.slice((page - 1) * 3, page * 3);
    switch (url.pathname) {
      case "/customers":
        return json(response, { customers: three, next: page < 3 ? `${server.url}/customers?page=${page + 1}` : null });
      case "/relative":
        return json(response, { customers: three, next: page < 3 ? `?page=${page + 1}` : null });
      case "/counted":
        return json(response, { meta: { page }, data: { rows: three } });
      case "/cursors":
        return json(response, { items: three, next_cursor: page < 3 ? page + 1 : null });
      case "/linked":
        return json(
          response,
          three,
          200,
          page < 3 ? { link: `</linked?page=1>; rel="prev", </linked?page=${page + 1}>; rel="next"` } : {},
        );
      case "/circle":
        return json(response, { items: [1], next: "/circle" });
      case "/status":
        return json(response, { why: "because" }, page, { "retry-after": "7" });
      case "/redirect":
        response.writeHead(Number(url.searchParams.get("code")), { location: url.searchParams.get("to")! });
        return void response.end();
      case "/slow":
        return;
      case "/reset":
        return void request.socket.destroy();
      case "/gzip":
        response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
        return void response.end(gzipSync(JSON.stringify({ packed: true })));
      case "/bomb":
        response.writeHead(200, { "content-type": "text/plain", "content-encoding": "gzip" });
        return void response.end(gzipSync(Buffer.alloc(8 * 1024 * 1024)));
      case "/broken":
        response.writeHead(200, { "content-type": "application/json" });
        return void response.end("{oops");
      case "/text":
        response.writeHead(200, { "content-type": "text/plain" });
        return void response.end('{"n":1}');
      case "/binary":
        response.writeHead(200, { "content-type": "application/octet-stream" });
        return void response.end(Buffer.from([0, 255, 1]));
      case "/empty":
        response.writeHead(204);
        return void response.end();
      default:
        return json(response, { method: got.method, url: got.url, headers: got.headers, body: got.body });
    }
  });
});
afterAll(async () => {
  await server.close();
  await other.close();
});

const call = (path: string, config: JsonObject = {}) => outputOf("http_request", { url: server.url + path, ...config });
const refused = (path: string, config: JsonObject = {}) =>
  errorOf("http_request", { url: server.url + path, ...config });
const bodyOf = async (path: string, config: JsonObject = {}) =>
  ((await call(path, config)) as JsonObject)["body"] as JsonObject;

describe("http_request", () => {
  it("gives status, headers and body", async () => {
    expect(await call("/x")).toMatchObject({
      status: 200,
      headers: { "content-type": "application/json" },
      body: { url: "/x" },
    });
  });

  it.each(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])("sends the method %s", async (method) => {
    expect(await bodyOf("/x", { method })).toMatchObject({ method });
  });

  it("adds the query: lists repeat, null is left out", async () => {
    expect(await bodyOf("/x?a=1", { query: { b: "x y", c: [1, 2], d: null, e: true } })).toMatchObject({
      url: "/x?a=1&b=x+y&c=1&c=2&e=true",
    });
  });

  it("sends headers, and refuses one that would add another", async () => {
    expect(await bodyOf("/x", { headers: { "X-One": 1 } })).toMatchObject({ headers: { "x-one": "1" } });
    expect(await refused("/x", { headers: { a: "b\r\nc: d" } })).toMatchObject({
      type: "validation_error",
      place: "config.headers.a",
    });
  });

  it("sends the body as JSON, or text as it is", async () => {
    expect(await bodyOf("/x", { method: "POST", body: { n: 1 } })).toMatchObject({
      body: '{"n":1}',
      headers: { "content-type": "application/json" },
    });
    expect(await bodyOf("/x", { method: "POST", body: "plain" })).toMatchObject({
      body: "plain",
      headers: { "content-type": "text/plain; charset=utf-8" },
    });
    const own = { method: "POST", body: "<a/>", headers: { "Content-Type": "application/xml" } };
    expect(await bodyOf("/x", own)).toMatchObject({ headers: { "content-type": "application/xml" } });
  });

  it("signs in by basic, bearer and API key", async () => {
    const basic = await bodyOf("/x", { auth: { type: "basic", username: "ann", password: "pw" } });
    expect(basic).toMatchObject({ headers: { authorization: "Basic YW5uOnB3" } });
    expect(await bodyOf("/x", { auth: { type: "bearer", token: "t1" } })).toMatchObject({
      headers: { authorization: "Bearer t1" },
    });
    expect(await bodyOf("/x", { auth: { type: "api_key", key: "k" } })).toMatchObject({
      headers: { "x-api-key": "k" },
    });
    expect(await bodyOf("/x", { auth: { type: "api_key", key: "k", name: "key", in: "query" } })).toMatchObject({
      url: "/x?key=k",
    });
    expect(await refused("/x", { auth: { type: "bearer" } })).toMatchObject({ place: "config.auth.token" });
    expect(await bodyOf("/x", { url: server.url.replace("//", "//ann:pw@") })).toMatchObject({
      headers: { authorization: "Basic YW5uOnB3" },
    });
  });

  it("sends the idempotency key and the correlation id", async () => {
    const headers = (await bodyOf("/x"))["headers"];
    expect(headers).toMatchObject({
      "idempotency-key": "01kaexecution0000000000000/step",
      "x-correlation-id": "corr-1",
    });
    expect(await bodyOf("/x", { headers: { "Idempotency-Key": "mine" } })).toMatchObject({
      headers: { "idempotency-key": "mine" },
    });
  });

  it.each([
    [400, "bad_request"],
    [401, "authentication_error"],
    [403, "authorization_error"],
    [404, "not_found"],
    [408, "timeout"],
    [409, "bad_request"],
    [422, "validation_error"],
    [429, "rate_limited"],
    [500, "server_error"],
    [503, "server_error"],
  ])("calls %i %s and keeps Retry-After", async (status, type) => {
    const error = await refused(`/status?page=${status}&key=secret`);
    expect(error).toMatchObject({ type, retryAfterMs: 7000 });
    expect(error.message).toBe(`GET ${server.url}/status was answered with ${status}: {"why":"because"}`);
  });

  it("times out", async () => {
    expect(await refused("/slow", { timeout: 0.1 })).toMatchObject({ type: "timeout", place: "config.timeout" });
    const limited = await errorOf("http_request", { url: `${server.url}/slow` }, null, { limits: { timeoutMs: 50 } });
    expect(limited.type).toBe("timeout");
    expect(await refused("/x", { timeout: "soon" })).toMatchObject({ type: "validation_error" });
  });

  it("is cancelled by its signal", async () => {
    const controller = new AbortController();
    const outcome = perform(taskOf("http_request", { url: `${server.url}/slow` }), toolsOf([], controller.signal));
    controller.abort();
    expect(await outcome).toMatchObject({ kind: "failed", error: { type: "cancelled" } });
  });

  it("tells causes of no answer apart", async () => {
    expect(await refused("/reset")).toMatchObject({
      type: "connection_error",
      message: expect.stringContaining("closed the connection"),
    });
    const unused = createTcp();
    await new Promise<void>((resolve) => unused.listen(0, "127.0.0.1", resolve));
    const { port } = unused.address() as { port: number };
    await new Promise((resolve) => unused.close(resolve));
    expect(await errorOf("http_request", { url: `http://127.0.0.1:${port}/` })).toMatchObject({
      type: "connection_error",
      message: expect.stringContaining("ECONNREFUSED"),
    });
    expect(await errorOf("http_request", { url: "http://nobody.invalid/" })).toMatchObject({
      type: "connection_error",
    });
    expect(await errorOf("http_request", { url: server.url.replace("http", "https") })).toMatchObject({
      type: "connection_error",
    });
  });

  it.each(["", "nonsense", "ftp://a/b", "file:///etc/passwd"])("refuses the URL %j", async (url) => {
    expect(await errorOf("http_request", { url })).toMatchObject({ type: "validation_error", place: "config.url" });
  });

  it("redirects hosts as the workspace says", async () => {
    const place = {
      folder: "/",
      allowed: [],
      hosts: { "api.example.com": `${server.url}/base/` },
      trusted: false,
      scratch: "/",
    };
    const output = await outputOf("http_request", { url: "https://api.example.com/v1?q=1" }, null, { place });
    expect(output).toMatchObject({ body: { url: "/base/v1?q=1", headers: { host: "api.example.com" } } });
  });
});

describe("redirects", () => {
  const to = (code: number, target: string) => `/redirect?code=${code}&to=${encodeURIComponent(target)}`;

  it("are followed; a post becomes a get but after 307", async () => {
    expect(await bodyOf(to(302, "/x"), { method: "POST", body: { a: 1 } })).toMatchObject({ method: "GET", body: "" });
    expect(await bodyOf(to(307, "/x"), { method: "POST", body: { a: 1 } })).toMatchObject({
      method: "POST",
      body: '{"a":1}',
    });
  });

  it("are not followed when follow_redirects is off", async () => {
    expect(await call(to(302, "/x"), { follow_redirects: false })).toMatchObject({
      status: 302,
      headers: { location: "/x" },
    });
  });

  it("leave credentials with their own host", async () => {
    const config = {
      auth: { type: "api_key", key: "k" },
      headers: { Authorization: "a", Cookie: "c", "X-Own": "o" },
      sensitive_fields: ["X-Own"],
    };
    const there = (await bodyOf(to(302, other.url), config))["headers"] as JsonObject;
    expect(Object.keys(there)).not.toEqual(expect.arrayContaining(["authorization"]));
    for (const name of ["authorization", "cookie", "x-api-key", "x-own"]) expect(there[name]).toBeUndefined();
    expect(await bodyOf(to(302, "/x"), config)).toMatchObject({ headers: { authorization: "a", "x-api-key": "k" } });
  });

  it("leave credentials on TLS, and take them along to it", async () => {
    const hosts = { "api.example.com": server.url };
    const place = { folder: "/", allowed: [], hosts, trusted: false, scratch: "/" };
    const sentTo = async (from: string, target: string): Promise<unknown> => {
      const config = { url: `${from}://api.example.com${to(302, target)}`, headers: { Authorization: "a" } };
      const { body } = (await outputOf("http_request", config, null, { place })) as { body: JsonObject };
      return (body["headers"] as JsonObject)["authorization"];
    };
    expect(await sentTo("https", "http://api.example.com/x")).toBeUndefined();
    expect(await sentTo("http", "https://api.example.com/x")).toBe("a");
    expect(await sentTo("https", "https://api.example.com/x")).toBe("a");
  });

  it("end after ten", async () => {
    const circle = await TestServer.start((_, response) => void response.writeHead(302, { location: "/" }).end());
    expect(await errorOf("http_request", { url: circle.url })).toMatchObject({
      type: "connection_error",
      message: expect.stringContaining("more than 10"),
    });
    await circle.close();
  });
});

describe("the body", () => {
  it.each<[string, string, Json]>([
    ["/text", "auto", '{"n":1}'],
    ["/text", "json", { n: 1 }],
    ["/x", "auto", expect.objectContaining({ url: "/x" }) as unknown as Json],
    ["/binary", "auto", "AP8B"],
    ["/text", "bytes", "eyJuIjoxfQ=="],
    ["/empty", "auto", null],
    ["/gzip", "auto", { packed: true }],
  ])("%s is read as %s", async (path, response_type, body) => {
    expect(await call(path, { response_type })).toMatchObject({ body });
  });

  it("is text when asked for, whatever its type", async () => {
    expect((await bodyOf("/gzip", { response_type: "text" })) as unknown).toBe('{"packed":true}');
  });

  it("that is no JSON is a validation_error", async () => {
    expect(await refused("/broken")).toMatchObject({ type: "validation_error" });
  });

  it("is bounded, unpacked too", async () => {
    expect(await refused("/bomb", { max_response_mb: 1 })).toMatchObject({ type: "resource_limit_exceeded" });
    expect(await call("/bomb", { max_response_mb: 16 })).toMatchObject({ status: 200 });
  });
});

describe("pages", () => {
  it.each<[string, JsonObject, Json]>([
    ["/customers", { type: "next_link" }, { customers, next: null }],
    ["/relative", { next: "next" }, { customers, next: null }],
    ["/counted", { type: "page", items: "data.rows" }, { meta: { page: 3 }, data: { rows: customers } }],
    ["/cursors", { type: "cursor" }, { items: customers, next_cursor: null }],
    ["/linked", { type: "next_link" }, customers],
    ["/circle", { type: "next_link" }, { items: [1], next: "/circle" }],
  ])("of %s are joined", async (path, pagination, body) => {
    expect(await call(path, { pagination })).toMatchObject({ body });
  });

  it("have field names and a first page of their own", async () => {
    const pagination = { type: "page", page_param: "cursor", start_page: 2, items: "data.rows" };
    expect(await call("/counted", { pagination })).toMatchObject({ body: { data: { rows: customers.slice(3) } } });
    const cursors = { type: "cursor", cursor: "next_cursor", cursor_param: "page" };
    expect(await call("/cursors", { pagination: cursors })).toMatchObject({ body: { items: customers } });
  });

  it("end at max_pages with a warning", async () => {
    const outcome = await perform(
      taskOf("http_request", { url: `${server.url}/customers`, pagination: { max_pages: 2 } }),
    );
    expect(outcome).toMatchObject({
      kind: "completed",
      facts: "6 records",
      warnings: ["Only 2 pages were fetched; there are more."],
    });
  });

  it("each have an idempotency key of their own", async () => {
    const from = server.got.length;
    await call("/customers", { pagination: {} });
    const keys = server.got.slice(from).map((got) => got.headers["idempotency-key"]);
    expect(new Set(keys).size).toBe(3);
  });
});

describe("sensitive_fields", () => {
  it("name what of the answer must become a reference", async () => {
    const outcome = await perform(
      taskOf("http_request", {
        url: `${server.url}/x`,
        headers: { "X-Token": "tok-1" },
        sensitive_fields: ["X-Token", "URL"],
      }),
    );
    expect(outcome).toMatchObject({ kind: "completed", sensitive: ["/x", "tok-1"] });
  });
});

describe("a restricted network policy", () => {
  it.each([
    "http://127.0.0.1:1/",
    "http://localhost:1/",
    "http://[::1]:1/",
    "http://2130706433:1/",
    "http://[::ffff:127.0.0.1]:1/",
  ])("refuses %s", async (url) => {
    expect(await errorOf("http_request", { url, network_policy: "restricted" })).toMatchObject({
      type: "authorization_error",
    });
  });

  it("lets through what the workspace's hosts name", async () => {
    const place = { folder: "/", allowed: [], hosts: { "api.example.com": server.url }, trusted: false, scratch: "/" };
    const output = await outputOf(
      "http_request",
      { url: "http://api.example.com/x", network_policy: "restricted" },
      null,
      { place },
    );
    expect(output).toMatchObject({ status: 200 });
  });

  it("knows private addresses", () => {
    for (const address of ["10.1.2.3", "169.254.169.254", "192.168.1.1", "fe80::1", "fd00::1", "::ffff:10.0.0.1"])
      expect(isPrivateAddress(address)).toBe(true);
    for (const address of ["8.8.8.8", "2606:4700::1111", "example.com"]) expect(isPrivateAddress(address)).toBe(false);
  });
});
