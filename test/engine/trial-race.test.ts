import { beforeEach, expect, it } from "vitest";
import { portsOf } from "../../src-main/compose/engine";
import type { EngineOptions } from "../../src-main/engine/engine";
import { openEngine } from "../../src-main/engine/open";
import type { Store } from "../../src-main/store/store";
import { freshStore } from "../store/folder";
import { NO_THREADS } from "./conductor";
import { workflow } from "./running";

const RULE = { failureThreshold: 1, recoveryMs: 0, halfOpenCalls: 1, minimumRequests: 1, windowMs: 60_000 };
/** Larger than what is kept at hand: the store's thread has to read it before the attempt is carried out. */
const LARGE = "x".repeat(2_200_000);

let store: Store;
let order: string[];

beforeEach(() => {
  order = [];
  store = freshStore();
  const at = Date.now();
  const result = { kind: "failed", error: { type: "server_error", message: "500" } } as const;
  const end = { key: "w/call", workflowId: "w", component: "call", rule: RULE, admittedAt: at, at, result };
  store.breakers.apply(end);
});

/** Whether a trial may begin; if so, it has. */
const admits = (): boolean => store.breakers.admit("w/call", RULE, Date.now()).admitted;

/** Runs a call behind the half-open breaker, on ports of which some are changed, and tells how it ended. */
async function run(
  change: (ports: EngineOptions, stop: () => Promise<void>) => Partial<EngineOptions>,
): Promise<string> {
  const given = portsOf(store);
  const ports: EngineOptions = {
    ...given,
    journal: {
      ...given.journal,
      write: (turns) => {
        given.journal.write(turns);
        if (turns.some(({ events }) => events.includes("cancel-requested"))) order.push("the stop is written");
      },
    },
    carrier: { ...NO_THREADS, carry: () => Promise.reject(new Error("it was stopped before")) },
    definitions: { resolve: async () => undefined },
  };
  // The stop takes its turn at once and is written in the next round of the event loop, after all that follows here.
  const stop = async (): Promise<void> => {
    engine.cancel("one");
    for (let n = 0; n < 10; n += 1) await Promise.resolve();
  };
  const engine = openEngine({ ...ports, ...change(ports, stop) });
  const call = { id: "call", type: "http_request", config: { url: "http://127.0.0.1:1/" } };
  const started = engine.start({
    definition: workflow([
      {
        ...call,
        circuit_breaker: {
          failure_threshold: 1,
          minimum_request_threshold: 1,
          recovery_timeout: 0,
          half_open_max_calls: 1,
        },
      },
    ]),
    id: "one",
    input: LARGE,
    parameters: {},
    env: {},
    folder: store.files,
    allowed: [],
    hosts: {},
    trusted: false,
  });
  expect(started.ok).toBe(true);
  const { status } = await engine.settled("one");
  await engine.close();
  return status;
}

it("an execution whose stop is decided but not written begins no trial", async () => {
  const status = await run(({ values, breakers }, stop) => ({
    values: {
      ...values,
      text: async (id, value) => {
        const text = await values.text(id, value);
        await stop();
        order.push("its values are read");
        return text;
      },
    },
    breakers: {
      admit: (...asked) => {
        order.push("the breaker is asked");
        return breakers.admit(...asked);
      },
      giveBack: (key) => breakers.giveBack(key),
    },
  }));
  expect(status).toBe("cancelled");
  expect(order).toEqual(["its values are read", "the stop is written"]);
  expect([admits(), admits()]).toEqual([true, false]);
});

it("a trial that has begun is given back when the stop is decided before it leaves the machine", async () => {
  let during: boolean | undefined;
  const status = await run(({ journal }, stop) => ({
    journal: {
      ...journal,
      durable: async () => {
        during = admits();
        await stop();
        order.push("what led to it is on the disk");
        return journal.durable();
      },
    },
  }));
  expect(status).toBe("cancelled");
  expect(during).toBe(false);
  expect(order).toEqual(["what led to it is on the disk", "the stop is written"]);
  expect([admits(), admits()]).toEqual([true, false]);
});
