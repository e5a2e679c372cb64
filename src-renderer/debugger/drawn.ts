import type { Entry } from "@shared/execution/event";
import { UNDO } from "@shared/execution/undo-plan";
import type { HoldSeen } from "../state/session.svelte";
import { durationText } from "../text/format";
import type { GlyphState } from "../ui/glyph-state";
import type { Bar, Row } from "./lanes";
import type { Axis, AxisKind } from "./scale";

/** A bar with its place in pixels. `held`: a stretch in which the gate held its component. */
export interface DrawnBar {
  readonly bar: Bar;
  readonly left: number;
  readonly width: number;
  readonly held?: { readonly ms: number };
}

interface Canvas {
  readonly axis: Axis;
  readonly width: number;
  /** The pixels in sight, with some around. */
  readonly window: { readonly from: number; readonly to: number };
  /** Where what goes on reaches to. */
  readonly end: { readonly at: number; readonly seq: number };
  readonly holds: readonly HoldSeen[];
}

/** Narrower than this a bar could not be hit. */
const LEAST = 3;

/** The bars of a row that are in sight; those that would cover one another are drawn once, failures always. */
export function drawnBars(row: Row, canvas: Canvas): readonly DrawnBar[] {
  const { axis, width, window, end } = canvas;
  const drawn: DrawnBar[] = [];
  let last = -Infinity;
  for (const bar of row.bars) {
    const left = axis.of(bar.from, bar.fromSeq) * width;
    const right = axis.of(bar.to ?? end.at, bar.toSeq ?? end.seq) * width;
    if (right < window.from || left > window.to) continue;
    const wide = Math.max(LEAST, right - left - 1);
    if (left + wide <= last + 1 && bar.outcome !== "failed") continue;
    last = left + wide;
    drawn.push({ bar, left, width: wide });
  }
  return [...drawn, ...heldBars(row, canvas)];
}

/** A hold lies before its attempt: from the moment it was held to the moment it went on. */
function heldBars(row: Row, { axis, width, window, end, holds }: Canvas): readonly DrawnBar[] {
  return holds.flatMap((hold) => {
    const attempt = row.bars.find(
      (bar) => bar.path === hold.path && bar.kind !== "backoff" && bar.from >= hold.from - 1,
    );
    const isHere =
      attempt !== undefined || (hold.to === undefined && laneOf(hold.path) === row.lane && row.key.endsWith("#0"));
    if (!isHere) return [];
    const seq = attempt?.fromSeq ?? end.seq;
    const left = axis.of(hold.from, Math.max(1, seq - 1)) * width;
    const right = axis.of(hold.to ?? end.at, seq) * width;
    if (right < window.from || left > window.to) return [];
    const bar: Bar = {
      kind: "held",
      path: hold.path,
      id: hold.path.slice(hold.path.lastIndexOf("/") + 1),
      from: hold.from,
      fromSeq: seq,
      attempt: 1,
    };
    return [
      {
        bar,
        left,
        width: Math.max(LEAST, right - left - 1),
        held: { ms: Math.max(0, (hold.to ?? end.at) - hold.from) },
      },
    ];
  });
}

/** The lane of a path, as lanes name it: round numbers left out. */
function laneOf(path: string): string {
  if (path.slice(path.lastIndexOf("/") + 1).includes("~")) return UNDO;
  return path
    .split("/")
    .slice(0, -1)
    .filter((part) => !/^\d+$/.test(part))
    .join("/");
}

/** Where the ruler shows an event: at most one mark every three pixels. */
export function drawnTicks(entries: readonly Entry[], axis: Axis, width: number): readonly number[] {
  const ticks: number[] = [];
  let last = -Infinity;
  for (const { seq, event } of entries) {
    const left = Math.round(axis.of(event.at, seq) * width);
    if (left < last + 3) continue;
    ticks.push(left);
    last = left;
  }
  return ticks;
}

/** A mark of the ruler as it is drawn. */
export interface DrawnMark {
  readonly value: number;
  /** Where the mark stands. */
  readonly left: number;
  /** What is written at it, and where that begins; absent where there is no room. */
  readonly label?: { readonly left: number; readonly text: string };
}

/** How wide a letter of the ruler is. */
const LETTER = 7.3;
/** The playhead's tip reaches this far to either side. */
const TIP = 9;
const BETWEEN_LABELS = 6;

/** The ruler's marks: each label is centred on its mark, beside the playhead where it would stand under it. */
export function drawnMarks(axis: Axis, width: number, head: number): readonly DrawnMark[] {
  let end = -Infinity;
  return axis.marks(width / 110).map(({ value, place }) => {
    const left = place * width;
    const text = rulerText(value, axis.kind);
    const wide = text.length * LETTER;
    const centred = place === 0 ? 4 : left - wide / 2;
    const isUnder = centred < head + TIP && centred + wide > head - TIP;
    const before = head - TIP - wide;
    const from = !isUnder ? centred : left <= head + 0.5 && before >= 0 ? before : head + TIP;
    if (from < end + BETWEEN_LABELS || from + wide > width) return { value, left };
    end = from + wide;
    return { value, left, label: { left: from, text } };
  });
}

/** A mark of the ruler: `0`, `200 ms`, `3 s`, or an event's number. */
export function rulerText(value: number, kind: AxisKind): string {
  if (kind === "events" || value === 0) return String(Math.round(value));
  if (value >= 1000 && value < 60_000) return `${Number((value / 1000).toFixed(1))} s`;
  // The ruler stands at whole parts: those that are nothing are left out.
  return durationText(value).replace(/ 0 \w+$/, "");
}

/** What a lane has come to after `seq` entries: held, running, failed, completed. */
export function stateOfLane(row: Row, holds: readonly HoldSeen[], seq: number, isPast: boolean): GlyphState {
  if (
    !isPast &&
    row.key.endsWith("#0") &&
    holds.some((hold) => hold.to === undefined && laneOf(hold.path) === row.lane)
  )
    return "held";
  const isOpen = (bar: Bar): boolean => bar.toSeq === undefined || bar.toSeq > seq;
  let at = begun(row.bars, seq) - 1;
  const pause = row.bars[at];
  if (pause?.kind === "backoff" && isOpen(pause)) return "waiting";
  while (row.bars[at]?.kind === "backoff") at--;
  const last = row.bars[at];
  if (!last) return "pending";
  if (isOpen(last)) return last.waits === true ? "waiting" : "running";
  return row.lane === UNDO && last.outcome === "completed" ? "compensated" : (last.outcome ?? "running");
}

/** How many of the bars had begun after `seq` entries. */
function begun(bars: readonly Bar[], seq: number): number {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bars[middle] as Bar).fromSeq <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
