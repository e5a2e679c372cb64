import type { Json } from "./json";
import type { AtMs, Ms } from "./units";

const UNITS: { readonly [unit: string]: Ms } = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const PARTS = /(\d+(?:\.\d+)?)\s*(ms|min|s|m|h|d|w)/gy;
const ISO = /^P(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$/;
const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * A duration as definitions write it: a number of seconds, `90s`, `1h30m`, `2d`, `500ms`, or ISO 8601 (`PT5M`, `P1DT2H`).
 *
 * @returns undefined for anything else; months and years have no fixed length and are nothing either.
 */
export function durationOf(written: Json | undefined): Ms | undefined {
  if (typeof written === "number") return Number.isFinite(written) && written >= 0 ? written * 1000 : undefined;
  if (typeof written !== "string") return undefined;
  const text = written.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  return text.startsWith("P") ? isoDuration(text) : unitsDuration(text);
}

function unitsDuration(text: string): Ms | undefined {
  let sum: Ms = 0;
  let at = 0;
  while (at < text.length) {
    PARTS.lastIndex = at;
    const found = PARTS.exec(text);
    if (found === null) return undefined;
    sum += Number(found[1]) * (UNITS[found[2] as string] as Ms);
    at = PARTS.lastIndex;
    while (text[at] === " ") at += 1;
  }
  return text === "" ? undefined : sum;
}

function isoDuration(text: string): Ms | undefined {
  const found = ISO.exec(text);
  if (found === null || text === "P" || text.endsWith("T")) return undefined;
  const [, weeks, days, hours, minutes, seconds] = found;
  const sum = [
    [weeks, "w"],
    [days, "d"],
    [hours, "h"],
    [minutes, "m"],
    [seconds, "s"],
  ].reduce((so, [count, unit]) => so + Number(count ?? 0) * (UNITS[unit as string] as Ms), 0);
  return Number.isFinite(sum) ? sum : undefined;
}

/**
 * A moment in ISO 8601: `2026-03-01T06:00:00Z`, `2026-03-01T06:00+03:00`, `2026-03-01`. Without an offset it is UTC, so that it
 * means the same on every machine.
 *
 * @returns undefined for anything else.
 */
export function momentOf(written: Json | undefined): AtMs | undefined {
  if (typeof written !== "string") return undefined;
  const found = MOMENT.exec(written.trim());
  if (found === null) return undefined;
  const [, day, time = "00:00", zone = "Z"] = found;
  const offset = /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const at = Date.parse(`${day}T${time}${offset}`);
  return Number.isNaN(at) ? undefined : at;
}

/** A duration in a few words: `500 ms`, `90 s`, `5 min`, `2 h`, `3 d`; the largest unit that leaves no rest below it. */
export function durationText(ms: Ms): string {
  if (ms < 1000) return `${ms} ms`;
  const units = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["min", 60_000],
  ] as const;
  const fitting = units.find(([, size]) => ms >= size && ms % size === 0);
  return fitting === undefined ? `${ms / 1000} s` : `${ms / fitting[1]} ${fitting[0]}`;
}
