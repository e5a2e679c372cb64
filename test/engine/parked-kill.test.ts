import { expect, it, vi } from "vitest";
import { bench, freshFolder, story, workflow } from "./running";
import { FakeClock } from "./fake-clock";
import { hostProcess } from "./host-process";
import type { Told } from "./host-program";

const HOUR = 3_600_000;

it("an execution that waited outside memory when its host was killed goes on in the next, at the right time", async () => {
  const folder = freshFolder();
  const told: Told = {
    folder,
    workflow: workflow([
      { id: "pause", type: "wait", config: { duration: "1h" } },
      { id: "after", type: "log", config: { message: "on" } },
    ]),
    parameters: {},
    hosts: {},
    others: [],
  };
  const host = await hostProcess(told);
  const { id } = host;
  const clock = new FakeClock(Date.now());
  const next = bench({ folder, clock });
  await vi.waitFor(
    async () => expect(await next.store.reader.row(id)).toMatchObject({ waiting: { until: expect.any(Number) } }),
    {
      timeout: 20_000,
    },
  );
  expect(await next.engine.resumeUnfinished()).toEqual([]);
  await host.kill();

  const until = (await next.store.reader.row(id))?.waiting?.until;
  const before = (await next.journal(id)).length;
  expect(await next.engine.resumeUnfinished()).toEqual([id]);
  expect(next.engine.info()).toMatchObject({ running: 0, waiting: 1 });
  const due = next.engine.nextDue() as number;
  expect(due).toBe(until);
  expect(due - clock.now()).toBeGreaterThan(HOUR / 2);
  const end = next.engine.settled(id);
  clock.pass(due - 1 - clock.now());
  expect((await next.journal(id)).length).toBe(before);
  clock.pass(1);
  expect((await end).status).toBe("completed");
  const lines = story(await next.journal(id));
  expect(lines.filter((line) => line === "execution-recovered")).toHaveLength(1);
});
