import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "@shared/base/json";
import type { RehearsedFiring } from "@shared/contract/rehearsals";
import type { Workflow } from "@shared/workflow/workflow";
import { rehearsalOver } from "../../src-main/compose/rehearsal";
import { machineClock } from "../../src-main/engine/identity";
import { openLab } from "../../src-main/lab/open";
import type { Rehearsing } from "../../src-main/triggers/rehearsal";
import { type Bench, bench, workflow } from "../engine/running";

const HOUR = 3_600_000;

interface Options {
  readonly from?: string;
  readonly hours?: number;
  readonly most?: number;
  readonly faults?: string;
  readonly on?: Bench;
  readonly env?: { readonly [name: string]: string };
  /** Given the rehearsal as it begins, and each firing as it is told. */
  readonly during?: (rehearsing: Rehearsing, firing: RehearsedFiring) => void;
}

/** Rehearses `definition`: its firings in the order in which they came to something, and whether there were too many. */
async function rehearsed(
  definition: Workflow,
  { from = "2026-03-27T00:00:00Z", hours = 24, most, faults, on = bench(), env = {}, during }: Options = {},
): Promise<{ readonly firings: readonly RehearsedFiring[]; readonly cut: boolean; readonly outputs: readonly Json[] }> {
  const begin = Date.parse(from);
  const lab = openLab({ virtualTime: true, from: begin, ...(faults === undefined ? {} : { faults }) }, machineClock);
  if (!lab.ok) throw new Error(JSON.stringify(lab.problem));
  const firings: RehearsedFiring[] = [];
  const base = { definition, env, folder: on.store.files, allowed: [], hosts: {}, trusted: false };
  const rehearsing = rehearsalOver(
    on.engine,
    on.store,
    {
      lab: lab.value,
      workflow: definition,
      from: begin,
      until: begin + hours * HOUR,
      ...(most === undefined ? {} : { most }),
      env,
      start: (given) => on.engine.begin({ ...base, ...given, lab: lab.value }),
      why: (problem) => ("message" in problem ? problem.message : problem.kind),
    },
    (firing) => {
      firings.push(firing);
      during?.(rehearsing, firing);
    },
  );
  const { cut } = await rehearsing.done;
  const outputs: Json[] = [];
  for (const { executionId } of firings.slice(0, 10)) {
    if (executionId === undefined) continue;
    const { output } = await on.engine.settled(executionId);
    outputs.push(await on.engine.read(executionId, output));
  }
  return { firings, cut, outputs };
}

function scheduled(trigger: JsonObject, components: Workflow["components"], more: Partial<Workflow> = {}): Workflow {
  return workflow(components, { triggers: [{ type: "schedule", ...trigger }], ...more });
}

function nap(duration: string): Workflow["components"][number] {
  return { id: "nap", type: "wait", config: { duration } };
}

const keep: Workflow["components"][number] = { id: "keep", type: "start" };

/** When a firing was due, and what came of it. */
function told(firings: readonly RehearsedFiring[]): readonly string[] {
  return [...firings]
    .sort((a, b) => a.dueAt - b.dueAt || a.index - b.index)
    .map(({ dueAt, end, outcome }) => `${new Date(dueAt).toISOString().slice(5, 16)} ${end?.status ?? outcome}`);
}

/** From when to when a firing's execution went on, in minutes after the rehearsal began. */
function minutes({ end }: RehearsedFiring, from: string): readonly number[] {
  return [end!.startedAt, end!.settledAt].map((at) => Math.round((at - Date.parse(from)) / 60_000));
}

