import fc from "fast-check";
import { expect, it, test } from "vitest";
import { openerOf } from "@shared/execution/opened";
import type { Json } from "@shared/base/json";
import type { Entry } from "@shared/execution/event";
import { traceDifference } from "@shared/execution/trace";
import { inline } from "@shared/execution/value";
import type { Workflow } from "@shared/workflow/workflow";
import { portsOf } from "../../src-main/compose/engine";
import type { Engine } from "../../src-main/engine/engine";
import { openEngine } from "../../src-main/engine/open";
import type { Carrier, Clock } from "../../src-main/engine/ports";
import type { CachePort } from "../../src-main/engine/sharing";
import type { Store } from "../../src-main/store/store";
import { decideHere } from "../../src-main/worker/deciding";
import { finish, taskOf } from "../../src-main/worker/perform";
import { chooser, samples } from "../execution/generate";
import { asRun, cases } from "../golden/cases";
import { type MemoryRun, runInMemory } from "../golden/memory-driver";
import { freshFolder, freshStore } from "../store/folder";

/** Carries out attempts as a script says, a moment later each. */
function scripted(script: MemoryRun["script"]): Carrier {
  return {
    carry: async (work) => {
      const opener = openerOf(work);
      const attempt = {
        path: work.path,
        type: work.type,
        attempt: work.attempt,
        input: opener.read(work.input).json,
        config: opener.read(work.config).json,
      };
      await new Promise((resolve) => setImmediate(resolve));
      return finish(taskOf(work), script(attempt));
    },
    group: () => {
      throw new Error("grouping is off");
    },
    think: async (job) => decideHere(job as Parameters<typeof decideHere>[0]) as never,
    warm: () => undefined,
    info: () => ({ workers: 0, busy: 0 }),
    close: async () => undefined,
  };
}

/** Waits are over at once; chance is the memory driver's. */
const clock: Clock = {
  now: () => Date.now(),
  after: (_delay, fire) => {
    const timer = setImmediate(fire);
    return () => clearImmediate(timer);
  },
  random: (bytes) => (bytes === 16 ? "seed" : "0".repeat(bytes * 2)),
};

/** A clock that goes on to what is due as soon as nothing else is left to do. */
function leaping(): Clock {
  let now = Date.now();
  return {
    ...clock,
    now: () => now,
    after: (delay, fire) => {
      const due = now + delay;
      const timer = setImmediate(() => {
        now = Math.max(now, due);
        fire();
      });
      return () => clearImmediate(timer);
    },
  };
}

let count = 0;
/** Execution ids must differ though the seed does not. */
const counting = (): Clock => ({ ...clock, now: () => Date.now() + (count += 1) });

