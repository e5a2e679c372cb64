import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jsonWeight } from "@shared/base/json-weight";
import { inline } from "@shared/execution/value";
import { broken } from "@shared/execution/perform";
import { decodeBody } from "../../src-main/worker/http/body";
import { bearable, isHeavy, Room } from "../../src-main/worker/heavy";
import { Refusal } from "../../src-main/worker/behaviour";
import { bench, workflow } from "../engine/running";

/** Twenty million empty objects: more than a thread may take, in less text than an answer may have. */
const BOMB = `[${"{},".repeat(20_000_000)}{}]`;

const server = createServer((request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(request.url === "/bomb" ? BOMB : '[{"i":1}]');
});
let origin = "";
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((closed) => server.close(closed)));

describe("the weight of JSON", () => {
  it("is what its values take, not how long it is", () => {
    const list = (item: string): string => `[${Array.from({ length: 1000 }, () => item).join(",")}]`;
    const per = (item: string): number => Math.round(jsonWeight(list(item)) / 1000);
    expect(per("{}")).toBeGreaterThan(50);
    expect(per("[[[[]]]]")).toBeGreaterThan(4 * 48);
    expect(per("1")).toBe(10);
    expect(per('{"a":1}')).toBeGreaterThan(per("{}"));
    expect(per(`"${"x".repeat(100)}"`)).toBeGreaterThan(100);
  });

  it("takes no brackets and commas of texts for values", () => {
    const text = JSON.stringify(`${"{[,:".repeat(100)}\\"`);
    expect(jsonWeight(text)).toBe(text.length + 16);
    expect(jsonWeight('"never closed {{{')).toBe(17 + 16);
  });
});

describe("an answer that is small and unfolds to gigabytes", () => {
  it("fails its component, and the host goes on", async () => {
    const { run } = bench();
    const get = (path: string) =>
      run(workflow([{ id: "get", type: "http_request", config: { url: `${origin}${path}` } }]));
    expect((await get("/bomb")).error).toMatchObject({
      type: "resource_limit_exceeded",
      component: "get",
      message: expect.stringContaining("more than 512 MB of memory") as string,
    });
    expect((await get("/small")).json).toMatchObject({ body: [{ i: 1 }] });
  });

  it("counts all pages of one attempt", () => {
    const room = new Room(1000);
    room.take("x".repeat(600), "GET /1");
    expect(() => room.take("x".repeat(600), "GET /2")).toThrow(Refusal);
  });
});

describe("texts", () => {
  it("are weighed with the copies that are made of them", () => {
    const room = new Room(1000);
    room.takeText(300, "GET /1");
    expect(() => room.takeText(300, "GET /2")).toThrow(Refusal);
    const bytes = Buffer.alloc(400, "x");
    const read = (type: "text" | "bytes", contentType: string) =>
      decodeBody(bytes, type, contentType, "GET /", new Room(1000));
    expect(() => read("text", "text/plain")).toThrow(Refusal);
    expect(() => read("bytes", "image/png")).toThrow(Refusal);
  });

  it("longer than any that can be held fail their component with a sentence", () => {
    const failure = {
      type: "resource_limit_exceeded",
      message: expect.stringContaining("write it to a file") as string,
    };
    const tooLong: (() => unknown)[] = [
      () => Buffer.alloc(2 ** 29).toString("latin1"),
      () => ["x".repeat(2 ** 28), "x".repeat(2 ** 28)].join(","),
    ];
    for (const make of tooLong) {
      let thrown: unknown;
      try {
        make();
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(Error);
      expect(broken(thrown)).toMatchObject({ kind: "failed", error: failure });
    }
  });
});

describe("values", () => {
  it("that nobody could read again are not stored", () => {
    const text = `[${"{},".repeat(400_000)}{}]`;
    const finished = {
      kind: "completed",
      output: inline(null),
      kept: { values: [{ id: "v", text }], secrets: [] },
    } as const;
    expect(bearable(finished)).toBe(finished);
    expect(bearable(finished, 10_000_000)).toMatchObject({
      kind: "failed",
      error: { type: "resource_limit_exceeded" },
      kept: { values: [] },
    });
  });

  it("that are heavy are read in a process of their own", () => {
    expect(isHeavy({ texts: { a: BOMB.slice(0, 1_000_000) }, secrets: {} })).toBe(false);
    expect(isHeavy({ texts: { a: BOMB.slice(0, 10_000_000), b: BOMB.slice(0, 10_000_000) }, secrets: {} })).toBe(true);
  });
});
