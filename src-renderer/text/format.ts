const DAY = 86_400_000;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** `1,204`. */
export function countText(count: number): string {
  return count.toLocaleString("en");
}

/** `3 workflows`, `1 workflow`. */
export function amount(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** `840 ms`, `1.24 s`, `30.0 s`, `2 min 10 s`, `3 h 5 min`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
}

/** A time to come, coarsely and rounded up, so that it never says less than there is: `12 s`, `4 min`, `2 h`, `3 d`. */
export function remainingText(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.ceil(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.ceil(hours / 24)} d`;
}

/** A time that has passed, coarsely: `12 s`, `4 min`, `2 h`, `3 d`. */
export function agoText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} d ago`;
}

/** `412 B`, `14 kB`, `1.2 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = -1;
  do {
    size /= 1000;
    unit++;
  } while (size >= 999.5 && unit < units.length - 1);
  return `${size < 10 && unit > 0 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

/** `14:02`. */
export function clockText(at: number): string {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `14:02:07`. */
export function clockSecondsText(at: number): string {
  return `${clockText(at)}:${two(new Date(at).getSeconds())}`;
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** Days between the local days of two moments. */
function daysBetween(at: number, now: number): number {
  return Math.round((startOfDay(now) - startOfDay(at)) / DAY);
}

/** The day: `today`, `yesterday`, `Mon 9 Feb`, `3 Feb`, `3 Feb 2024`. */
export function dayText(at: number, now: number): string {
  const days = daysBetween(at, now);
  const date = new Date(at);
  if (days === 0) return "today";
  if (days === 1) return "yesterday";
  const day = `${date.getDate()} ${months[date.getMonth()]}`;
  if (days > 0 && days < 14) return `${weekdays[date.getDay()]} ${day}`;
  return date.getFullYear() === new Date(now).getFullYear() ? day : `${day} ${date.getFullYear()}`;
}

/** Day, and the time when it is near: `today 14:06`, `yesterday`, `3 Feb`. */
export function whenText(at: number, now: number): string {
  return daysBetween(at, now) === 0 ? `today ${clockText(at)}` : dayText(at, now);
}

/** As short as can be: `14:02` today, `Mon 06:00` this week, `8 Feb` before. */
export function shortWhenText(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days === 0) return clockText(at);
  if (days > 0 && days < 7) return `${weekdays[new Date(at).getDay()]} ${clockText(at)}`;
  return dayText(at, now);
}

/** A moment to come: `06:00` today, `Tue 06:00` this week, `8 Dec` later. */
export function untilText(at: number, now: number): string {
  const days = -daysBetween(at, now);
  if (days <= 0) return clockText(at);
  return days < 7 ? `${weekdays[new Date(at).getDay()]} ${clockText(at)}` : dayText(at, now);
}

/** Day and time always: `today 14:02`, `3 Feb 02:00`. */
export function momentText(at: number, now: number): string {
  return `${dayText(at, now)} ${clockText(at)}`;
}

/**
 * A moment by the clocks of a time zone, this machine's unless said: `Sun 29 Mar 03:00`, with seconds where it has any. With
 * `offset` it says how far from UTC they are: `Sun 29 Mar 03:00 GMT+2`.
 */
export function zonedText(at: number, timeZone?: string, offset = false): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    ...(at % 60_000 === 0 ? {} : { second: "2-digit" }),
    ...(offset ? { timeZoneName: "shortOffset" } : {}),
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  return parts.format(at).replaceAll(",", "");
}
