import fc from "fast-check";
import { expect, test } from "vitest";
import { advance, start, type Step } from "@shared/execution/advance";
import type { Entry } from "@shared/execution/event";
import { pendingEffects } from "@shared/execution/pending";
import { componentAt } from "@shared/execution/read";
import { fold, replay } from "@shared/execution/replay";
import { fromSnapshot, snapshotText } from "@shared/execution/snapshot";
import { isSettled } from "@shared/execution/status";
import { traceDifference } from "@shared/execution/trace";
import { runInMemory } from "../golden/memory-driver";
import { chooser, type Sample, samples } from "./generate";

/** The promises of the design, on this many graphs. */
const RUNS = 1_000;
const SOME = 300;

const run = (sample: Sample, more: Partial<Parameters<typeof runInMemory>[0]> = {}) =>
  runInMemory({ ...sample, ...more });

test("every execution ends, whatever comes first", async () => {
  await fc.assert(
    fc.asyncProperty(samples({ racy: true, undoes: true }), async (sample) => {
      const { state } = await run(sample, { pick: chooser(`pick/${sample.seed}`) });
      expect(isSettled(state?.status ?? "pending")).toBe(true);
    }),
    { numRuns: SOME },
  );
});

test("a held execution equals a free one", async () => {
  await fc.assert(
    fc.asyncProperty(samples({ racy: false, undoes: true }), async (sample) => {
      const free = await run(sample);
      const holding = chooser(`hold/${sample.seed}`);
      const held = await run(sample, { pick: chooser(`pick/${sample.seed}`), holds: () => holding(2) === 0 });
      expect(traceDifference(free.entries, held.entries)).toBeUndefined();
      expect(held.output).toEqual(free.output);
      expect(held.status).toBe(free.status);
    }),
    { numRuns: RUNS },
  );
});

test("replay gives the live state", async () => {
  await fc.assert(
    fc.asyncProperty(samples({ racy: true, undoes: true }), async (sample) => {
      const live = await run(sample, { pick: chooser(`pick/${sample.seed}`) });
      const replayed = replay(live.entries);
      expect(replayed.ok && replayed.value.state).toEqual(live.state);
      expect(replayed.ok && replayed.value.pending).toEqual([]);
    }),
    { numRuns: SOME },
  );
});

test("a snapshot and the tail make the whole fold", async () => {
  await fc.assert(
    fc.asyncProperty(samples({ racy: true, undoes: true }), async (sample) => {
      const live = await run(sample, { pick: chooser(`pick/${sample.seed}`) });
      const cut = 1 + chooser(`cut/${sample.seed}`)(live.entries.length);
      const head = fold(live.plan, undefined, live.entries.slice(0, cut));
      const restored = fromSnapshot(snapshotText(head as NonNullable<typeof head>));
      expect(restored.ok && fold(live.plan, restored.value, live.entries.slice(cut))).toEqual(live.state);
    }),
    { numRuns: SOME },
  );
});

test("grouping changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(samples({ racy: false, undoes: true }), async (sample) => {
      const alone = await run(sample);
      const grouped = await run(sample, { grouping: true, pick: chooser(`pick/${sample.seed}`) });
      expect(traceDifference(alone.entries, grouped.entries)).toBeUndefined();
      const wide = await run(sample, { grouping: "wide", pick: chooser(`pick/${sample.seed}`) });
      expect(traceDifference(alone.entries, wide.entries)).toBeUndefined();
    }),
    { numRuns: RUNS },
  );
});

test("a host that dies and another that takes over change nothing", async () => {
  await fc.assert(
    fc.asyncProperty(samples({ racy: false, undoes: true }), async (sample) => {
      const whole = await run(sample);
      const choose = chooser(`kill/${sample.seed}`);
      const kills = Array.from({ length: 5 }, () => 1 + choose(whole.entries.length));
      const killed = await run(sample, { kills });
      expect(traceDifference(whole.entries, killed.entries)).toBeUndefined();
    }),
    { numRuns: SOME },
  );
});

