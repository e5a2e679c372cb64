import { spawn } from "node:child_process";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Json } from "@shared/base/json";
import { randomStream } from "@shared/execution/random";
import { componentAt, components } from "@shared/execution/read";
import { type Replayed, replay } from "@shared/execution/replay";
import type { Component, Workflow } from "@shared/workflow/workflow";
import { startSampleApi, type SampleApi } from "../../src-main/sample-api/server";
import { openStore, type Store } from "../../src-main/store/store";
import { freshFolder, workflow } from "./running";
import hostProgram from "./saga-host?modulePath";
import type { SagaTold } from "./saga-host";

/** At so many points an execution is cut off. */
const POINTS = 50;
/** Executions under way in one host, each at a place of its own when it is killed. */
const AT_ONCE = 5;
const SEED = "saga-kill/1";

let api: SampleApi;
beforeAll(async () => {
  api = await startSampleApi();
});
afterAll(() => api.close());

const RETRY = { max_attempts: 5, initial_delay_ms: 20, jitter: false };
const post = (url: string): { readonly [key: string]: Json } => ({
  method: "POST",
  url: `http://sample.apg.test${url}`,
});
const call = (id: string, more: Partial<Component> = {}): Component =>
  ({ id, type: "http_request", config: post(`/slow/{{ input_data.n }}_${id}?ms=2`), ...more }) as Component;
const undo = (name: string): Json => ({
  component: "http_request",
  config: post(`/slow/{{ input_data.n }}_undo_${name}?ms=2`),
});

const inner = workflow(
  [
    { id: "inner_one", type: "http_request", config: post("/slow/{{ n }}_inner_one?ms=2") },
    { id: "inner_two", type: "http_request", config: post("/slow/{{ n }}_inner_two?ms=2") },
  ] as Component[],
  {
    id: "inner",
    parameters: { n: { type: "string" } },
    compensation: {
      inner_one: { component: "http_request", config: post("/slow/{{ n }}_undo_inner_one?ms=2") },
      inner_two: { component: "http_request", config: post("/slow/{{ n }}_undo_inner_two?ms=2") },
    },
  } as Partial<Workflow>,
);

const cleanUp = workflow(
  [{ id: "sweep", type: "http_request", config: post("/slow/{{ input_data.input.n }}_sweep?ms=2") }] as Component[],
  { id: "clean_up" },
);

const saga = workflow(
  [
    call("create"),
    call("flaky", { config: post("/flaky/{{ input_data.n }}_flaky?fails=1"), retry_policy: RETRY }),
    {
      id: "each",
      type: "loop",
      config: {
        items: ["a", "b", "c"],
        components: [
          { ...call("round"), config: post("/slow/{{ input_data.n }}_round_{{ item }}?ms=2") },
        ] as unknown as Json,
      },
    },
    { id: "below", type: "workflow_call", config: { workflow_id: "inner", parameters: { n: "{{ input_data.n }}" } } },
    {
      id: "both",
      type: "parallel",
      config: {
        branches: [
          { id: "left", components: [call("left")] },
          { id: "right", components: [call("right")] },
        ] as unknown as Json,
      },
    },
    { id: "broken", type: "http_request", config: { url: "http://sample.apg.test/status/400" } },
  ] as Component[],
  {
    id: "saga",
    compensation: {
      create: undo("create"),
      flaky: {
        component: "http_request",
        config: post("/flaky/{{ input_data.n }}_undo_flaky?fails=1"),
        retry_policy: RETRY,
      },
      round: { component: "http_request", config: post("/slow/{{ input_data.n }}_undo_round_{{ item }}?ms=2") },
      left: undo("left"),
      right: undo("right"),
    },
    error_recovery: { compensation_workflow: "clean_up" },
  } as Partial<Workflow>,
);

const DONE = ["create", "round_a", "round_b", "round_c", "inner_one", "inner_two", "left", "right"];
/** Every side effect of one execution, with how often it is called when nothing is killed. */
const EXPECTED: readonly (readonly [route: string, raw: number])[] = [
  ...DONE.flatMap((name) => [[`/slow/N_${name}`, 1] as const, [`/slow/N_undo_${name}`, 1] as const]),
  ["/slow/N_sweep", 1],
  ["/flaky/N_flaky", 2],
  ["/flaky/N_undo_flaky", 2],
];

/** Runs a host process to its end, however it comes. */
function host(told: SagaTold): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [hostProgram, JSON.stringify(told)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (data: Buffer) => (text += data.toString()));
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(signal ?? (code === 0 ? text.trim() : `exit code ${code}`)));
  });
}

async function reading<T>(folder: string, look: (store: Store) => Promise<T>): Promise<T> {
  const opened = openStore(folder);
  if (!opened.ok) throw new Error(opened.problem.kind);
  try {
    return await look(opened.value);
  } finally {
    await opened.value.close();
  }
}

interface Seen {
  readonly n: string;
  /** How it ended and how each component did, attempts and times aside. */
  readonly end: string;
  readonly settled: boolean;
  readonly undoing: boolean;
  /** Attempts, those of called executions included, whose outcome nobody had written. */
  readonly inFlight: number;
}

