import { describe, expect, it, vi } from "vitest";
import type { Workflow } from "@shared/workflow/workflow";
import { FakeClock } from "./fake-clock";
import { type Bench, bench, freshFolder, story, workflow } from "./running";

const HOUR = 3_600_000;
const components: Workflow["components"] = [{ id: "pause", type: "wait", config: { duration: "1h" } }];
const single = (more: object = {}): Workflow =>
  workflow(components, { concurrency: { limit: 1, ...more } } as Partial<Workflow>);

const statusOf = async (host: Bench, id: string): Promise<string | undefined> =>
  (await host.store.reader.row(id))?.status;
const becomes = (host: Bench, id: string, status: string): Promise<void> =>
  vi.waitFor(async () => expect(await statusOf(host, id)).toBe(status), { timeout: 10_000, interval: 5 });
/** Its undo fails, and pauses a minute before it fails for good. */
const slowlyUndone = (more: Partial<Workflow> = {}): Workflow =>
  workflow(
    [
      { id: "done", type: "log", config: { message: "done" } },
      { id: "pause", type: "wait", config: { duration: "1h" } },
    ],
    {
      compensation: {
        done: {
          action: "undo",
          component: "code",
          config: { language: "javascript", source: "throw new Error('no')" },
          retry_policy: {
            max_attempts: 2,
            initial_delay_ms: 60_000,
            max_delay_ms: 60_000,
            jitter: false,
            retryable_errors: ["component_error"],
          },
        },
      },
      ...more,
    } as Partial<Workflow>,
  );

