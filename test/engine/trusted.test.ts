import { expect, test } from "vitest";
import { bench, workflow } from "./running";

const code = (source: string, more = {}) =>
  workflow([{ id: "run", type: "code", config: { source, trust: "trusted", ...more } }]);

test("trusted code runs in a process of its own and may use Node", async () => {
  const { run } = bench();
  const ended = await run(code("return { pid: process.pid, os: typeof require('node:os').cpus }"), { trusted: true });
  expect(ended.json).toEqual({ pid: expect.any(Number), os: "function" });
  expect((ended.json as { pid: number }).pid).not.toBe(process.pid);
});

test("trusted code that loops, exits or allocates without end fails alone", async () => {
  const { run } = bench();
  const trusted = { trusted: true };
  expect(await run(code("while (true) {}", { timeout: 1 }), trusted)).toMatchObject({ error: { type: "timeout" } });
  expect(await run(code("process.exit(3)"), trusted)).toMatchObject({ status: "failed" });
  const hoard = "const kept = []; for (;;) kept.push(Buffer.alloc(64 << 20, 1));";
  const limited = workflow([
    { id: "run", type: "code", config: { source: hoard, trust: "trusted" }, resource_limits: { memory_mb: 256 } },
  ]);
  expect(await run(limited, trusted)).toMatchObject({ error: { type: "resource_limit_exceeded" } });
  expect((await run(code("return 1"), trusted)).json).toBe(1);
});