test("no attempt is asked for twice, and none without its preparation", async () => {
  await fc.assert(
    fc.asyncProperty(samples({ racy: true, undoes: true }), async (sample) => {
      const asked = new Set<string>();
      const onEvent = ({ effects }: Step): void => {
        for (const effect of effects) {
          if (effect.kind !== "attempt") continue;
          const name = `${effect.path}#${effect.attempt}`;
          expect(asked.has(name)).toBe(false);
          asked.add(name);
        }
      };
      const { carried } = await run(sample, { pick: chooser(`pick/${sample.seed}`), onEvent });
      expect(new Set(carried).size).toBe(carried.length);
    }),
    { numRuns: SOME },
  );
});

test("what is pending is what was asked for and not answered", async () => {
  await fc.assert(
    fc.asyncProperty(samples({ racy: true, undoes: true }), async (sample) => {
      const live = await run(sample, { pick: chooser(`pick/${sample.seed}`) });
      const [first, ...rest] = live.entries as [Entry, ...Entry[]];
      if (first.event.kind !== "execution-started") throw new Error("no start");
      let step = start(live.plan, first.event);
      for (const { event } of rest) {
        const pending = pendingEffects(live.plan, step.state).map(named);
        for (const effect of step.effects) {
          if (effect.kind !== "abort" && effect.kind !== "clear-timer") expect(pending).toContain(named(effect));
        }
        step = advance(live.plan, step.state, event);
      }
    }),
    { numRuns: SOME },
  );
});

test("a cancel at any moment ends the execution with nothing left open", async () => {
  await fc.assert(
    fc.asyncProperty(samples({ racy: true, undoes: true }), async (sample) => {
      const whole = await run(sample);
      const cancelAfter = 1 + chooser(`cancel/${sample.seed}`)(whole.entries.length);
      const { state, entries } = await run(sample, { cancelAfter });
      expect(isSettled(state?.status ?? "pending")).toBe(true);
      const at = entries.findIndex(({ event }) => event.kind === "cancel-requested");
      if (at < 0) return;
      const starts = entries.slice(at).flatMap(({ event }) => (event.kind === "attempt-started" ? [event.path] : []));
      expect(starts.filter((path) => !path.includes("~"))).toEqual([]);
    }),
    { numRuns: SOME },
  );
});

test("what was done is undone, each once, the latest first", async () => {
  await fc.assert(
    fc.asyncProperty(samples({ racy: true, undoes: true }), async (sample) => {
      const { state, entries, plan } = await run(sample, { pick: chooser(`pick/${sample.seed}`) });
      const steps = state?.undoing?.steps.filter(({ of }) => of !== undefined) ?? [];
      const isStopped = state?.status === "failed";
      if (!isStopped) expect(steps).toEqual([]);
      expect(new Set(steps.map(({ path }) => path)).size).toBe(steps.length);
      const settled = entries.flatMap(({ event }) => (event.kind === "attempt-completed" ? [event.path] : []));
      // Every completed component that has an entry is among them, and nothing of one that never began.
      const begun = new Set(entries.flatMap(({ event }) => (event.kind === "attempt-started" ? [event.path] : [])));
      for (const { of } of steps) expect(begun.has(of as string)).toBe(true);
      const owed = settled.filter((path) => plan.undo.nodes.has(`${path.slice(path.lastIndexOf("/") + 1)}~undo`));
      if (isStopped) expect(owed.filter((path) => !steps.some(({ of }) => of === path))).toEqual([]);
      const places = steps.map(({ of }) => settled.indexOf(of as string)).filter((place) => place >= 0);
      expect(places).toEqual([...places].sort((a, b) => b - a));
      for (const { of, slot } of steps) {
        const undone = componentAt(plan, state as NonNullable<typeof state>, of as string);
        expect(undone?.state.status === "compensated").toBe(slot.status === "completed");
      }
    }),
    { numRuns: RUNS },
  );
});

function named(effect: object): string {
  return JSON.stringify(Object.entries(effect).sort(([a], [b]) => (a < b ? -1 : 1)));
}
