import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { Workflow } from "@shared/workflow/workflow";
import { FakeClock } from "./fake-clock";
import { type Bench, bench, freshFolder, story, workflow } from "./running";

const HOUR = 3_600_000;

const pause = workflow([
  { id: "pause", type: "wait", config: { duration: "1h" } },
  { id: "after", type: "log", config: { message: "{{ pause.completed }}" } },
]);

const listening = workflow([
  { id: "paid", type: "wait", config: { event: "order.*", filter: "event.order == input_data.order", timeout: "1d" } },
  { id: "sum", type: "map", config: { computed_fields: { twice: "record.amount * 2" } } },
]);

const asking = workflow([
  {
    id: "approve",
    type: "human_task",
    name: "Approve it",
    config: {
      assignee: "accounting",
      deadline: "2h",
      form: {
        type: "object",
        properties: { approved: { type: "boolean" }, code: { type: "string", sensitive: true } },
        required: ["approved"],
      },
    },
  },
  { id: "after", type: "log", condition: "approve.output.approved", config: { message: "paid" } },
]);

/** Resolves when the execution has left memory. */
const parked = (host: Bench, count = 1): Promise<void> =>
  vi.waitFor(() => expect(host.engine.info()).toMatchObject({ running: 0, waiting: count }), {
    interval: 5,
    timeout: 10_000,
  });

const kinds = async (host: Bench, id: string): Promise<readonly string[]> => story(await host.journal(id));

