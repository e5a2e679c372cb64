import { describe, expect, it } from "vitest";
import { loadBehaviours, behaviours } from "../../src-main/worker/behaviours/index";
import { errorOf, folder, outputOf, perform, taskOf, toolsOf } from "./task";

const trusted = (at = folder()) => ({ place: { folder: at, allowed: [at], hosts: {}, trusted: true, scratch: at } });

describe("sandboxed code", () => {
  it("is the body of an async function of input and context", async () => {
    const context = { parameters: { factor: 3 }, components: { before: { output: 2 } } };
    const source =
      "const n = await Promise.resolve(input.n);\nreturn n * context.parameters.factor + context.components.before.output;";
    expect(await outputOf("code", { source }, { n: 5 }, { context })).toBe(17);
  });

  it("answers synchronously once it is loaded", async () => {
    await loadBehaviours(["code"]);
    expect(behaviours["code"]!.run(taskOf("code", { source: "return 1" }), toolsOf())).toMatchObject({
      kind: "completed",
      output: 1,
    });
  });

  it("gives null for nothing returned and for what is no JSON", async () => {
    expect(await outputOf("code", { source: "" })).toBeNull();
    expect(await outputOf("code", { source: "return () => 1" })).toBeNull();
  });

  it("writes log lines by context.log and console", async () => {
    const outcome = await perform(
      taskOf("code", { source: 'context.log("a"); context.log({b: 1}, "warning"); console.error("c", 2); return 1' }),
    );
    expect(outcome.logs).toEqual([
      { level: "info", message: "a" },
      { level: "warning", message: '{"b":1}' },
      { level: "error", message: "c 2" },
    ]);
  });

  it.each([
    ["return typeof process", "undefined"],
    ["return typeof require", "undefined"],
    ["return typeof fetch", "undefined"],
    ["return typeof WebAssembly", "undefined"],
    ["return typeof globalThis.constructor.constructor('return this')().process", "undefined"],
    ["return typeof (() => {}).constructor('return process')", "function"],
    ["return typeof context.log.constructor('return this')().process", "undefined"],
    ["return Object.keys(globalThis).length", 0],
  ])("%s reaches nothing", async (source, given) => {
    expect(await outputOf("code", { source })).toBe(given);
  });

  it.each([
    "(() => {}).constructor('return process')().exit()",
    "require('fs')",
    "await import('fs')",
    "fetch('http://127.0.0.1')",
    "input.constructor.constructor('return process.exit(1)')()",
  ])("%s is an error with its place", async (source) => {
    const error = await errorOf("code", { source: `\nreturn ${source}` }, {});
    expect(error.type).toBe("component_error");
  });

  it("names the line and column of an error", async () => {
    expect(await errorOf("code", { source: "const a = 1;\nreturn a.b.c;" })).toMatchObject({
      message: expect.stringContaining("line 2"),
      place: expect.stringMatching(/^source:2:\d+$/),
    });
    expect(await errorOf("code", { source: "const a = 1;\n\nlet = ;" })).toMatchObject({
      place: expect.stringMatching(/^source:3:/),
    });
  });

  it("ends an endless loop at its timeout, even one that catches", async () => {
    expect(await errorOf("code", { source: "while (true) {}", timeout: 0.1 })).toMatchObject({ type: "timeout" });
    const stubborn = "for (;;) { try { for (;;) {} } catch {} finally { for (;;) {} } }";
    expect(await errorOf("code", { source: stubborn, timeout: 0.1 })).toMatchObject({ type: "timeout" });
    const jobs = "const again = async () => { await null; return again(); }; return again();";
    expect((await errorOf("code", { source: jobs, timeout: 0.2 })).type).toMatch(/timeout|resource_limit_exceeded/);
  });

  it("ends at the component's own limit if that is sooner", async () => {
    expect(await errorOf("code", { source: "for (;;) {}" }, null, { limits: { timeoutMs: 100 } })).toMatchObject({
      type: "timeout",
    });
  });

  it.each([
    "const a = []; for (;;) a.push(new ArrayBuffer(1 << 20));",
    "return new Uint8Array(10 * 1024 ** 3).length",
    "let s = 'x'; for (;;) s += s;",
    "const a = []; for (;;) a.push({});",
  ])("is stopped when it allocates too much: %s", async (source) => {
    const error = await errorOf("code", { source }, null, { limits: { memoryBytes: 32 * 1024 * 1024 } });
    expect(error.type).toBe("resource_limit_exceeded");
    expect(await outputOf("code", { source: "return 1" })).toBe(1);
  });

  it.each([
    "const a = []; for (let i = 0; i < 40; i++) a.push(new Uint8Array(1e6)); return a.length;",
    "const a = []; for (let i = 0; i < 40; i++) a.push(String(i).repeat(1e6)); return a.length;",
  ])("counts large blocks too: %s", async (source) => {
    const limits = (megabytes: number) => ({ limits: { memoryBytes: megabytes * 1024 * 1024 } });
    expect((await errorOf("code", { source }, null, limits(16))).type).toBe("resource_limit_exceeded");
    expect(await outputOf("code", { source }, null, limits(128))).toBe(40);
  });

  it("is stopped when it recurses without end, and the next run is well", async () => {
    expect((await errorOf("code", { source: "const f = () => f() + 1; return f();" })).type).toBe(
      "resource_limit_exceeded",
    );
    expect((await errorOf("code", { source: "const a = []; a[0] = a; return a;" })).type).toBe("component_error");
    const deep = "let a = []; for (let i = 0; i < 1e6; i++) a = [a]; return a;";
    expect((await errorOf("code", { source: deep })).type).toBe("resource_limit_exceeded");
    expect(await outputOf("code", { source: "return 2" })).toBe(2);
  });

  it("says so when it waits for what never comes", async () => {
    expect((await errorOf("code", { source: "await new Promise(() => {});" })).message).toContain("never comes");
  });
});

