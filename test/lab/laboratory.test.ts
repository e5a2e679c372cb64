import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FollowItem } from "@shared/contract/executions";
import type { AtMs, Ms } from "@shared/base/units";
import { traceDifference } from "@shared/execution/trace";
import type { Workflow } from "@shared/workflow/workflow";
import { machineClock } from "../../src-main/engine/identity";
import type { Clock, Laboratory } from "../../src-main/engine/ports";
import { type FaultPlan, readFaults } from "../../src-main/lab/faults";
import { laboratory } from "../../src-main/lab/laboratory";
import { startSampleApi, type SampleApi } from "../../src-main/sample-api/server";
import { bench, story, workflow } from "../engine/running";

const HOUR: Ms = 3_600_000;
let api: SampleApi;
beforeAll(async () => void (api = await startSampleApi({ port: 0 })));
afterAll(() => api.close());

function plan(text: string): FaultPlan {
  const read = readFaults(text);
  if (!read.ok) throw new Error(JSON.stringify(read.problem));
  return read.value;
}

function lab(options: {
  readonly faults?: string;
  readonly virtualTime?: boolean;
  readonly clock?: Clock;
}): Laboratory {
  return laboratory({
    ...(options.faults === undefined ? {} : { faults: plan(options.faults) }),
    virtualTime: options.virtualTime ?? false,
    clock: options.clock ?? machineClock,
    crash: () => {
      throw new Error("nothing here is to crash");
    },
  });
}

function get(
  id: string,
  path: string,
  more: Partial<Workflow["components"][number]> = {},
): Workflow["components"][number] {
  return { id, type: "http_request", config: { url: `${api.url}${path}` }, ...more };
}

/** A clock that goes `speed` times as fast as the machine's. */
function scaled(speed: number): Clock {
  const from: AtMs = machineClock.now();
  return {
    now: () => from + (machineClock.now() - from) * speed,
    after: (delay, fire) => machineClock.after(delay / speed, fire),
    random: machineClock.random,
  };
}

/** Backs off for more than an hour before it succeeds, beside a wait and a call. */
const patient = workflow(
  [
    {
      id: "both",
      type: "parallel",
      config: {
        branches: [
          { id: "stubborn", components: ["fetch"] },
          { id: "lazy", components: ["nap", "call"] },
        ],
      },
    },
    {
      id: "fetch",
      type: "map",
      config: { records: [{ n: 1 }] },
      retry_policy: { max_attempts: 8, initial_delay_ms: 600_000, max_delay_ms: 1_200_000, jitter: true },
    },
    { id: "nap", type: "wait", config: { duration: "45m" } },
    { id: "call", type: "workflow_call", config: { workflow_id: "child" } },
    { id: "end", type: "end", config: { output: "{{ both.output }}" } },
  ],
  { connections: [{ source: "both", target: "end" }] },
);
const child: Workflow = {
  id: "child",
  version: "1.0.0",
  components: [
    { id: "rest", type: "wait", config: { duration: 1200 } },
    { id: "say", type: "log", config: { message: "rested" } },
  ],
};
const stubborn = "faults: [{component: fetch, attempts: [1, 2, 3, 4, 5, 6], status: 503}]";

