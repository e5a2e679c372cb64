import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "@shared/base/json";
import { Http2Server } from "../servers/http2";
import { MisbehavingServer } from "../servers/misbehaving";
import { errorOf, outputOf, perform, taskOf, toolsOf } from "./task";

let bad: MisbehavingServer;
let secure: Http2Server;
beforeAll(async () => {
  bad = await MisbehavingServer.start();
  secure = await Http2Server.start();
});
afterAll(async () => {
  await bad.close();
  await secure.close();
});

const refused = (path: string, config: JsonObject = {}) => errorOf("http_request", { url: bad.url + path, ...config });

describe("a call that gets no proper answer", () => {
  it.each<[path: string, type: string, says: string]>([
    ["/reset", "connection_error", "it reset the connection"],
    ["/reset-body", "connection_error", "it reset the connection (ECONNRESET)"],
    ["/bad-chunk", "connection_error", "it does not keep to HTTP"],
    ["/cut-chunk", "connection_error", "closed the connection"],
    ["/short", "connection_error", "closed the connection"],
    ["/lying-gzip", "connection_error", "it is not packed as it says"],
    ["/cut-gzip", "connection_error", "what is packed in it breaks off"],
    ["/headers", "connection_error", "its headers are too long"],
    ["/nonsense", "connection_error", "it does not keep to HTTP"],
    ["/no-json", "validation_error", "no JSON"],
  ])("of %s is a %s", async (path, type, says) => {
    const error = await refused(path);
    expect(error).toMatchObject({ type });
    expect(error.message).toContain(`GET ${bad.url}${path}`);
    expect(error.message).toContain(says);
  });

  it.each([
    ["/stall", "no answer came"],
    ["/stall-headers", "no answer came"],
    ["/stall-body", "its answer stopped in the middle"],
    ["/drip", "its answer stopped in the middle"],
  ])("of %s times out and says where it stopped", async (path, how) => {
    expect(await refused(path, { timeout: 0.2 })).toMatchObject({
      type: "timeout",
      message: `GET ${bad.url}${path} took longer than 0.2 s: ${how}.`,
      place: "config.timeout",
    });
  });

  it("of an endless body is a resource_limit_exceeded, and hangs up", async () => {
    expect(await refused("/endless", { max_response_mb: 1 })).toMatchObject({ type: "resource_limit_exceeded" });
    await expect.poll(() => bad.heard.some(({ path }) => path === "/endless")).toBe(true);
  });

  it("is not waited for beyond what its status says", async () => {
    expect(await refused("/stall-error", { timeout: 0.2 })).toMatchObject({ type: "server_error" });
  });

  it("ends at the length that was said; what follows is nobody's answer", async () => {
    expect(await outputOf("http_request", { url: `${bad.url}/long` })).toMatchObject({ status: 200, body: { a: 1 } });
    expect(await outputOf("http_request", { url: `${bad.url}/closes` })).toMatchObject({ status: 200, body: {} });
  });

  it("an empty body is null, though JSON was asked for", async () => {
    const config = { url: `${bad.url}/no-body`, response_type: "json" };
    expect(await outputOf("http_request", config)).toMatchObject({ body: null });
  });

  it("because nobody listens, knows the name or is trusted is a connection_error", async () => {
    const free = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => free.once("listening", resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const messages = await Promise.all(
      [`http://127.0.0.1:${port}/`, "http://nobody.invalid/", secure.url].map(async (url) => {
        const error = await errorOf("http_request", { url });
        expect(error.type).toBe("connection_error");
        return error.message;
      }),
    );
    expect(messages[0]).toContain("it refused the connection (ECONNREFUSED)");
    expect(messages[1]).toMatch(/its name (is unknown \(ENOTFOUND\)|could not be looked up \(EAI_AGAIN\))/);
    expect(messages[2]).toMatch(/is not trusted: its certificate or TLS is wrong/);
  });

  it("that is stopped leaves no connection open", async () => {
    const controller = new AbortController();
    const outcome = perform(taskOf("http_request", { url: `${bad.url}/stall` }), toolsOf([], controller.signal));
    await expect.poll(() => bad.heard.filter(({ path }) => path === "/stall").length).toBeGreaterThan(1);
    controller.abort();
    expect(await outcome).toMatchObject({ kind: "failed", error: { type: "cancelled" } });
    await expect.poll(() => bad.open).toBe(0);
  });
});