describe("TypeScript", () => {
  it("runs with its types taken out, and errors keep their lines", async () => {
    const source = "interface Order { n: number }\nconst order = input as Order;\nreturn order.n + (1 as number);";
    expect(await outputOf("code", { source, language: "typescript" }, { n: 2 })).toBe(3);
    const wrong = "const a: { b?: any } = {};\ntype X = string;\nreturn a.b.c as X;";
    expect((await errorOf("code", { source: wrong, language: "typescript" })).place).toMatch(/^source:3:/);
  });

  it("refuses what is more than types, with the line", async () => {
    const error = await errorOf("code", {
      source: "const a = 1;\nenum Colour { red }\nreturn a;",
      language: "typescript",
    });
    expect(error).toMatchObject({ type: "validation_error", message: expect.stringContaining("line 2: enum Colour") });
  });

  it("refuses other languages", async () => {
    expect(await errorOf("code", { source: "1", language: "python" })).toMatchObject({ place: "config.language" });
  });
});

describe("trusted code", () => {
  it("is refused where the workspace is not trusted", async () => {
    expect(await errorOf("code", { source: "return 1", trust: "trusted" })).toMatchObject({
      type: "authorization_error",
    });
  });

  it("is Node itself", async () => {
    const source =
      "const { join } = require('node:path');\nconst { readFileSync } = await import('node:fs');\ncontext.log('hi');\nreturn join('a', typeof readFileSync);";
    expect(await outputOf("code", { source, trust: "trusted" }, null, trusted())).toBe("a/function");
  });

  it("names the line of an error and ends at its timeout", async () => {
    expect(await errorOf("code", { source: "\nnull.x", trust: "trusted" }, null, trusted())).toMatchObject({
      place: "source:2:6",
    });
    const source = "await new Promise((resolve) => setTimeout(resolve, 60000).unref())";
    expect(await errorOf("code", { source, trust: "trusted", timeout: 0.05 }, null, trusted())).toMatchObject({
      type: "timeout",
    });
  });
});