describe("virtual time", () => {
  test("passes an hour of backoff, with waits and calls, as the real one does", async () => {
    const { run, journal } = bench({ definitions: [child] });
    const real = await run(patient, { seed: "s", lab: lab({ faults: stubborn, clock: scaled(5_000) }) });
    const virtual = await run(patient, { seed: "s", lab: lab({ faults: stubborn, virtualTime: true }) });
    expect(virtual.status).toBe("completed");
    expect(virtual.json).toEqual(real.json);
    const [a, b] = [await journal(real.id), await journal(virtual.id)];
    expect(traceDifference(a, b)).toBeUndefined();
    const took = b.at(-1)!.event.at - b[0]!.event.at;
    expect(took).toBeGreaterThan(HOUR);
  });

  test("is the time of all events, those of quick pure components too", async () => {
    const { run, journal } = bench();
    const map = (id: string) => ({ id, type: "map", config: { records: [{ n: 1 }] } });
    const definition = workflow([
      map("a"),
      map("b"),
      { id: "nap", type: "wait", config: { duration: "2h" } },
      map("c"),
      map("d"),
    ]);
    const ended = await run(definition, { lab: lab({ virtualTime: true }) });
    const times = (await journal(ended.id)).map(({ event }) => event.at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)! - times[0]!).toBeGreaterThanOrEqual(2 * HOUR);
  });

  test("passes while a call whose time is up waits for what it called to undo itself", async () => {
    const nap = workflow(
      [
        { id: "book", type: "map", config: { records: [{ n: 1 }] } },
        { id: "rest", type: "wait", config: { duration: "1h" } },
      ],
      {
        id: "nap",
        // Fails three times, with pauses between.
        compensation: { book: { component: "http_request", config: { url: `${api.url}/status/500` } } },
      },
    );
    const { run, journal, store, engine } = bench({ definitions: [nap] });
    const call = {
      id: "call",
      type: "workflow_call",
      config: { workflow_id: "nap", timeout: 600 },
      retry_policy: { max_attempts: 2, initial_delay_ms: 1, jitter: false },
      error_handling: { on_failure: "continue_to_fallback" },
    };
    const ended = await run(workflow([call]), { lab: lab({ virtualTime: true }) });
    expect(ended.status).toBe("completed_with_warnings");
    const begun = (await journal(ended.id)).flatMap(({ event }) => (event.kind === "attempt-started" ? [event] : []));
    expect(begun).toHaveLength(2);
    const [first, second] = begun.map(({ childId }) => childId!) as [string, string];
    expect(begun[1]!.at).toBeGreaterThanOrEqual(store.executions.head(first)!.settlement!.at);
    expect(begun[1]!.at - begun[0]!.at).toBeGreaterThan(600_000);
    expect((await engine.settled(second)).undo).toEqual({ done: 0, failed: 1, left: 0 });
  });

  test("stands still while something is carried out: no limit is overrun by jumping", async () => {
    const { run } = bench();
    const ended = await run(
      workflow([
        get("slow", "/slow?ms=300", { resource_limits: { timeout_seconds: 3600 } }),
        { id: "nap", type: "wait", config: { duration: "2h" } },
      ]),
      { lab: lab({ virtualTime: true }) },
    );
    expect(ended.status).toBe("completed");
  });
});

describe("a machine that sleeps", () => {
  test("fires nothing meanwhile, and what was due then when it wakes", async () => {
    const { run, journal } = bench();
    const asleep = "asleep: [{after: 30m, for: 3h}]";
    const nap = workflow([{ id: "nap", type: "wait", config: { duration: "1h" } }]);
    const ended = await run(nap, { lab: lab({ faults: asleep, virtualTime: true }) });
    const entries = await journal(ended.id);
    const woke = entries.find(({ event }) => event.kind === "timer-fired")!.event.at - entries[0]!.event.at;
    expect(Math.round(woke / 60_000)).toBe(210);
  });
});

describe("executions of one laboratory", () => {
  const one = (id: string) =>
    workflow([{ id, type: "wait", config: { duration: "1h" } }], { concurrency: { limit: 1 } });

  test("wait for each other's turn, by priority", async () => {
    const { start, engine, journal } = bench();
    const shared = lab({ virtualTime: true });
    const held = shared.attend({ isBusy: () => true, stranded: () => undefined });
    const ids = [0, 1, 5].map((priority) => start(one("nap"), { lab: shared, priority }));
    held();
    await Promise.all(ids.map((id) => engine.settled(id)));
    const begun = await Promise.all(
      ids.map(async (id) => (await journal(id)).find(({ event }) => event.kind === "execution-begun")!.event.at),
    );
    const hours = begun.map((at) => Math.round((at - begun[0]!) / HOUR));
    expect(hours).toEqual([0, 2, 1]);
  });

  test("are nobody else's concern: those outside do not wait for them", async () => {
    const { start, engine, run } = bench();
    const shared = lab({ virtualTime: true });
    const leave = shared.attend({ isBusy: () => true, stranded: () => undefined });
    const queued = [1, 2].map(() => start(one("nap"), { lab: shared }));
    const outside = workflow([{ id: "say", type: "log", config: { message: "here" } }], { concurrency: { limit: 1 } });
    expect((await run(outside)).status).toBe("completed");
    leave();
    for (const id of queued) expect((await engine.settled(id)).status).toBe("completed");
  });

  test("are told to whoever attends when only a person or an event could lead on", async () => {
    const { start, engine } = bench();
    const shared = lab({ virtualTime: true });
    const id = start(workflow([{ id: "ask", type: "wait", config: { event: "never" } }]), { lab: shared });
    await new Promise<void>((stranded) => shared.attend({ isBusy: () => false, stranded }));
    engine.cancel(id);
    expect((await engine.settled(id)).status).toBe("cancelled");
  });

  test("are marked as such, with what they call, and are no part of their workflow's record", async () => {
    const { run, store } = bench({ definitions: [child] });
    const calls = workflow([{ id: "call", type: "workflow_call", config: { workflow_id: "child" } }]);
    await run(calls, { lab: lab({ virtualTime: true }) });
    const outside = await run(workflow([{ id: "say", type: "log", config: { message: "here" } }]));
    const { rows } = await store.reader.list({ from: 0, limit: 10 });
    expect(rows.map(({ workflowId, lab }) => [workflowId, lab === true])).toEqual([
      ["w", false],
      ["child", true],
      ["w", true],
    ]);
    const recent = await store.reader.recent(10);
    expect(Object.values(recent).map((some) => some.map(({ id }) => id))).toEqual([[outside.id]]);
  });

  test("are each hit by chance in their own way, the same for the same seed", async () => {
    const faults = "seed: 3\nfaults: [{component: call, probability: 0.5, error: {type: not_found}}]";
    const flips = async (): Promise<readonly string[]> => {
      const { run } = bench();
      const shared = lab({ faults });
      const ends: string[] = [];
      for (let i = 0; i < 8; i++) {
        const ended = await run(workflow([{ id: "call", type: "map", config: { records: [{ n: 1 }] } }]), {
          lab: shared,
        });
        ends.push(ended.status);
      }
      return ends;
    };
    const first = await flips();
    expect(new Set(first)).toEqual(new Set(["completed", "failed"]));
    expect(await flips()).toEqual(first);
  });
});

