import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Work } from "@shared/execution/work";
import { Remote } from "../../src-main/engine/remote";

let remote: Remote;
beforeEach(() => void (remote = new Remote(join(import.meta.dirname, "remote-worker.mjs"), 64)));
afterEach(() => remote.close());

/** Work of a type that `remote-worker.mjs` knows. */
function work(type: string, timeoutMs?: number): Work {
  return {
    executionId: "01",
    workflowId: "w",
    path: "step",
    attempt: 1,
    key: "01/step",
    correlationId: "c",
    type,
    config: { kind: "inline", json: {} },
    input: { kind: "inline", json: null },
    texts: {},
    secrets: {},
    limits: timeoutMs === undefined ? {} : { timeoutMs },
    place: { folder: "/", allowed: [], hosts: {}, trusted: false, scratch: "/" },
  };
}
const never = new AbortController().signal;
const carry = (type: string, signal = never, timeoutMs?: number) =>
  remote.carry(work(type, timeoutMs), signal, () => undefined);

describe("the remote lane", () => {
  test("sends what comes together in one message, in one thread", async () => {
    const answers = await Promise.all([carry("echo"), carry("echo"), carry("echo")]);
    expect(answers).toEqual([1, 2, 3].map(() => ({ kind: "completed", output: { together: 3 } })));
    expect(remote.alive).toBe(1);
    expect(remote.busy).toBe(0);
  });

  test("passes progress on", async () => {
    const told = new Promise((resolve) => {
      void remote.carry(work("tells"), never, (text, fraction) => resolve({ text, fraction }));
    });
    expect(await told).toEqual({ text: "half", fraction: 0.5 });
  });

  test("carries no more than 256 at once; the others wait their turn", async () => {
    const stop = new AbortController();
    const held = Array.from({ length: 256 }, () => carry("listens", stop.signal));
    const last = carry("echo");
    expect(remote.busy).toBe(256);
    stop.abort();
    expect((await Promise.all(held)).every((one) => one !== "child" && one.kind === "failed")).toBe(true);
    expect(await last).toMatchObject({ kind: "completed" });
  });

  test("who is stopped while waiting leaves at once, and those behind have their turn", async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const held = Array.from({ length: 256 }, () => carry("listens", first.signal));
    const waiting = Array.from({ length: 300 }, () => carry("listens", second.signal));
    const last = carry("echo");
    second.abort();
    for (const one of await Promise.all(waiting)) expect(one).toMatchObject({ error: { type: "cancelled" } });
    expect(remote.busy).toBe(256);
    first.abort();
    await Promise.all(held);
    expect(await last).toMatchObject({ kind: "completed" });
  });

  test("tells an abort, and leaves who does not listen behind; others start in a fresh thread", async () => {
    const stop = new AbortController();
    const deaf = carry("deaf", stop.signal);
    const neighbour = carry("listens", never, 700);
    stop.abort();
    expect(await deaf).toMatchObject({ kind: "failed", error: { type: "cancelled" } });
    expect(await carry("echo")).toMatchObject({ kind: "completed" });
    expect(remote.alive).toBe(2);
    // What shares the old thread goes on to its own end.
    expect(await neighbour).toMatchObject({ kind: "failed", error: { type: "timeout" } });
    await expect.poll(() => remote.alive).toBe(1);
  });

  test("ends an attempt whose time is up, whether it listens or not", async () => {
    expect(await carry("listens", never, 20)).toMatchObject({ error: { type: "timeout" } });
    expect(await carry("deaf", never, 20)).toMatchObject({ error: { type: "timeout" } });
  });

  test("a thread's death fails what it carried, and the next task has another", async () => {
    const [one, other] = await Promise.all([carry("deaf"), carry("dies")]);
    for (const answer of [one, other])
      expect(answer).toMatchObject({ kind: "failed", error: { type: "component_error" } });
    expect(await carry("echo")).toMatchObject({ kind: "completed" });
    expect(await carry("swells")).toMatchObject({ kind: "failed", error: { type: "resource_limit_exceeded" } });
    expect(await carry("echo")).toMatchObject({ kind: "completed" });
  });
});