describe("an execution that only waits", () => {
  it("leaves memory, holds one timer of the machine with all others, and goes on in time", async () => {
    const clock = new FakeClock();
    const host = bench({ clock });
    const ids = [1, 2, 3].map(() => host.start(pause));
    await parked(host, 3);
    expect(clock.armed).toBe(1);
    expect(host.engine.nextDue()).toBe(clock.now() + HOUR);
    expect(host.engine.isQuiet()).toBe(true);
    expect(ids.every((id) => host.engine.isLive(id))).toBe(true);
    clock.pass(HOUR - 1);
    expect(host.engine.info().running).toBe(0);
    const ends = ids.map((id) => host.engine.settled(id));
    clock.pass(1);
    for (const ended of await Promise.all(ends)) expect(ended.status).toBe("completed");
    // Nobody else had it: that it left memory is no part of its story.
    expect(await kinds(host, ids[0] as string)).not.toContain("execution-recovered");
    expect(host.engine.info()).toMatchObject({ running: 0, waiting: 0 });
  });

  it("is not worth leaving memory for a short while", async () => {
    const clock = new FakeClock();
    const host = bench({ clock });
    const id = host.start(workflow([{ id: "pause", type: "wait", config: { duration: 1 } }]));
    await vi.waitFor(() => expect(clock.armed).toBe(1), { timeout: 60_000 });
    expect(host.engine.info()).toMatchObject({ running: 1, waiting: 0 });
    const end = host.engine.settled(id);
    clock.pass(1000);
    expect((await end).status).toBe("completed");
  });

  it("goes on in the next host, at the right time, without being folded before", async () => {
    const clock = new FakeClock();
    const folder = freshFolder();
    const first = bench({ folder, clock });
    const id = first.start(pause);
    await parked(first);
    const events = (await first.journal(id)).length;
    await first.close();
    clock.pass(HOUR / 2);
    const second = bench({ folder, clock });
    expect(await second.engine.resumeUnfinished()).toEqual([id]);
    expect(second.engine.info()).toMatchObject({ running: 0, waiting: 1 });
    expect((await second.journal(id)).length).toBe(events);
    const end = second.engine.settled(id);
    clock.pass(HOUR / 2 - 1);
    expect(second.engine.info().running).toBe(0);
    clock.pass(1);
    expect((await end).status).toBe("completed");
    expect((await kinds(second, id)).filter((kind) => kind === "execution-recovered")).toHaveLength(1);
  });

  it("that was due while no host ran goes on at once", async () => {
    const clock = new FakeClock();
    const folder = freshFolder();
    const first = bench({ folder, clock });
    const id = first.start(pause);
    await parked(first);
    await first.close();
    clock.pass(5 * HOUR);
    const second = bench({ folder, clock });
    await second.engine.resumeUnfinished();
    const end = second.engine.settled(id);
    clock.pass(0);
    expect((await end).status).toBe("completed");
  });

  it("waits for a retry like for anything else", async () => {
    const clock = new FakeClock();
    const host = bench({ clock });
    const id = host.start(
      workflow([
        {
          id: "call",
          type: "http_request",
          config: { url: "http://127.0.0.1:1/" },
          retry_policy: { max_attempts: 2, initial_delay_ms: 60_000, jitter: false },
        },
      ]),
    );
    await parked(host);
    const end = host.engine.settled(id);
    clock.pass(60_000);
    expect((await end).error?.type).toBe("connection_error");
    expect((await kinds(host, id)).filter((kind) => kind === "attempt-started call")).toHaveLength(2);
  });

  it("is stopped, and followed to its end", async () => {
    const clock = new FakeClock();
    const host = bench({ clock });
    const id = host.start(pause);
    await parked(host);
    const followed = (async () => {
      for await (const item of host.engine.follow(id)) if (item.kind === "end") return item.status;
      return undefined;
    })();
    expect(host.engine.cancel(id, "enough")).toEqual({ ok: true, value: null });
    expect(await followed).toBe("cancelled");
  });

  it("is listed with the time it waits for", async () => {
    const clock = new FakeClock();
    const host = bench({ clock });
    const id = host.start(pause);
    await parked(host);
    expect(await host.store.reader.row(id)).toMatchObject({
      status: "running",
      waiting: { until: clock.now() + HOUR },
    });
  });

  it("takes its caller with it, who goes on with it", async () => {
    const clock = new FakeClock();
    const inner: Workflow = { ...pause, id: "inner" };
    const outer = workflow([
      { id: "call", type: "workflow_call", config: { workflow_id: "inner" } },
      { id: "last", type: "log", config: { message: "over" } },
    ]);
    const host = bench({ clock, definitions: [inner] });
    const id = host.start(outer);
    await parked(host, 2);
    const end = host.engine.settled(id);
    clock.pass(HOUR);
    expect((await end).status).toBe("completed");
    expect((await kinds(host, id)).filter((kind) => kind.startsWith("attempt-started"))).toEqual([
      "attempt-started call",
      "attempt-started last",
    ]);
  });

  it("goes on with its caller in the next host", async () => {
    const clock = new FakeClock();
    const folder = freshFolder();
    const definitions: readonly Workflow[] = [{ ...pause, id: "inner" }];
    const outer = workflow([{ id: "call", type: "workflow_call", config: { workflow_id: "inner" } }]);
    const first = bench({ folder, clock, definitions });
    const id = first.start(outer);
    await parked(first, 2);
    await first.close();
    const second = bench({ folder, clock, definitions });
    await second.engine.resumeUnfinished();
    const end = second.engine.settled(id);
    clock.pass(HOUR);
    expect((await end).status).toBe("completed");
  });
});