describe("a rehearsal", () => {
  it("fires a day's starts with what the schedule brings", async () => {
    const definition = scheduled(
      { cron: "0 */8 * * *", timezone: "UTC", parameters: { day: "{{ event.scheduled_at }}-{{ env.STAGE }}" } },
      [keep],
      { parameters: { day: { type: "string" } }, outputs: { day: "{{ day }}", input: "{{ input_data }}" } },
    );
    const { firings, outputs, cut } = await rehearsed(definition, { env: { STAGE: "test" } });
    // What is due when the day is over is the next day's.
    expect(told(firings)).toEqual(["03-27T00:00 completed", "03-27T08:00 completed", "03-27T16:00 completed"]);
    expect(cut).toBe(false);
    expect(outputs[1]).toEqual({
      day: "2026-03-27T08:00:00.000Z-test",
      input: { scheduled_at: "2026-03-27T08:00:00.000Z", missed: 0 },
    });
    expect(firings[1]).toMatchObject({ index: 0, cron: "0 */8 * * *", timezone: "UTC", missed: 0 });
  });

  it("keeps to the clocks of a time zone where they change", async () => {
    const nightly = scheduled({ cron: "30 2 * * *", timezone: "Europe/Berlin" }, [keep]);
    const spring = await rehearsed(nightly, { from: "2026-03-27T12:00:00Z", hours: 72 });
    expect(told(spring.firings)).toEqual(["03-28T01:30 completed", "03-29T01:00 completed", "03-30T00:30 completed"]);
    const autumn = await rehearsed(nightly, { from: "2026-10-24T12:00:00Z", hours: 48 });
    expect(told(autumn.firings)).toEqual(["10-25T00:30 completed", "10-26T01:30 completed"]);
  });

  it("starts a long one beside the one before, or not, as overlap says", async () => {
    const hourly = (overlap: string) => scheduled({ cron: "0 * * * *", timezone: "UTC", overlap }, [nap("90m")]);
    const from = "2026-03-27T00:30:00Z";
    const parallel = await rehearsed(hourly("parallel"), { from, hours: 3 });
    expect(parallel.firings.map((firing) => minutes(firing, from))).toEqual([
      [30, 120],
      [90, 180],
      [150, 240],
    ]);
    const skip = await rehearsed(hourly("skip"), { from, hours: 4 });
    expect(told(skip.firings)).toEqual([
      "03-27T01:00 completed",
      "03-27T02:00 skipped",
      "03-27T03:00 completed",
      "03-27T04:00 skipped",
    ]);
    const queue = await rehearsed(hourly("queue"), { from, hours: 3 });
    expect(queue.firings.map((firing) => minutes(firing, from))).toEqual([
      [30, 120],
      [120, 210],
      [210, 300],
    ]);
    const cancel = await rehearsed(hourly("cancel_previous"), { from, hours: 3 });
    expect(told(cancel.firings)).toEqual(["03-27T01:00 cancelled", "03-27T02:00 cancelled", "03-27T03:00 completed"]);
  });

  it("keeps to the workflow's limit, higher priorities first", async () => {
    const from = "2026-03-27T00:30:00Z";
    const at = (cron: string, priority: number) => ({ type: "schedule", cron, timezone: "UTC", priority });
    const definition = workflow([nap("3h")], {
      concurrency: { limit: 1 },
      triggers: [at("0 1 * * *", 0), at("10 1 * * *", 0), at("20 1 * * *", 5)],
    });
    const { firings } = await rehearsed(definition, { from, hours: 2 });
    expect(firings.map(({ index }) => index)).toEqual([0, 2, 1]);
    expect(firings.map((firing) => minutes(firing, from)[1])).toEqual([210, 390, 570]);
    const skips = { ...definition, concurrency: { limit: 1, overlap: "skip" } };
    const skipped = await rehearsed(skips, { from, hours: 2 });
    expect(told(skipped.firings)).toEqual(["03-27T01:00 completed", "03-27T01:10 skipped", "03-27T01:20 skipped"]);
  });

  it.each([
    ["skip", ["01:00", "02:00 missed 02 03 04", "06:00"]],
    ["run_once", ["01:00", "04:00 for 02 03 04", "06:00"]],
    ["run_all", ["01:00", "02:00 for 02", "03:00 for 03", "04:00 for 04", "06:00"]],
  ])("makes up for what was due while the machine slept as missed: %s says", async (missed, expected) => {
    const definition = scheduled({ cron: "0 1-4,6 * * *", timezone: "UTC", missed }, [keep]);
    const { firings } = await rehearsed(definition, { hours: 8, faults: "asleep: [{after: 90m, for: 3h30m}]" });
    // Those that are made up for run at the same time and end in any order.
    const inOrder = firings.toSorted((a, b) => a.dueAt - b.dueAt);
    const at = (moment: number, length: number) => new Date(moment).toISOString().slice(11, 11 + length);
    const lines = inOrder.map(({ dueAt, missed: count, missedAt = [], outcome }) => {
      expect(count).toBe(missedAt.length);
      const hours = missedAt.map((moment) => ` ${at(moment, 2)}`).join("");
      return `${at(dueAt, 5)}${count === 0 ? "" : ` ${outcome === "missed" ? outcome : "for"}${hours}`}`;
    });
    expect(lines).toEqual(expected);
  });

  it.each([
    ["skip", "missed", 1000],
    ["run_once", "ended", 1000],
  ] as const)("says that more were missed than are looked at: %s", async (missed, outcome, count) => {
    const definition = scheduled({ cron: "* * * * * *", timezone: "UTC", missed }, [keep]);
    const { firings } = await rehearsed(definition, { hours: 0.5, faults: "asleep: [{after: 1s, for: 1h}]" });
    const [one, ...others] = firings.filter(({ missed: many }) => many > 0);
    expect(one).toMatchObject({ outcome, missed: count, hasOlderMissed: true });
    expect(others).toEqual([]);
    // The newest are told: those of the last minute are not late.
    expect(new Date(one!.missedAt!.at(-1)!).toISOString()).toBe("2026-03-27T00:28:59.000Z");
  });

  it("shares breakers: what one opens, the next finds open, and a later one half-open", async () => {
    const call: Workflow["components"][number] = {
      id: "call",
      type: "map",
      config: { records: [{ n: 1 }] },
      circuit_breaker: {
        failure_threshold: 2,
        recovery_timeout: 3000,
        half_open_max_calls: 1,
        minimum_request_threshold: 2,
        window_seconds: 3600,
      },
    };
    const definition = scheduled({ cron: "0,20,40 * * * *", timezone: "UTC" }, [call]);
    const faults = "faults: [{component: call, during: {after: 1h, for: 1h}, status: 503}]";
    const { firings } = await rehearsed(definition, { from: "2026-03-27T00:30:00Z", hours: 3, faults });
    expect(firings.map(({ end }) => end?.error?.type ?? "completed")).toEqual([
      "completed",
      "completed",
      "completed",
      "server_error",
      "server_error",
      "circuit_open",
      "circuit_open",
      "completed",
      "completed",
    ]);
  });

  it("stops what waits for a person, and says so", async () => {
    const definition = scheduled({ cron: "0 12 * * *", timezone: "UTC", overlap: "queue" }, [
      { id: "ask", type: "human_task", config: { form: { type: "object" } } },
    ]);
    const { firings } = await rehearsed(definition, { hours: 48 });
    expect(firings.map(({ end, message }) => [end?.status, message])).toEqual([
      ["cancelled", "It waits for a person or an event; a rehearsal brings neither, and stopped it."],
      ["cancelled", "It waits for a person or an event; a rehearsal brings neither, and stopped it."],
    ]);
  });

  it("tells what a trigger leaves out", async () => {
    const definition = scheduled({ cron: "0 12 * * *", timezone: "UTC" }, [keep], {
      parameters: { region: { type: "string" } },
    });
    const { firings } = await rehearsed(definition);
    expect(firings).toMatchObject([{ outcome: "refused", message: expect.stringContaining("region") as string }]);
  });

  it("starts nothing more once it is stopped, and undoes what is under way", async () => {
    const definition = scheduled({ cron: "0 * * * *", timezone: "UTC" }, [nap("150m")]);
    const { firings } = await rehearsed(definition, {
      during: (rehearsing, { index }) => rehearsing.stop(`after ${index}`),
    });
    expect(firings.map(({ end }) => end?.status)).toEqual(["completed", "cancelled", "cancelled"]);
  });

  it("fires each minute of half a day, or as many as it takes at most", async () => {
    const every = scheduled({ cron: "* * * * *", timezone: "UTC" }, [keep]);
    const whole = await rehearsed(every, { hours: 12 });
    expect([whole.firings.length, whole.cut]).toEqual([720, false]);
    const part = await rehearsed(every, { hours: 12, most: 5 });
    expect([part.firings.length, part.cut]).toEqual([5, true]);
  });
});