/** The executions of a workspace, as their journals say they are. */
function executionsIn(folder: string): Promise<readonly Seen[]> {
  return reading(folder, async (store) => {
    const { rows } = await store.reader.list({ from: 0, limit: 1000 });
    const found = await Promise.all(
      rows.map(async ({ id, workflowId }) => {
        const replayed = replay(await store.reader.journal(id, 1, 10_000));
        if (!replayed.ok) throw new Error(replayed.problem.kind);
        return { id, workflowId, ...replayed.value };
      }),
    );
    return found
      .filter(({ workflowId }) => workflowId === "saga")
      .map(({ id, state }) => {
        const tree = found.filter((one) => one.state.facts.rootId === id);
        const inFlight = tree.reduce((sum, one) => {
          const steps = one.state.undoing?.steps.map(({ slot }) => slot) ?? [];
          const slots = [...[...components(one.plan, one.state)].map((placed) => placed.state), ...steps];
          return sum + slots.filter((slot) => slot.status === "running" && slot.owner === undefined).length;
        }, 0);
        const { n } = (state.facts.input as unknown as { readonly json: { readonly n: string } }).json;
        const all = tree
          .map((one) => [
            one.plan.workflow.id,
            one.state.status,
            one.state.error ?? null,
            one.state.warnings,
            [...components(one.plan, one.state)].map(({ path, state: slot }) => [
              path,
              slot.status,
              slot.output ?? null,
            ]),
            (one.state.undoing?.steps ?? []).map(({ path, slot }) => [path, slot.status, slot.output ?? null]).sort(),
            isReversed(one),
          ])
          .sort();
        // Names have the number of the execution, and `calls` of the flaky route counts calls of before a kill.
        const end = JSON.stringify(all).replaceAll(n, "N").replaceAll(id, "ID");
        return {
          n,
          end: plain(end),
          settled: state.settledAt !== undefined,
          undoing: state.undoing !== undefined,
          inFlight,
        };
      });
  });
}

/** Whether what was done last was undone first; which of two branches was first differs from one run to the next. */
function isReversed({ plan, state }: Replayed): boolean {
  const done = (state.undoing?.steps ?? []).flatMap(({ of }) =>
    of === undefined ? [] : (componentAt(plan, state, of)?.state.done ?? []),
  );
  return done.every((one, at) => at === 0 || one < (done[at - 1] ?? 0));
}

/** What differs from one run to the next by nature: dates, ids, what the server counted. */
function plain(text: string): string {
  return text
    .replaceAll(/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} GMT/g, "DATE")
    .replaceAll(/"(?:execution_id|content-length|idempotent-replay|calls)":(?:"[^"]*"|\d+)(?:,|(?=\}))/g, "");
}

async function reference(): Promise<string> {
  const folder = freshFolder();
  const told = { folder, hosts: { "sample.apg.test": api.url }, workflow: saga, others: [inner, cleanUp] };
  expect(await host({ ...told, starts: [{ n: "whole", after: 0 }] })).toBe("settled");
  const [whole] = await executionsIn(folder);
  checkCalls("whole", 0);
  return whole?.end ?? "";
}

/** Each side effect was carried out once, and called again only for what was in flight when a host died. */
function checkCalls(n: string, inFlight: number): void {
  const { routes } = api.counts();
  let more = 0;
  for (const [route, raw] of EXPECTED) {
    const counted = routes[`POST ${route.replace("N", n)}`];
    expect(counted?.distinct, `${route} of ${n}`).toBe(1);
    more += (counted?.raw ?? 0) - raw;
  }
  expect(more, `calls of ${n} beyond those in flight`).toBeLessThanOrEqual(inFlight);
}

interface Plan {
  readonly starts: SagaTold["starts"];
  readonly kill: NonNullable<SagaTold["kill"]>;
}

/** One host with several executions, killed; another that ends them. Returns how they were when the first one died. */
async function cutOff({ starts, kill }: Plan, expected: string): Promise<readonly Seen[]> {
  const folder = freshFolder();
  const told = { folder, hosts: { "sample.apg.test": api.url }, workflow: saga, others: [inner, cleanUp] };
  expect(await host({ ...told, starts, kill })).toBe("SIGKILL");
  const cut = await executionsIn(folder);
  expect(await host({ ...told, starts: [] })).toBe("settled");
  const ended = await executionsIn(folder);
  expect(ended.length).toBe(cut.length);
  for (const execution of ended) {
    const was = cut.find(({ n }) => n === execution.n);
    expect(execution.end, `${execution.n}, killed after ${kill.after} events`).toBe(expected);
    checkCalls(execution.n, was?.inFlight ?? 0);
  }
  return cut.filter(({ settled }) => !settled);
}

it(`${POINTS} executions killed at random points all end undone, in the same state`, async () => {
  const expected = await reference();
  expect(expected).toContain('"failed"');
  expect(expected, "undone in reverse order").not.toMatch(/,false\]/);
  const random = randomStream(SEED);
  const below = (most: number): number => Math.floor(random() * most);
  let batch = 0;
  const next = (): Plan => {
    let after = 0;
    const starts = Array.from({ length: AT_ONCE }, (_, at) => {
      after += at === 0 ? 0 : below(40);
      return { n: `x${batch}y${at}z`, after };
    });
    batch += 1;
    return { starts, kill: { after: after + 5 + below(240), delay: below(3) === 0 ? 0 : 1 + below(12) } };
  };
  const points: Seen[] = [];
  while (points.length < POINTS) {
    const plans = [next(), next()];
    points.push(...(await Promise.all(plans.map((plan) => cutOff(plan, expected)))).flat());
  }
  // Both ways are cut: on the way there and on the way back.
  expect(points.filter(({ undoing }) => !undoing).length).toBeGreaterThanOrEqual(10);
  expect(points.filter(({ undoing }) => undoing).length).toBeGreaterThanOrEqual(10);
  expect(points.filter(({ inFlight }) => inFlight > 0).length).toBeGreaterThanOrEqual(10);
}, 240_000);