/** `cache`, with what a run says it holds from before. */
function holding(cache: CachePort, { cached = {}, lastGood = {} }: MemoryRun): CachePort {
  const before = (key: string): Json | undefined => {
    const named = key.slice(key.indexOf("/") + 1);
    return cached[named] ?? lastGood[named] ?? lastGood[/([^/]*)#[^#]*$/.exec(key)?.[1] ?? ""];
  };
  return {
    digest: (text) => cache.digest(text),
    get: (key) => {
      const json = before(key);
      if (json === undefined) return cache.get(key);
      return { value: JSON.stringify(inline(json)), storedAt: Date.now() - 240_000, text: () => undefined };
    },
    lease: (key, at) => cache.lease(key, at),
    giveBack: (key) => cache.giveBack(key),
  };
}

interface Real {
  readonly engine: Engine;
  readonly store: Store;
  readonly id: string;
}

function begin(run: MemoryRun, store: Store, time: Clock = counting()): Real {
  const sensitive = Object.fromEntries((run.sensitive ?? []).map((name) => [name, { sensitive: true }]));
  const parameters = Object.fromEntries(Object.keys(run.parameters ?? {}).map((name) => [name, sensitive[name] ?? {}]));
  const definition: Workflow = { parameters, ...run.definition };
  const ports = portsOf(store);
  const engine = openEngine({
    ...ports,
    cache: holding(ports.cache, run),
    carrier: scripted(run.script),
    clock: time,
    grouping: false,
    definitions: { resolve: async () => undefined },
  });
  const started = engine.start({
    definition,
    input: run.input ?? null,
    parameters: run.parameters ?? {},
    env: {},
    folder: store.files,
    allowed: [],
    hosts: {},
    trusted: false,
  });
  if (!started.ok) throw new Error(JSON.stringify(started.problem));
  return { engine, store, id: started.value.id };
}

const journalOf = ({ store, id }: Real): Promise<readonly Entry[]> => store.reader.journal(id, 1, 1_000_000);

/** All but the first events: those differ in what a host adds to a start. */
function difference(memory: readonly Entry[], real: readonly Entry[]): string | undefined {
  return traceDifference(memory.slice(1), real.slice(1));
}

/** Cases about the clock, about who comes first and about called workflows have tests of their own. */
const comparable = cases().filter(
  (one) =>
    one.order === undefined &&
    one.cancelAfter === undefined &&
    one.times !== true &&
    !/timeout|call|first|retr|loop-failures/.test(one.name),
);

for (const one of comparable) {
  test(`golden on the real driver: ${one.name}`, async () => {
    const run = asRun(one);
    const memory = await runInMemory(run);
    const real = begin(run, freshStore());
    await real.engine.settled(real.id);
    expect(difference(memory.entries, await journalOf(real))).toBeUndefined();
    await real.engine.close();
  });
}

it("golden on the real driver: breaker, and it is in the same state afterwards", async () => {
  const one = cases().find(({ name }) => name === "breaker");
  if (one === undefined) throw new Error("there is no case");
  const memory = await runInMemory(asRun(one));
  const real = begin(asRun(one), freshStore(), leaping());
  await real.engine.settled(real.id);
  expect(difference(memory.entries, await journalOf(real))).toBeUndefined();
  expect(memory.breakerSteps.length).toBeGreaterThan(3);
  const [row] = real.store.breakers.list(Date.now());
  expect(row).toMatchObject({ key: "guarded/call", state: memory.breakers.get("call")?.mode });
  await real.engine.close();
});

it("tells the memory driver's story on generated graphs", async () => {
  const store = freshStore();
  await fc.assert(
    fc.asyncProperty(samples({ racy: false }), async (sample) => {
      const memory = await runInMemory(sample);
      const real = begin(sample, store);
      const ended = await real.engine.settled(real.id);
      expect(difference(memory.entries, await journalOf(real))).toBeUndefined();
      expect(ended.status).toBe(memory.status);
      await real.engine.close();
    }),
    { numRuns: 150 },
  );
}, 120_000);

it("tells it also when hosts come and go", async () => {
  await fc.assert(
    fc.asyncProperty(samples({ racy: false }), fc.integer({ min: 0, max: 10_000 }), async (sample, seed) => {
      const memory = await runInMemory(sample);
      const choose = chooser(seed);
      const folder = freshFolder();
      let store = freshStore(folder);
      let real = begin(sample, store);
      for (let lives = 1 + choose(3); lives > 0; lives -= 1) {
        for (let turns = choose(12); turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
        await real.engine.close();
        await store.close();
        store = freshStore(folder);
        const engine = openEngine({
          ...portsOf(store),
          carrier: scripted(sample.script),
          clock: counting(),
          grouping: false,
          definitions: { resolve: async () => undefined },
        });
        real = { engine, store, id: real.id };
        await engine.resumeUnfinished();
      }
      const ended = await real.engine.settled(real.id);
      expect(difference(memory.entries, await journalOf(real))).toBeUndefined();
      expect(ended.status).toBe(memory.status);
      await real.engine.close();
      await store.close();
    }),
    { numRuns: 40 },
  );
}, 120_000);
