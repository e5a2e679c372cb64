import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { JsonObject } from "@shared/base/json";
import type { Task } from "@shared/execution/effect";
import { json, TestServer } from "./http-server";
import { errorOf, folder, outputOf, perform, taskOf, toolsOf } from "./task";

const large = Buffer.alloc(3_000_000, "0123456789");
let server: TestServer;
let home: string;
beforeAll(async () => {
  server = await TestServer.start((got, response, request) => {
    switch (got.url) {
      case "/large":
        response.writeHead(200, { "content-type": "application/octet-stream" });
        return void response.end(large);
      case "/packed":
        response.writeHead(200, { "content-encoding": "gzip" });
        return void response.end(gzipSync(large));
      case "/cut":
        response.writeHead(200, { "content-length": String(large.length) });
        return void response.write(large.subarray(0, 1_000_000), () => request.socket.destroy());
      case "/moved":
        return void response.writeHead(307, { location: "/echo" }).end();
      case "/gone":
        return json(response, { why: "gone" }, 404);
      default:
        return json(response, { headers: got.headers, body: got.body });
    }
  });
});
afterAll(() => server.close());
beforeEach(() => {
  home = folder();
  mkdirSync(join(home, "in"));
  writeFileSync(join(home, "in", "report.csv"), "a,b\n1,2\n");
  writeFileSync(join(home, "in", "empty"), "");
});

const placed = (): Partial<Task> => ({
  place: { folder: home, allowed: [], hosts: {}, trusted: false, scratch: home },
});
const call = async (path: string, config: JsonObject) =>
  ((await outputOf("http_request", { url: server.url + path, ...config }, null, placed())) as JsonObject)[
    "body"
  ] as JsonObject;
const refused = (path: string, config: JsonObject) =>
  errorOf("http_request", { url: server.url + path, ...config }, null, placed());

describe("a multipart body", () => {
  it("has texts, files and content, and says how long it is", async () => {
    await call("/echo", {
      method: "POST",
      multipart: {
        note: 'one "two"',
        tags: ["a", "b"],
        order: { id: 7 },
        nothing: null,
        report: { path: "in/report.csv", content_type: "text/csv" },
        bytes: { content: "/wA=", encoding: "base64", filename: "a\r\n.bin", content_type: "image/png" },
      },
    });
    const { body, headers } = server.last;
    const boundary = /boundary=(\S+)/.exec(String(headers["content-type"]))![1]!;
    expect(headers["content-type"]).toMatch(/^multipart\/form-data; /);
    expect(headers).not.toHaveProperty("transfer-encoding");
    const parts = body.split(`--${boundary}`).slice(1, -1);
    const part = (name: string, rest: string, content: string) =>
      `\r\nContent-Disposition: form-data; name="${name}"${rest}\r\n\r\n${content}\r\n`;
    expect(parts).toEqual([
      part("note", "", 'one "two"'),
      part("tags", "", "a"),
      part("tags", "", "b"),
      part("order", "\r\nContent-Type: application/json", '{"id":7}'),
      part("report", '; filename="report.csv"\r\nContent-Type: text/csv', "a,b\n1,2\n"),
      part("bytes", '; filename="a%0D%0A.bin"\r\nContent-Type: image/png', Buffer.from([255, 0]).toString("utf8")),
    ]);
  });

  it("is sent again whole after a redirect that asks for it", async () => {
    const multipart = { report: { path: "in/report.csv" } };
    await call("/moved", { method: "POST", multipart });
    expect(server.last.body).toContain("a,b\n1,2\n");
  });

  it("reads only files the workflow may", async () => {
    const multipart = { report: { path: "/etc/passwd" } };
    expect(await refused("/echo", { method: "POST", multipart })).toMatchObject({
      type: "authorization_error",
      place: "config.multipart.report.path",
    });
  });
});

describe("a body from a file", () => {
  it("is sent as it is", async () => {
    expect(await call("/echo", { method: "PUT", body_file: "in/report.csv" })).toMatchObject({
      headers: { "content-length": "8", "content-type": "application/octet-stream" },
      body: "a,b\n1,2\n",
    });
    const typed = { method: "PUT", body_file: "in/empty", headers: { "Content-Type": "text/csv" } };
    expect(await call("/echo", typed)).toMatchObject({ headers: { "content-type": "text/csv" }, body: "" });
  });

  it("must be there, and be the only body", async () => {
    expect(await refused("/echo", { method: "PUT", body_file: "in/no" })).toMatchObject({ type: "not_found" });
    expect(await refused("/echo", { method: "PUT", body_file: "in" })).toMatchObject({ type: "validation_error" });
    expect(await refused("/echo", { method: "PUT", body_file: "in/empty", body: 1 })).toMatchObject({
      type: "validation_error",
      message: "A request takes one of body and body_file.",
    });
  });
});

it("an object goes as a form where the content type says so", async () => {
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  expect(await call("/echo", { method: "POST", headers, body: { a: "x y", b: [1, 2], c: null } })).toMatchObject({
    body: "a=x+y&b=1&b=2",
  });
});

describe("save_to", () => {
  const sha256 = createHash("sha256").update(large).digest("hex");

  it.each(["/large", "/packed"])("writes what %s sends, unpacked, and tells path, bytes and digest", async (path) => {
    const told: string[] = [];
    const task = taskOf("http_request", { url: server.url + path, save_to: "out/data.bin" }, null, placed());
    expect(await perform(task, toolsOf(told))).toMatchObject({
      kind: "completed",
      output: { status: 200, body: { path: "out/data.bin", bytes: large.length, sha256 } },
      facts: "3.0 MB saved",
    });
    expect(readFileSync(join(home, "out/data.bin")).equals(large)).toBe(true);
    expect(told.some((text) => /MB received/.test(text))).toBe(true);
  });

  it("leaves the file as it was when the answer breaks off or is a failure", async () => {
    writeFileSync(join(home, "data.bin"), "before");
    expect(await refused("/cut", { save_to: "data.bin" })).toMatchObject({ type: "connection_error" });
    expect(await refused("/gone", { save_to: "data.bin" })).toMatchObject({ type: "not_found" });
    expect(await refused("/large", { save_to: "data.bin", max_response_mb: 1 })).toMatchObject({
      type: "resource_limit_exceeded",
    });
    expect(readFileSync(join(home, "data.bin"), "utf8")).toBe("before");
    expect(readdirSync(home).sort()).toEqual(["data.bin", "in"]);
  });

  it("stays in the folders the workflow may use", async () => {
    expect(await refused("/large", { save_to: "../data.bin" })).toMatchObject({
      type: "authorization_error",
      place: "config.save_to",
    });
    expect(existsSync(join(home, "../data.bin"))).toBe(false);
    expect(await refused("/large", { save_to: "x", pagination: {} })).toMatchObject({ type: "validation_error" });
  });
});