describe("a workflow with a limit", () => {
  it("queues further executions and lets them begin by priority, then in order", async () => {
    const clock = new FakeClock();
    const host = bench({ clock });
    const ids = [
      host.start(single()),
      host.start(single()),
      host.start(single()),
      host.start(single(), { priority: 5 }),
    ];
    const [first, second, third, urgent] = ids as [string, string, string, string];
    await becomes(host, first, "running");
    for (const id of [second, third, urgent]) expect(await statusOf(host, id)).toBe("queued");
    expect(story(await host.journal(second))).toEqual(["execution-started"]);
    for (const [over, next] of [
      [first, urgent],
      [urgent, second],
      [second, third],
    ] as const) {
      await vi.waitFor(() => expect(host.engine.nextDue()).toBe(clock.now() + HOUR), { timeout: 60_000 });
      const end = host.engine.settled(over);
      clock.pass(HOUR);
      expect((await end).status).toBe("completed");
      await becomes(host, next, "running");
    }
    expect(await statusOf(host, third)).toBe("running");
  });

  it("skips further ones, or stops what ran before, where it says so", async () => {
    const host = bench({ clock: new FakeClock() });
    const first = host.start(single());
    await becomes(host, first, "running");
    expect(() => host.start(single(), { overlap: "skip" })).toThrow(/overlap-skipped/);
    const over = host.engine.settled(first);
    const second = host.start(single({ overlap: "cancel_previous" }));
    expect((await over).status).toBe("cancelled");
    await becomes(host, second, "running");
  });

  it("stops what ran before wherever it is carried, and takes up nothing for it", async () => {
    const folder = freshFolder();
    const [one, other] = [bench({ folder, clock: new FakeClock() }), bench({ folder, clock: new FakeClock() })];
    const first = one.start(single());
    await becomes(one, first, "running");
    const over = one.engine.settled(first);
    const second = other.start(single({ overlap: "cancel_previous" }));
    expect((await over).status).toBe("cancelled");
    await becomes(other, second, "running");
    expect(one.store.waiting.messages(first)).toEqual([]);
  });

  it("never ends undoing by starting again and again", async () => {
    const clock = new FakeClock();
    const host = bench({ clock });
    const undone = slowlyUndone({ concurrency: { limit: 1, overlap: "cancel_previous" } } as Partial<Workflow>);
    const first = host.start(undone);
    await vi.waitFor(() => expect(host.engine.nextDue()).toBe(clock.now() + HOUR), { timeout: 60_000 });
    const over = host.engine.settled(first);
    host.start(undone);
    await becomes(host, first, "compensating");
    host.start(undone);
    await vi.waitFor(() => expect(host.engine.nextDue()).toBe(clock.now() + 60_000), { timeout: 60_000 });
    clock.pass(60_000);
    const { status, undo } = await over;
    expect([status, undo]).toEqual(["cancelled", { done: 0, failed: 1, left: 0 }]);
  });

  it("keeps its queue over hosts", async () => {
    const clock = new FakeClock();
    const folder = freshFolder();
    const first = bench({ folder, clock });
    const [running, queued] = [first.start(single()), first.start(single())];
    await vi.waitFor(() => expect(first.engine.nextDue()).toBe(clock.now() + HOUR), { timeout: 60_000 });
    await first.close();
    const second = bench({ folder, clock });
    await second.engine.resumeUnfinished();
    expect(await statusOf(second, queued)).toBe("queued");
    const ends = [second.engine.settled(running), second.engine.settled(queued)];
    clock.pass(HOUR);
    await ends[0];
    await becomes(second, queued, "running");
    await vi.waitFor(() => expect(second.engine.nextDue()).toBe(clock.now() + HOUR), { timeout: 60_000 });
    clock.pass(HOUR);
    expect((await Promise.all(ends)).map(({ status }) => status)).toEqual(["completed", "completed"]);
  });

  it("does not keep an execution waiting for what it calls", async () => {
    const inner = workflow([{ id: "say", type: "log", config: { message: "hi" } }], {
      id: "inner",
      concurrency: { limit: 1 },
    } as Partial<Workflow>);
    const host = bench({ definitions: [inner] });
    const twice = ["a", "b"].map((id) => ({ id, type: "workflow_call", config: { workflow_id: "inner" } }));
    const outer = workflow([
      {
        id: "both",
        type: "parallel",
        config: {
          branches: [
            { id: "one", components: [twice[0]] },
            { id: "two", components: [twice[1]] },
          ],
        },
      },
    ] as unknown as Workflow["components"]);
    expect((await host.run(outer)).status).toBe("completed");
  });

  it("lets go of one that is stopped while it is queued", async () => {
    const host = bench({ clock: new FakeClock() });
    const [running, queued] = [host.start(single()), host.start(single())];
    await becomes(host, queued, "queued");
    const end = host.engine.settled(queued);
    host.engine.cancel(queued, "enough");
    expect((await end).status).toBe("cancelled");
    expect(await statusOf(host, running)).toBe("running");
  });
});

describe("an execution that another host carries", () => {
  it("is stopped by that host when it is stopped from here, and a second stop ends undoing", async () => {
    const folder = freshFolder();
    const [one, other] = [bench({ folder, clock: new FakeClock() }), bench({ folder, clock: new FakeClock() })];
    const id = one.start(slowlyUndone());
    await becomes(one, id, "running");
    const over = one.engine.settled(id);
    expect(other.engine.cancel(id, "enough").ok).toBe(true);
    const seen = other.engine.settled(id);
    await becomes(one, id, "compensating");
    expect(other.engine.cancel(id, "at once").ok).toBe(true);
    const { status, undo } = await over;
    expect([status, undo]).toEqual(["cancelled", { done: 0, failed: 0, left: 1 }]);
    expect((await seen).status).toBe("cancelled");
    expect(other.engine.cancel(id)).toEqual({
      ok: false,
      problem: { kind: "already-settled", id, status: "cancelled" },
    });
  });

  it("is taken up and stopped here when that host is gone", async () => {
    const folder = freshFolder();
    const gone = bench({ folder, clock: new FakeClock() });
    const id = gone.start(single());
    await becomes(gone, id, "running");
    await gone.close();
    const host = bench({ folder, clock: new FakeClock() });
    expect(host.engine.cancel(id, "enough").ok).toBe(true);
    await becomes(host, id, "cancelled");
  });
});
