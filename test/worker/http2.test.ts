import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { JsonObject } from "@shared/base/json";
import type { Outcome, Task } from "@shared/execution/effect";
import { requestOver } from "../../src-main/worker/behaviours/http-request";
import { Dispatchers } from "../../src-main/worker/http/dispatchers";
import { Tokens } from "../../src-main/worker/http/tokens";
import { authority, certificate } from "../servers/certificate";
import { Http2Server } from "../servers/http2";
import { folder, taskOf, toolsOf } from "./task";

let server: Http2Server;
let dispatchers: Dispatchers;
beforeEach(async () => {
  server = await Http2Server.start();
  dispatchers = new Dispatchers();
});
afterEach(async () => {
  await dispatchers.close();
  await server.close();
});

function call(path: string, config: JsonObject = {}, more: Partial<Task> = {}, signal?: AbortSignal): Promise<Outcome> {
  const services = { network: { ca: [authority] } };
  const task = taskOf("http_request", { url: config["url"] ?? server.url + path, timeout: 20, ...config }, null, {
    services,
    ...more,
  });
  return Promise.resolve(requestOver(task, toolsOf([], signal), { dispatchers, tokens: new Tokens() }));
}

const many = (count: number, config: JsonObject = {}) =>
  Array.from({ length: count }, (_, n) => call(`/held/${n}`, config));
const kinds = (outcomes: readonly Outcome[]) =>
  outcomes.map((outcome) => (outcome.kind === "failed" ? outcome.error.type : "completed"));
const all = <T>(count: number, one: T): readonly T[] => Array.from({ length: count }, () => one);

async function warm(): Promise<void> {
  await call("/first");
  await call("/second");
}

it("twenty requests at once are streams of a few connections, and no server waits for one to answer the next", async () => {
  const calls = many(20);
  await expect.poll(() => server.held.length).toBe(20);
  expect(server.sessions).toBe(2);
  expect(server.most).toBe(19);
  server.release();
  expect(kinds(await Promise.all(calls))).toEqual(all(20, "completed"));
});

it("so are those that change something, with their bodies", async () => {
  await warm();
  const from = server.sessions;
  const calls = many(20, { method: "POST", body: { n: 1 } });
  await expect.poll(() => server.held.length).toBe(20);
  expect([server.sessions, server.most]).toEqual([from, 20]);
  server.release();
  expect(kinds(await Promise.all(calls))).toEqual(all(20, "completed"));
});

it("an abort ends one stream alone", async () => {
  await warm();
  const controller = new AbortController();
  const stopped = call("/held/stopped", {}, {}, controller.signal);
  const limited = call("/held/limited", { timeout: 0.2 });
  const rest = many(5);
  await expect.poll(() => server.held.length).toBe(7);
  controller.abort();
  expect(await stopped).toMatchObject({ kind: "failed", error: { type: "cancelled" } });
  expect(await limited).toMatchObject({ kind: "failed", error: { type: "timeout" } });
  await expect.poll(() => server.aborted).toBe(2);
  const from = server.sessions;
  server.release();
  expect(kinds(await Promise.all(rest))).toEqual(all(5, "completed"));
  expect(kinds([await call("/after")])).toEqual(["completed"]);
  expect(server.sessions).toBe(from);
});

it("a server that goes away in order finishes what it began, and the next request takes another connection", async () => {
  await warm();
  const calls = many(10, { method: "POST", body: "x" });
  await expect.poll(() => server.held.length).toBe(10);
  const from = server.sessions;
  server.goAway();
  const later = call("/later");
  expect(kinds([await later])).toEqual(["completed"]);
  server.release();
  expect(kinds(await Promise.all(calls))).toEqual(all(10, "completed"));
  expect(server.sessions).toBe(from + 1);
  expect(server.heard.filter((path) => path.startsWith("/held"))).toHaveLength(10);
});

it("a thousand requests to a server that ends each connection after fifty all come through, each once", async () => {
  await warm();
  server.endAfter(50);
  const from = server.heard.length;
  const failed: unknown[] = [];
  const left = Array.from({ length: 1000 }, (_, n) => n);
  const one = async (): Promise<void> => {
    for (let n = left.pop(); n !== undefined; n = left.pop()) {
      const outcome = await call(`/n/${n}`, { method: "POST", body: { n } });
      if (outcome.kind === "failed") failed.push(outcome.error);
    }
  };
  await Promise.all(Array.from({ length: 25 }, one));
  expect(failed).toEqual([]);
  expect(server.heard.length - from).toBe(1000);
  expect(new Set(server.heard.slice(from)).size).toBe(1000);
});

it("a connection that breaks fails what was under way, and nothing is sent twice", async () => {
  await warm();
  const calls = many(10, { method: "POST", body: "x" });
  await expect.poll(() => server.held.length).toBe(10);
  server.hangUp();
  expect(kinds(await Promise.all(calls))).toEqual(all(10, "connection_error"));
  expect(kinds([await call("/after")])).toEqual(["completed"]);
  expect(server.heard.filter((path) => path.startsWith("/held"))).toHaveLength(10);
});

it("a server that takes few streams at once gets the others later", async () => {
  await server.close();
  server = await Http2Server.start({ settings: { maxConcurrentStreams: 3 } });
  await warm();
  const calls = many(10);
  const releasing = setInterval(() => server.release(), 5);
  expect(kinds(await Promise.all(calls))).toEqual(all(10, "completed"));
  clearInterval(releasing);
  expect(server.most).toBeLessThanOrEqual(3);
});

it("a server that speaks HTTP/1.1 alone is called as ever, one request a connection at a time", async () => {
  const waiting: (() => void)[] = [];
  const plain = createServer(certificate, (request, response) => {
    waiting.push(() => void response.end(request.httpVersion));
    if (waiting.length === 5) for (const answer of waiting.splice(0)) answer();
  });
  let connections = 0;
  plain.on("secureConnection", () => (connections += 1));
  await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
  const url = `https://127.0.0.1:${(plain.address() as AddressInfo).port}/`;
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => call("", { url })));
  expect(outcomes.map((outcome) => outcome.kind === "completed" && (outcome.output as JsonObject)["body"])).toEqual(
    all(5, "1.1"),
  );
  expect(connections).toBe(5);
  plain.closeAllConnections();
  await new Promise((resolve) => plain.close(resolve));
});

it("large answers come whole, side by side, into memory and into files", async () => {
  await warm();
  const home = folder();
  const place = { folder: home, allowed: [], hosts: {}, trusted: false, scratch: home };
  const [kept, saved] = await Promise.all([
    call("/large", { response_type: "text" }),
    call("/large", { save_to: "large.txt" }, { place }),
  ]);
  expect(kinds([kept, saved])).toEqual(all(2, "completed"));
  expect(((kept as { output: JsonObject }).output["body"] as string).length).toBe(8_000_000);
  expect(readFileSync(join(home, "large.txt")).length).toBe(8_000_000);
});

it("a server that cannot be reached is a connection_error for each, and is tried anew", async () => {
  const { url } = server;
  await warm();
  await server.close();
  const calls = Array.from({ length: 3 }, () => call("", { url: `${url}/x` }));
  expect(kinds(await Promise.all(calls))).toEqual(all(3, "connection_error"));
  server = await Http2Server.start();
  expect(kinds([await call("/first")])).toEqual(["completed"]);
});