describe("an event", () => {
  it("wakes what waits for it, and only where the filter holds", async () => {
    const host = bench({ clock: new FakeClock() });
    const [one, other] = ["A", "B"].map((order) => host.start(listening, { input: { order } }));
    await parked(host, 2);
    expect(host.engine.deliver("invoice.paid", { order: "A", amount: 1 })).toBe(0);
    const end = host.engine.settled(one as string);
    expect(host.engine.deliver("order.paid", { order: "A", amount: 21 })).toBe(2);
    const ended = await end;
    expect(await host.engine.read(one as string, ended.output)).toEqual([{ order: "A", amount: 21, twice: 42 }]);
    await parked(host);
    expect(await kinds(host, other as string)).not.toContain("event-received paid");
    expect(host.store.waiting.messages(other as string)).toEqual([]);
  });

  it("posted in one host reaches what another one carries", async () => {
    const folder = freshFolder();
    const carrying = bench({ folder });
    const posting = bench({ folder });
    const id = carrying.start(listening, { input: { order: "A" } });
    await parked(carrying);
    const end = carrying.engine.settled(id);
    expect(posting.engine.deliver("order.paid", { order: "A", amount: 1 })).toBe(1);
    expect((await end).status).toBe("completed");
  });

  it("that came while no host carried it is taken in by the next", async () => {
    const folder = freshFolder();
    const clock = new FakeClock();
    const first = bench({ folder, clock });
    const id = first.start(listening, { input: { order: "A" } });
    await parked(first);
    await first.close();
    const poster = bench({ folder, clock });
    expect(poster.engine.deliver("order.paid", { order: "A", amount: 1 })).toBe(1);
    await poster.close();
    const second = bench({ folder, clock });
    await second.engine.resumeUnfinished();
    expect((await second.engine.settled(id)).status).toBe("completed");
  });

  it("that never comes fails the wait in time", async () => {
    const clock = new FakeClock();
    const host = bench({ clock });
    const id = host.start(listening, { input: { order: "A" } });
    await parked(host);
    const end = host.engine.settled(id);
    clock.pass(24 * HOUR);
    expect((await end).error).toMatchObject({ type: "timeout", component: "paid" });
    expect(host.engine.deliver("order.paid", {})).toBe(0);
  });
});

