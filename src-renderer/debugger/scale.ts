import type { Entry } from "@shared/execution/event";

/** What the timeline is laid out by: the clock, or one step an event, where a wait would hide everything else. */
export type AxisKind = "time" | "events";

/** Where a moment stands on the timeline: 0 at its beginning, 1 at its end. */
export interface Axis {
  readonly kind: AxisKind;
  of(at: number, seq: number): number;
  /** How many entries have been written at `place`. */
  seqAt(place: number): number;
  /** Marks of the ruler: at most about `most` of them. */
  marks(most: number): readonly { readonly place: number; readonly value: number }[];
}

/** The axis over `entries`; while the execution runs it reaches to `now`. */
export function axisOf(kind: AxisKind, entries: readonly Entry[], now: number | undefined): Axis {
  return kind === "time" ? timeAxis(entries, now) : eventAxis(entries.length);
}

function timeAxis(entries: readonly Entry[], now: number | undefined): Axis {
  const from = entries[0]?.event.at ?? 0;
  const to = Math.max(entries.at(-1)?.event.at ?? from, now ?? 0);
  // Room behind the present, so that the playhead does not stand at the edge.
  const span = Math.max(1, to - from) * 1.06;
  return {
    kind: "time",
    of: (at) => (at - from) / span,
    seqAt: (place) => countUntil(entries, from + place * span),
    marks: (most) => {
      const step = clockStep(span / Math.max(1, most));
      return Array.from({ length: Math.floor(span / step) + 1 }, (_, at) => ({
        place: (at * step) / span,
        value: at * step,
      }));
    },
  };
}

function eventAxis(count: number): Axis {
  const span = Math.max(1, count) * 1.03;
  return {
    kind: "events",
    of: (_at, seq) => seq / span,
    seqAt: (place) => Math.max(1, Math.min(count, Math.round(place * span))),
    marks: (most) => {
      const step = Math.max(1, niceStep(span / Math.max(1, most)));
      return Array.from({ length: Math.floor(count / step) + 1 }, (_, at) => ({
        place: (at * step) / span,
        value: at * step,
      }));
    },
  };
}

/** How many entries were written until `at`; at least the first. */
function countUntil(entries: readonly Entry[], at: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle] as Entry).event.at <= at) low = middle + 1;
    else high = middle;
  }
  return Math.max(1, low);
}

/** 1, 2 or 5 times a power of ten, at least `wanted`. */
function niceStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(wanted, 1e-9)));
  const factor = [1, 2, 5, 10].find((one) => one * power >= wanted) ?? 10;
  return factor * power;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** What a clock's face is divided by, beyond ten seconds. */
const CLOCK_STEPS = [
  ...[10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  DAY,
];

/** A step that reads well on a ruler of time, at least `wanted` milliseconds. */
function clockStep(wanted: number): number {
  if (wanted <= 5 * SECOND) return niceStep(wanted);
  return CLOCK_STEPS.find((step) => step >= wanted) ?? niceStep(wanted / DAY) * DAY;
}
