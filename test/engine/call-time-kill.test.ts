import { expect, it, vi } from "vitest";
import { FakeClock } from "./fake-clock";
import { hostProcess } from "./host-process";
import type { Told } from "./host-program";
import { bench, freshFolder, story, workflow } from "./running";

const HOUR = 3_600_000;

it("the time of a call's attempt is still due when the host is killed meanwhile, and the next attempt follows", async () => {
  const folder = freshFolder();
  const nap = workflow([{ id: "rest", type: "wait", config: { event: "woken" } }], { id: "nap" });
  const told: Told = {
    folder,
    workflow: workflow([
      {
        id: "sleep",
        type: "workflow_call",
        config: { workflow_id: "nap", timeout: 3600 },
        retry_policy: { max_attempts: 2, initial_delay_ms: 5000, jitter: false },
      },
    ]),
    parameters: {},
    hosts: {},
    others: [nap],
  };
  const host = await hostProcess(told);
  const { id } = host;
  const clock = new FakeClock(Date.now());
  const next = bench({ folder, clock, definitions: [nap] });
  await vi.waitFor(
    async () => expect(await next.store.reader.row(id)).toMatchObject({ waiting: { until: expect.any(Number) } }),
    { timeout: 20_000 },
  );
  await host.kill();

  expect(await next.engine.resumeUnfinished()).toContain(id);
  const due = next.engine.nextDue() as number;
  expect(due - clock.now()).toBeGreaterThan(HOUR / 2);
  clock.pass(due - 1 - clock.now());
  expect(story(await next.journal(id))).not.toContain("timer-fired sleep");
  clock.pass(1);
  await vi.waitFor(() => expect(next.engine.nextDue()).toBeGreaterThan(due));
  await vi.waitFor(async () => expect(story(await next.journal(id))).toContain("timer-fired sleep"));
  const [first] = await called();
  await vi.waitFor(() => expect(next.store.executions.head(first!)?.settlement?.status).toBe("cancelled"));
  clock.pass(5000);
  await vi.waitFor(async () => expect(await called()).toHaveLength(2));
  await vi.waitFor(() => expect(next.engine.deliver("woken", "up")).toBe(1));
  expect(await next.engine.settled(id)).toMatchObject({ status: "completed" });

  async function called(): Promise<readonly string[]> {
    return (await next.journal(id)).flatMap(({ event }) =>
      event.kind === "attempt-started" && event.childId !== undefined ? [event.childId] : [],
    );
  }
});