describe("a task", () => {
  it("is listed, checked against its form, answered once, and shown as answered", async () => {
    const clock = new FakeClock();
    const host = bench({ clock });
    const id = host.start(asking, { input: { amount: 3 } });
    await parked(host);
    expect(host.store.waiting.tasks("open")).toMatchObject([
      {
        executionId: id,
        path: "approve",
        name: "Approve it",
        assignee: "accounting",
        input: { amount: 3 },
        openedAt: clock.now(),
        deadline: clock.now() + 2 * HOUR,
      },
    ]);
    const answer = (json: object) => host.engine.answer(id, "approve", json as never, "M. Okafor");
    expect(answer({ approved: "yes" })).toMatchObject({
      ok: false,
      problem: { kind: "invalid-answer", message: "approved must be boolean." },
    });
    expect(host.engine.answer(id, "after", true, "x")).toMatchObject({ ok: false, problem: { kind: "no-task" } });
    const end = host.engine.settled(id);
    expect(answer({ approved: true }).ok).toBe(true);
    expect(answer({ approved: false })).toMatchObject({ ok: false, problem: { kind: "task-answered" } });
    expect((await end).status).toBe("completed");
    expect(await kinds(host, id)).toContain("task-answered approve");
    expect(host.store.waiting.tasks("open")).toEqual([]);
    expect(host.store.waiting.tasks("answered")).toMatchObject([
      { executionId: id, answered: { by: "M. Okafor", answer: { approved: true } } },
    ]);
  });

  it("gives the vault what its form calls sensitive", async () => {
    const host = bench({ clock: new FakeClock() });
    const secret = "otp-4711-planted";
    const id = host.start(asking);
    await parked(host);
    const end = host.engine.settled(id);
    host.engine.answer(id, "approve", { approved: true, code: secret }, "me");
    expect((await end).status).toBe("completed");
    expect(host.store.waiting.tasks("answered")[0]?.answered?.answer).toEqual({ approved: true, code: "[REDACTED]" });
    expect(JSON.stringify(await host.journal(id))).not.toContain(secret);
    const { folder } = host;
    await host.close();
    for (const file of readdirSync(folder, { recursive: true, withFileTypes: true }))
      if (file.isFile()) expect(readFileSync(join(file.parentPath, file.name)).includes(secret)).toBe(false);
  });

  it("answered from another host goes on where it is carried", async () => {
    const folder = freshFolder();
    const carrying = bench({ folder });
    const other = bench({ folder });
    const id = carrying.start(asking);
    await parked(carrying);
    const end = carrying.engine.settled(id);
    expect(other.engine.answer(id, "approve", { approved: false }, "cli").ok).toBe(true);
    expect((await end).status).toBe("completed");
  });

  it.each(["left memory", "lost its host"])("stops the call that it raced, when that %s", async (how) => {
    const folder = freshFolder();
    const definitions = [{ ...pause, id: "pause" }];
    const racing = workflow([
      {
        id: "race",
        type: "parallel",
        config: {
          wait_for_all: false,
          branches: [
            { id: "ask", components: [{ id: "approve", type: "human_task", config: { form: { type: "object" } } }] },
            { id: "call", components: [{ id: "sub", type: "workflow_call", config: { workflow_id: "pause" } }] },
          ],
        },
      },
    ]);
    const before = bench({ folder, definitions, clock: new FakeClock() });
    const id = before.start(racing);
    await parked(before, 2);
    const isLost = how === "lost its host";
    if (isLost) await before.close();
    const host = isLost ? bench({ folder, definitions, clock: new FakeClock() }) : before;
    expect(host.engine.answer(id, "race/ask/approve", {}, "me").ok).toBe(true);
    if (isLost) await host.engine.resumeUnfinished();
    expect((await host.engine.settled(id)).status).toBe("completed");
    const called = (await host.store.reader.list({ from: 0, limit: 10, workflowId: "pause" })).rows[0];
    await vi.waitFor(async () => expect((await host.store.reader.row(called?.id ?? ""))?.status).toBe("cancelled"));
  });

  it("nobody answers fails in time, and is withdrawn with its execution", async () => {
    const clock = new FakeClock();
    const host = bench({ clock });
    const late = host.start(asking);
    await parked(host);
    const end = host.engine.settled(late);
    clock.pass(2 * HOUR);
    expect((await end).error).toMatchObject({ type: "timeout", message: "Nobody answered within 2 h." });
    expect(host.store.waiting.tasks("open")).toEqual([]);
    const stopped = host.start(asking);
    await parked(host);
    const over = host.engine.settled(stopped);
    host.engine.cancel(stopped, "enough");
    await over;
    expect(host.store.waiting.tasks("open")).toEqual([]);
    expect(host.engine.answer(stopped, "approve", { approved: true }, "me")).toMatchObject({
      ok: false,
      problem: { kind: "already-settled" },
    });
  });

  it("is asked of the next person when the first does not answer", async () => {
    const clock = new FakeClock();
    const host = bench({ clock });
    const config = { form: {}, assignee: "clerk", deadline: "1h", escalation: { assignee: "manager", deadline: "4h" } };
    const id = host.start(workflow([{ id: "ask", type: "human_task", config }]));
    await parked(host);
    clock.pass(HOUR);
    await vi.waitFor(() => expect(host.store.waiting.tasks("open")[0]).toMatchObject({ assignee: "manager" }));
    await parked(host);
    expect(host.store.waiting.tasks("open")[0]).toMatchObject({
      escalatedAt: clock.now(),
      deadline: clock.now() + 4 * HOUR,
    });
    const end = host.engine.settled(id);
    host.engine.answer(id, "ask", "yes", "manager");
    expect((await end).status).toBe("completed");
  });
});

describe("a debugged execution", () => {
  it("stays in memory, and its spans stand still while it is held", async () => {
    const clock = new FakeClock();
    const host = bench({ clock });
    const id = host.start(pause, { debug: true });
    await vi.waitFor(() => expect(clock.armed).toBe(1), { timeout: 60_000 });
    host.engine.pause(id);
    await vi.waitFor(() => expect(clock.armed).toBe(0), { timeout: 60_000 });
    clock.pass(2 * HOUR);
    host.engine.continue(id);
    await vi.waitFor(() => expect(clock.armed).toBe(1), { timeout: 60_000 });
    expect(host.engine.nextDue()).toBe(clock.now() + HOUR);
    const end = host.engine.settled(id);
    clock.pass(HOUR);
    expect((await end).status).toBe("completed");
  });
});
