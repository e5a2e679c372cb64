import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry } from "@shared/execution/event";
import { fold, planOf } from "@shared/execution/replay";
import { Lanes } from "../../src-renderer/debugger/lanes";
import { drawnMarks, rulerText } from "../../src-renderer/debugger/drawn";
import { axisOf } from "../../src-renderer/debugger/scale";
import { heldMs } from "../../src-renderer/debugger/held-time";
import { journalOf } from "./journal";

const NAMES = ["nested", "retries", "parallel-failure", "loop-failures", "handler-takes-over"];

function lanesOf(entries: readonly Entry[], cuts: readonly number[] = []) {
  const plan = planOf(entries[0]);
  if (!plan.ok) throw new Error("not a journal");
  const lanes = new Lanes(plan.value);
  for (const cut of [...cuts.toSorted((a, b) => a - b), entries.length]) {
    const part = entries.slice(0, cut);
    const state = fold(plan.value, undefined, part);
    if (state) lanes.take(part, state);
  }
  const state = fold(plan.value, undefined, entries);
  if (!state) throw new Error("no state");
  return lanes.take(entries, state);
}

describe("the timeline", () => {
  it("has a bar for every attempt, ended where the attempt ended", () => {
    for (const name of NAMES) {
      const entries = journalOf(name);
      const bars = lanesOf(entries)
        .flatMap((row) => row.bars)
        .filter((bar) => bar.kind !== "backoff");
      const started = entries.filter(({ event }) => event.kind === "attempt-started");
      for (const { seq } of started) expect(bars.filter((bar) => bar.fromSeq === seq)).toHaveLength(1);
      for (const bar of bars) {
        expect(bar.toSeq, `${name} ${bar.path}`).toBeGreaterThanOrEqual(bar.fromSeq);
        expect(bar.outcome).toBeDefined();
      }
    }
  });

  it("shows nothing over anything else", () => {
    for (const name of NAMES)
      for (const { bars } of lanesOf(journalOf(name)))
        for (const [at, bar] of bars.entries()) expect(bar.fromSeq).toBeGreaterThanOrEqual(bars[at - 1]?.toSeq ?? 0);
  });

  it("puts a branch below the lane of its parallel, and all rounds of a loop into one", () => {
    const lanes = new Set(lanesOf(journalOf("nested")).map((row) => row.lane));
    expect([...lanes]).toEqual(expect.arrayContaining(["", "outer", "outer/both/left/inner", "outer/both/right"]));
    expect([...lanes].some((lane) => /\d/.test(lane))).toBe(false);
  });

  it("does not depend on how many entries come at a time", () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.array(fc.nat(200), { maxLength: 6 }), (name, cuts) => {
        const entries = journalOf(name);
        const ends = (rows: ReturnType<typeof lanesOf>) =>
          rows
            .flatMap((row) => row.bars)
            .map((bar) => `${bar.path} ${bar.kind} ${bar.fromSeq} ${bar.toSeq} ${bar.outcome}`)
            .toSorted();
        expect(
          ends(
            lanesOf(
              entries,
              cuts.filter((cut) => cut > 0),
            ),
          ),
        ).toEqual(ends(lanesOf(entries)));
      }),
      { numRuns: 60 },
    );
  });
});

describe("an axis", () => {
  it("leads from every event to a place and back to the last event of that moment", () => {
    for (const kind of ["time", "events"] as const) {
      const entries = journalOf("retries");
      const axis = axisOf(kind, entries, undefined);
      for (const { seq, event } of entries) {
        const back = entries[axis.seqAt(axis.of(event.at, seq) + 1e-9) - 1];
        expect(kind === "events" ? back?.seq : back?.event.at).toBe(kind === "events" ? seq : event.at);
      }
    }
  });

  it("has marks at round numbers, not more than asked for", () => {
    const axis = axisOf("time", journalOf("retries"), undefined);
    const marks = axis.marks(8);
    expect(marks.length).toBeLessThanOrEqual(9);
    expect(marks[0]).toEqual({ place: 0, value: 0 });
    for (const { value } of marks.slice(1)) expect(Number(value.toPrecision(2))).toBe(value);
  });

  it.each([
    [62 * 60_000, 8, ["0", "10 min", "20 min"]],
    [5 * 3_600_000, 8, ["0", "1 h", "2 h"]],
    [3 * 3_600_000, 8, ["0", "30 min", "1 h", "1 h 30 min"]],
    [90_000, 8, ["0", "15 s", "30 s", "45 s", "1 min", "1 min 15 s"]],
    [40 * 86_400_000, 8, ["0", "10 d", "20 d"]],
  ])("has marks at a clock's parts: %s ms", (span, most, expected) => {
    const [first, ...rest] = journalOf("retries");
    const axis = axisOf("time", [first!, ...rest], first!.event.at + span);
    const texts = axis.marks(most).map(({ value }) => rulerText(value, "time"));
    expect(texts.slice(0, expected.length)).toEqual(expected);
  });
});

describe("the ruler", () => {
  const axis = (span: number) => {
    const [first] = journalOf("retries");
    return axisOf("time", [first!], first!.event.at + span);
  };
  const boxes = (marks: ReturnType<typeof drawnMarks>) =>
    marks.flatMap(({ label }) => (label ? [{ from: label.left, to: label.left + label.text.length * 7.3 }] : []));

  it.each([400, 700, 1000, 1600])(
    "writes nothing under the playhead, over another, or out of sight at %s px",
    (width) => {
      for (const span of [900, 60_000, 3_600_000, 86_400_000])
        for (let head = 0; head <= width; head += 7) {
          const drawn = boxes(drawnMarks(axis(span), width, head));
          drawn.forEach(({ from, to }, index) => {
            expect(from < head ? to <= head : true).toBe(true);
            expect(to).toBeLessThanOrEqual(width);
            expect(from).toBeGreaterThanOrEqual(drawn[index - 1]?.to ?? 0);
          });
        }
    },
  );

  it("keeps the label of the mark at the playhead, beside it", () => {
    const width = 1000;
    const head = width / 1.06;
    const last = drawnMarks(axis(86_400_000), width, head).at(-1);
    expect(last?.label?.text).toBe("1 d");
    expect(last!.left).toBeCloseTo(head);
    expect(last!.label!.left + 3 * 7.3).toBeCloseTo(head - 9);
  });
});

describe("the time held", () => {
  it("counts what was held at the same time once", () => {
    const hold = (from: number, to?: number) => ({
      path: `p${from}`,
      reason: "pause" as const,
      from,
      ...(to ? { to } : {}),
    });
    expect(heldMs([], 100)).toBe(0);
    expect(heldMs([hold(10, 30), hold(20, 40)], 100)).toBe(30);
    expect(heldMs([hold(10, 20), hold(50)], 80)).toBe(40);
    expect(heldMs([hold(10)], 5)).toBe(0);
  });
});
