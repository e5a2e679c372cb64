import fc from "fast-check";
import { expect, it, test } from "vitest";
import { ERROR_TYPES } from "@shared/execution/error";
import type { Entry } from "@shared/execution/event";
import { traceDifference } from "@shared/execution/trace";
import { portsOf } from "../../src-main/compose/engine";
import type { Engine } from "../../src-main/engine/engine";
import { openEngine } from "../../src-main/engine/open";
import type { Carrier, Clock } from "../../src-main/engine/ports";
import type { Store } from "../../src-main/store/store";
import { finish, taskOf } from "@shared/execution/perform";
import { chooser, samples } from "../execution/generate";
import { asRun, cases } from "../golden/cases";
import { type MemoryRun, runInMemory } from "../golden/memory-driver";
import { STRATEGIES, strategyRun } from "../golden/strategies";
import { freshFolder, freshStore } from "../store/folder";
import { chance, Conductor, NO_THREADS, scriptedOutcome, startRun } from "./conductor";

/** Carries out attempts as a script says, a moment later each. */
function scripted(run: MemoryRun): Carrier {
  return {
    ...NO_THREADS,
    carry: async (work) => {
      await new Promise((resolve) => setImmediate(resolve));
      return finish(taskOf(work), scriptedOutcome(run, work));
    },
  };
}

let count = 0;
/** Waits are over at once; no two moments are the same, so that execution ids differ though the seed does not. */
const counting = (): Clock => ({
  now: () => Date.now() + (count += 1),
  after: (_delay, fire) => {
    const timer = setImmediate(fire);
    return () => clearImmediate(timer);
  },
  random: chance,
});

interface Real {
  readonly engine: Engine;
  readonly store: Store;
  readonly id: string;
}

function begin(run: MemoryRun, store: Store): Real {
  const engine = engineOver(run, store);
  return { engine, store, id: startRun(engine, run, store.files) };
}

function engineOver(run: MemoryRun, store: Store): Engine {
  return openEngine({
    ...portsOf(store),
    carrier: scripted(run),
    clock: counting(),
    grouping: false,
    definitions: { resolve: async () => undefined },
  });
}

const journalOf = ({ store, id }: Real): Promise<readonly Entry[]> => store.reader.journal(id, 1, 1_000_000);

/** All but the first events: those differ in what a host adds to a start. */
function difference(memory: readonly Entry[], real: readonly Entry[]): string | undefined {
  return traceDifference(memory.slice(1), real.slice(1));
}

for (const one of cases()) {
  test(`golden on the real driver: ${one.name}`, async () => {
    const run = asRun(one);
    const memory = await runInMemory(run);
    const real = new Conductor({ ...run, ...(one.workflows === undefined ? {} : { workflows: one.workflows }) });
    const { entries, ended } = await real.run();
    expect(difference(memory.entries, entries)).toBeUndefined();
    expect(ended.status).toBe(memory.status);
    expect(modesOf(real.store)).toEqual(new Map([...memory.breakers].map(([id, { mode }]) => [id, mode])));
    await real.close();
  });
}

for (const strategy of STRATEGIES) {
  test(`every type of error on the real driver: ${strategy.name}`, async () => {
    const store = freshStore();
    for (const type of ERROR_TYPES) {
      const run = strategyRun(strategy, type);
      const memory = await runInMemory(run);
      const real = new Conductor(run, type, store);
      const { entries, ended } = await real.run();
      expect(difference(memory.entries, entries), type).toBeUndefined();
      expect(ended.status).toBe(memory.status);
      await real.close();
    }
  });
}

/** The states of the circuit breakers by component id, as the last outcome left them. */
function modesOf(store: Store): ReadonlyMap<string | undefined, string> {
  return new Map(store.breakers.list(0).map(({ component, state }) => [component, state]));
}

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
}, 240_000);

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
        const engine = engineOver(sample, store);
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
}, 240_000);