describe("a fault on purpose", () => {
  test("is there for a stretch of the laboratory's time where it says so", async () => {
    const { run } = bench();
    const call = { id: "call", type: "map", config: { records: [{ n: 1 }] } };
    const faults = "faults: [{component: call, during: {after: 1h, for: 1h}, status: 503}]";
    const nap = (duration: string) => workflow([{ id: "nap", type: "wait", config: { duration } }, call]);
    const ends = ["10m", "90m", "3h"].map((after) => run(nap(after), { lab: lab({ faults, virtualTime: true }) }));
    expect((await Promise.all(ends)).map(({ status }) => status)).toEqual(["completed", "failed", "completed"]);
  });

  const outcomes: readonly (readonly [string, string, string])[] = [
    ["timeout", "timeout: true", "timeout"],
    ["a status", "status: 429", "rate_limited"],
    ["a reset", "reset: true", "connection_error"],
    ["an error", "error: {type: not_found, message: gone}", "not_found"],
    ["latency above the limit", "latency_ms: 90000", "timeout"],
  ];
  test.each(outcomes)("makes an attempt fail: %s", async (_name, what, type) => {
    const { run, journal } = bench();
    const faults = `faults: [{component: call, ${what}}]`;
    const ended = await run(workflow([get("call", "/echo")]), { lab: lab({ faults, virtualTime: true }) });
    expect(ended.error?.type).toBe(type);
    expect(story(await journal(ended.id)).filter((line) => line === "attempt-failed call")).toHaveLength(1);
  });

  test("gives an attempt a wrong body", async () => {
    const { run } = bench();
    const ended = await run(
      workflow([get("call", "/echo"), { id: "read", type: "map", config: { records: "{{ call.output.body.data }}" } }]),
      { lab: lab({ faults: "faults: [{component: call, body: {data: [1]}}]" }) },
    );
    expect(ended.error?.component).toBe("read");
  });

  test("makes an attempt late, which then goes its way", async () => {
    const { run, journal } = bench();
    const ended = await run(workflow([get("call", "/echo")]), {
      lab: lab({ faults: "faults: [{component: call, latency_ms: 5000}]", virtualTime: true }),
    });
    expect(ended.status).toBe("completed");
    const entries = await journal(ended.id);
    expect(entries.at(-1)!.event.at - entries[0]!.event.at).toBeGreaterThanOrEqual(5000);
  });

  test("hits members of loops by round, pure ones too", async () => {
    const { run } = bench();
    const ended = await run(
      workflow([
        {
          id: "each",
          type: "loop",
          config: {
            items: [1, 2, 3],
            on_item_failure: "continue",
            components: [{ id: "one", type: "map", config: { records: [{ n: 1 }] } }],
          },
        },
      ]),
      { lab: lab({ faults: "faults: [{component: one, rounds: [1], reset: true}]" }) },
    );
    expect(ended.status).toBe("completed_with_warnings");
    expect(ended.json).toEqual([[{ n: 1 }], null, [{ n: 1 }]]);
  });

  test("is named when no attempt fits it, and not when chance spared it; a host that comes later says the same", async () => {
    const { run, engine, close, folder } = bench();
    const faults = lab({
      faults: "faults: [{component: call, probability: 0.000001, status: 503}, {component: cal, status: 503}]",
    });
    const { id, status } = await run(workflow([get("call", "/echo")]), { lab: faults });
    expect(status).toBe("completed");
    expect(faults.unmet()).toEqual(["cal"]);
    const told: FollowItem[] = [];
    for await (const item of engine.follow(id, 1)) told.push(item);
    const end = { kind: "end", status, unmetFaults: ["cal"] };
    expect(told.at(-1)).toEqual(end);
    await close();
    const next = bench({ folder });
    const later: FollowItem[] = [];
    for await (const item of next.engine.follow(id, 1)) later.push(item);
    expect(later.at(-1)).toEqual(end);
  });
});
