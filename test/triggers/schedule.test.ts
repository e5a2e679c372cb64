import { expect, it } from "vitest";
import { closed, FakeClock, freshFolder, hostOn, on, outputsOf, store } from "./kit";

it("a schedule starts its workflow when it is due, in its time zone", async () => {
  const clock = new FakeClock("2026-03-27T00:00:00Z");
  const host = hostOn(freshFolder(), clock);
  store(host, "daily", '  - {type: schedule, cron: "0 6 * * *", timezone: Africa/Nairobi}');
  await host.begin();
  await on(host, "daily");
  expect(host.rooms.triggers.list()[0]).toMatchObject({
    summary: "0 6 * * * Africa/Nairobi",
    enabled: true,
    nextAt: Date.parse("2026-03-27T03:00:00Z"),
  });
  await clock.through("2026-03-27T03:00:00Z", "2026-03-28T03:00:00Z");
  const outputs = await outputsOf(host, "daily", 2);
  expect(outputs.map(({ event }) => event["scheduled_at"])).toEqual([
    "2026-03-27T03:00:00.000Z",
    "2026-03-28T03:00:00.000Z",
  ]);
  expect(outputs[0]?.event).toMatchObject({ type: "schedule", missed: 0, timezone: "Africa/Nairobi" });
  expect(outputs[0]?.input).toEqual({ scheduled_at: "2026-03-27T03:00:00.000Z", missed: 0 });
  expect(host.rooms.triggers.list()[0]?.last).toMatchObject({ outcome: "started" });
});

it("a time that the clocks skip is due when the gap ends, one that comes twice is due once", async () => {
  const clock = new FakeClock("2026-03-28T12:00:00Z");
  const host = hostOn(freshFolder(), clock);
  store(host, "nightly", '  - {type: schedule, cron: "30 2 * * *", timezone: Europe/Berlin}');
  await host.begin();
  await on(host, "nightly");
  await clock.through("2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
  await host.rooms.triggers.enable("nightly", 0, false);
  clock.sleepTo("2026-10-24T12:00:00Z");
  await on(host, "nightly");
  await clock.through("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z");
  const outputs = await outputsOf(host, "nightly", 4);
  expect(outputs.map(({ event }) => event["scheduled_at"])).toEqual([
    "2026-03-29T01:00:00.000Z",
    "2026-03-30T00:30:00.000Z",
    "2026-10-25T00:30:00.000Z",
    "2026-10-26T01:30:00.000Z",
  ]);
});

it("a trigger that is off starts nothing, and what was due meanwhile is nobody's", async () => {
  const clock = new FakeClock("2026-03-27T00:00:00Z");
  const host = hostOn(freshFolder(), clock);
  store(host, "daily", '  - {type: schedule, cron: "@hourly", missed: run_all}');
  await host.begin();
  await clock.goTo("2026-03-27T05:30:00Z");
  await on(host, "daily");
  await clock.goTo("2026-03-27T06:30:00Z");
  const outputs = await outputsOf(host, "daily", 1);
  expect(outputs.map(({ event }) => event["scheduled_at"])).toEqual(["2026-03-27T06:00:00.000Z"]);
});

it.each([
  ["skip", []],
  ["run_once", [["2026-03-27T09:00:00.000Z", 3]]],
  [
    "run_all",
    [
      ["2026-03-27T07:00:00.000Z", 1],
      ["2026-03-27T08:00:00.000Z", 1],
      ["2026-03-27T09:00:00.000Z", 1],
    ],
  ],
])("what was missed while no host ran is made up for as missed: %s says", async (missed, expected) => {
  const folder = freshFolder();
  const clock = new FakeClock("2026-03-27T06:30:00Z");
  const first = hostOn(folder, clock);
  store(first, "hourly", `  - {type: schedule, cron: "0 * * * *", timezone: UTC, missed: ${missed}}`);
  await first.begin();
  await on(first, "hourly");
  await closed(first);

  clock.sleepTo("2026-03-27T09:20:00Z");
  const second = hostOn(folder, clock);
  await second.begin();
  if (expected.length === 0)
    expect(second.rooms.triggers.list()[0]?.last).toMatchObject({
      outcome: "skipped",
      message: "3 starts were missed while no host ran; missed is skip.",
    });
  const caughtUp = await outputsOf(second, "hourly", expected.length);
  expect(caughtUp.map(({ event }) => [event["scheduled_at"], event["missed"]])).toEqual(expected);
  await clock.goTo("2026-03-27T10:00:00Z");
  const all = await outputsOf(second, "hourly", expected.length + 1);
  expect(all.at(-1)?.event).toMatchObject({ scheduled_at: "2026-03-27T10:00:00.000Z", missed: 0 });
});

it("says of very many missed starts that the older ones are left out", async () => {
  const folder = freshFolder();
  const clock = new FakeClock("2026-03-27T06:30:00Z");
  const first = hostOn(folder, clock);
  for (const missed of ["skip", "run_once"])
    store(first, missed, `  - {type: schedule, cron: "* * * * *", timezone: UTC, missed: ${missed}}`);
  await first.begin();
  await on(first, "skip");
  await on(first, "run_once");
  await closed(first);

  clock.sleepTo("2026-03-28T06:30:00Z");
  const second = hostOn(folder, clock);
  await second.begin();
  const [output] = await outputsOf(second, "run_once", 1);
  expect(output?.event["missed"]).toBe(1000);
  const said = Object.fromEntries(second.rooms.triggers.list().map(({ workflowId, last }) => [workflowId, last]));
  expect(said["run_once"]).toMatchObject({
    outcome: "skipped",
    message:
      "More than 1,000 starts were missed while no host ran. The newest one was started for 1,000; the older ones are left out.",
  });
});

it("a machine that slept sees soon after it woke what it missed", async () => {
  const clock = new FakeClock("2026-03-27T06:30:00Z");
  const host = hostOn(freshFolder(), clock);
  store(host, "hourly", '  - {type: schedule, cron: "0 * * * *", timezone: UTC, missed: run_once}');
  await host.begin();
  await on(host, "hourly");
  clock.sleepTo("2026-03-27T09:20:00Z");
  await clock.goTo("2026-03-27T09:20:30Z");
  const [output] = await outputsOf(host, "hourly", 1);
  expect(output?.event).toMatchObject({ scheduled_at: "2026-03-27T09:00:00.000Z", missed: 3 });
});

it("of two hosts on a workspace one fires; when it goes, the other does", async () => {
  const folder = freshFolder();
  const clock = new FakeClock("2026-03-27T06:30:00Z");
  const first = hostOn(folder, clock);
  const second = hostOn(folder, clock);
  store(first, "hourly", '  - {type: schedule, cron: "0 * * * *", timezone: UTC}');
  await first.begin();
  await second.begin();
  await on(second, "hourly");
  await outside(first, () => first.rooms.triggers.list()[0]?.enabled === true);
  await clock.goTo("2026-03-27T07:10:00Z");
  expect(await outputsOf(second, "hourly", 1)).toHaveLength(1);
  await closed(first);
  await clock.goTo("2026-03-27T08:10:00Z");
  const outputs = await outputsOf(second, "hourly", 2);
  expect(outputs.map(({ event }) => event["scheduled_at"])).toEqual([
    "2026-03-27T07:00:00.000Z",
    "2026-03-27T08:00:00.000Z",
  ]);
});

/** The store tells of other hosts' changes by a poll of its own. */
async function outside(host: ReturnType<typeof hostOn>, isSo: () => boolean): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = host.store.changes.listen(() => {
      stop();
      resolve();
    });
  });
  expect(isSo()).toBe(true);
}
