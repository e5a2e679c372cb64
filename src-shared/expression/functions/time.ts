import { Duration, Timestamp } from "../kinds";
import { checkedTime } from "../operators";
import { fn, text, time, trouble, type CelFunction, type Site } from "./call";

const UNITS: { readonly [unit: string]: number } = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};
const ISO = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)?)?$/;

/** `1h30m`, `500ms`, `-2.5s`, `7d`. */
function parseDuration(value: string, site: Site): Duration {
  const match = /^([+-]?)((?:\d+(?:\.\d+)?(?:ms|us|µs|ns|d|h|m|s))+)$/.exec(value);
  if (match === null && value !== "0")
    throw trouble("conversion", site, `cannot read "${value}"; write 1h30m, 45s or 7d`);
  let ms = 0;
  for (const [, amount = "0", unit = "s"] of (match?.[2] ?? "").matchAll(/(\d+(?:\.\d+)?)(ms|us|µs|ns|d|h|m|s)/g))
    ms += Number(amount) * (UNITS[unit] ?? 0);
  return checkedTime(new Duration(match?.[1] === "-" ? -ms : ms), site.at);
}

function parseTimestamp(value: unknown, site: Site): Timestamp {
  if (value instanceof Timestamp) return value;
  if (typeof value === "number" || typeof value === "bigint")
    return checkedTime(new Timestamp(Number(value) * 1000), site.at);
  if (typeof value === "string" && ISO.test(value)) {
    // Without a zone a time is UTC: what a host's own zone is must not change a result.
    const zoned = /(?:[Zz]|[+-]\d\d:?\d\d)$/.test(value.slice(10)) || value.length === 10 ? value : `${value}Z`;
    const ms = Date.parse(zoned.replace(" ", "T").toUpperCase());
    if (!Number.isNaN(ms)) return checkedTime(new Timestamp(ms), site.at);
  }
  throw trouble("conversion", site, "needs an ISO 8601 text such as 2026-03-01T08:00:00Z, or seconds since 1970");
}

/** The calendar fields of `at` in a zone: UTC, an IANA name, or an offset such as `+03:00`. */
function fieldsIn(at: Timestamp, zone: string | undefined, site: Site): Date {
  if (zone === undefined || zone === "UTC") return new Date(at.ms);
  const offset = /^([+-])?(\d\d):(\d\d)$/.exec(zone);
  if (offset !== null) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3]);
    return new Date(at.ms + (offset[1] === "-" ? -1 : 1) * minutes * 60_000);
  }
  const parts: { [type: string]: number } = {};
  for (const { type, value } of zoneFormat(zone, site).formatToParts(at.ms)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second, ((at.ms % 1000) + 1000) % 1000));
}

function zoneFormat(timeZone: string, site: Site): Intl.DateTimeFormat {
  const numeric = "numeric";
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
  } catch (error) {
    if (error instanceof RangeError) throw trouble("range", site, `knows no time zone "${timeZone}"`);
    throw error;
  }
}

function getter(name: string, help: string, read: (date: Date) => number, ofDuration?: number): CelFunction {
  return fn(
    `${name}(timestamp, zone?) -> int`,
    help,
    (a, e, s) => {
      const value = a[0];
      if (value instanceof Duration && ofDuration !== undefined) return BigInt(Math.trunc(value.ms / ofDuration));
      e.charge(10, s.at);
      return BigInt(read(fieldsIn(time(a, 0, s), a.length > 1 ? text(a, 1, s) : undefined, s)));
    },
    { form: "method" },
  );
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000);
}

/** Functions on timestamps and durations. Both also add, subtract and compare. */
export const timeFunctions: readonly CelFunction[] = [
  fn(
    "timestamp(value) -> timestamp",
    "A point in time from ISO 8601 text or seconds since 1970; without a zone it is UTC.",
    (a, _e, s) => parseTimestamp(a[0], s),
    { form: "call" },
  ),
  fn(
    "duration(text) -> duration",
    "A length of time from text such as 1h30m, 45s or 7d.",
    (a, _e, s) => (a[0] instanceof Duration ? a[0] : parseDuration(text(a, 0, s), s)),
    { form: "call" },
  ),
  getter("getFullYear", "The year.", (d) => d.getUTCFullYear()),
  getter("getMonth", "The month, from 0.", (d) => d.getUTCMonth()),
  getter("getDate", "The day of the month, from 1.", (d) => d.getUTCDate()),
  getter("getDayOfMonth", "The day of the month, from 0.", (d) => d.getUTCDate() - 1),
  getter("getDayOfWeek", "The day of the week; Sunday is 0.", (d) => d.getUTCDay()),
  getter("getDayOfYear", "The day of the year, from 0.", dayOfYear),
  getter("getHours", "The hour, or all hours of a duration.", (d) => d.getUTCHours(), 3_600_000),
  getter("getMinutes", "The minute, or all minutes of a duration.", (d) => d.getUTCMinutes(), 60_000),
  getter("getSeconds", "The second, or all seconds of a duration.", (d) => d.getUTCSeconds(), 1_000),
  getter("getMilliseconds", "The milliseconds, or all milliseconds of a duration.", (d) => d.getUTCMilliseconds(), 1),
];
