import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry } from "@shared/execution/event";
import { fold, planOf } from "@shared/execution/replay";
import { Moments } from "../../src-renderer/state/moments";
import { nextStep, previousStep } from "../../src-renderer/state/steps";
import { journalOf } from "../debugger/journal";

describe("moments", () => {
  it("are the folds of shorter journals, in whatever order they are asked for", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("nested", "retries", "loop-failures"),
        fc.array(fc.nat(400), { maxLength: 20 }),
        (name, asked) => {
          const entries = long(journalOf(name));
          const plan = planOf(entries[0]);
          if (!plan.ok) throw new Error(name);
          const moments = new Moments(plan.value);
          for (const count of asked)
            expect(moments.at(entries, count)).toEqual(
              fold(plan.value, undefined, entries.slice(0, Math.min(count, entries.length))),
            );
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** The same journal with many more lines logged, so that states are kept on the way. */
function long(entries: readonly Entry[]): readonly Entry[] {
  const [first, ...rest] = entries;
  if (!first) return entries;
  const at = first.event.at;
  const path =
    rest.map(({ event }) => ("path" in event ? event.path : undefined)).find((one) => one !== undefined) ?? "";
  const lines = Array.from({ length: 300 }, (): Entry["event"] => ({
    kind: "log-written",
    at,
    path,
    lines: [{ level: "info", message: "again" }],
  }));
  return [first.event, ...lines, ...rest.map(({ event }) => event)].map((event, index) => ({ seq: index + 1, event }));
}

describe("steps", () => {
  it("go back the way they went on", () => {
    const entries = journalOf("nested");
    const there: number[] = [];
    for (let at = 1; at < entries.length; at = nextStep(entries, at)) there.push(at);
    const back: number[] = [];
    for (let at = entries.length; at > 1;) back.push((at = previousStep(entries, at)));
    expect(back.toReversed()).toEqual(there);
  });
});
