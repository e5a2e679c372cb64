import { matches } from "../pattern";
import { fn, list, number, text, trouble, whole, type CelFunction, type Site } from "./call";

const method = { form: "method" } as const;

/** Where `[start, end)` lies in a text; throws when it is outside. */
function slice(value: string, start: number, end: number, site: Site): string {
  if (start < 0 || end < start || end > value.length)
    throw trouble("range", site, `has no characters ${start} to ${end} in a text of ${value.length}`);
  return value.slice(start, end);
}

function separators(parts: readonly unknown[], site: Site): number {
  return parts.reduce<number>((length, part) => {
    if (part === null || typeof part === "object")
      throw trouble("arguments", site, "joins texts, numbers and booleans");
    return length + String(part).length;
  }, 0);
}

/** Functions on text. Positions count UTF-16 units, as CEL's string extension does in JavaScript. */
export const textFunctions: readonly CelFunction[] = [
  fn(
    "contains(text, part) -> bool",
    "Whether the text contains `part`.",
    (a, _e, s) => text(a, 0, s).includes(text(a, 1, s)),
    method,
  ),
  fn(
    "startsWith(text, prefix) -> bool",
    "Whether the text starts with `prefix`.",
    (a, _e, s) => text(a, 0, s).startsWith(text(a, 1, s)),
    method,
  ),
  fn(
    "endsWith(text, suffix) -> bool",
    "Whether the text ends with `suffix`.",
    (a, _e, s) => text(a, 0, s).endsWith(text(a, 1, s)),
    method,
  ),
  fn(
    "matches(text, pattern) -> bool",
    "Whether the regular expression (RE2) is found in the text.",
    (a, e, s) => matches(text(a, 0, s), text(a, 1, s), e, s.at),
    { heavy: true },
  ),
  fn("lower(text) -> string", "The text in lower case.", (a, e, s) => cased(text(a, 0, s), "toLowerCase", e, s)),
  fn("upper(text) -> string", "The text in upper case.", (a, e, s) => cased(text(a, 0, s), "toUpperCase", e, s)),
  fn(
    "lowerAscii(text) -> string",
    "The text with A–Z in lower case.",
    (a, _e, s) => text(a, 0, s).replace(/[A-Z]+/g, (c) => c.toLowerCase()),
    method,
  ),
  fn(
    "upperAscii(text) -> string",
    "The text with a–z in upper case.",
    (a, _e, s) => text(a, 0, s).replace(/[a-z]+/g, (c) => c.toUpperCase()),
    method,
  ),
  fn("trim(text) -> string", "The text without white space at its ends.", (a, _e, s) => text(a, 0, s).trim()),
  fn(
    "split(text, separator, limit?) -> list",
    "The parts of the text between separators; with a limit the last part keeps the rest.",
    (a, e, s) => {
      e.charge(text(a, 0, s).length >> 2, s.at);
      const parts = text(a, 0, s).split(text(a, 1, s));
      e.charge(parts.length, s.at);
      const limit = whole(a, 2, s, -1);
      if (limit === 0) return [];
      return limit < 0 || parts.length <= limit
        ? parts
        : [...parts.slice(0, limit - 1), parts.slice(limit - 1).join(text(a, 1, s))];
    },
  ),
  fn("join(list, separator?) -> string", "The items as one text.", (a, e, s) => {
    const items = list(a, 0, e, s);
    const separator = a.length > 1 ? text(a, 1, s) : "";
    e.chargeText(separators(items, s) + separator.length * items.length, s.at);
    return items.map(String).join(separator);
  }),
  fn(
    "replace(text, search, by, limit?) -> string",
    "The text with every (or the first `limit`) `search` replaced.",
    (a, e, s) => {
      const value = text(a, 0, s);
      const search = text(a, 1, s);
      const by = text(a, 2, s);
      const limit = whole(a, 3, s, -1);
      e.charge(value.length >> 2, s.at);
      const parts = value.split(search);
      const most = limit < 0 ? parts.length - 1 : Math.min(limit, parts.length - 1);
      e.chargeText(value.length + most * by.length, s.at);
      return (
        parts.slice(0, most + 1).join(by) + (most < parts.length - 1 ? search + parts.slice(most + 1).join(search) : "")
      );
    },
  ),
  fn(
    "indexOf(text, part, from?) -> int",
    "The position of the first `part`, or -1.",
    (a, _e, s) => BigInt(text(a, 0, s).indexOf(text(a, 1, s), whole(a, 2, s, 0))),
    method,
  ),
  fn(
    "lastIndexOf(text, part, from?) -> int",
    "The position of the last `part`, or -1.",
    (a, _e, s) => BigInt(text(a, 0, s).lastIndexOf(text(a, 1, s), whole(a, 2, s, Infinity))),
    method,
  ),
  fn(
    "substring(text, start, end?) -> string",
    "The characters from `start` up to `end`.",
    (a, _e, s) => slice(text(a, 0, s), whole(a, 1, s), whole(a, 2, s, text(a, 0, s).length), s),
    method,
  ),
  fn(
    "charAt(text, position) -> string",
    "The character at a position.",
    (a, _e, s) => slice(text(a, 0, s), whole(a, 1, s), whole(a, 1, s) + 1, s),
    method,
  ),
  fn("pad_start(text, length, fill) -> string", "The text made `length` long by putting `fill` before it.", (a, e, s) =>
    padded(a, "padStart", e, s),
  ),
  fn("pad_end(text, length, fill) -> string", "The text made `length` long by putting `fill` after it.", (a, e, s) =>
    padded(a, "padEnd", e, s),
  ),
];

function cased(
  value: string,
  how: "toLowerCase" | "toUpperCase",
  e: Parameters<CelFunction["run"]>[1],
  site: Site,
): string {
  e.chargeText(value.length, site.at);
  return value[how]();
}

function padded(
  a: readonly unknown[],
  how: "padStart" | "padEnd",
  e: Parameters<CelFunction["run"]>[1],
  site: Site,
): string {
  const value = a[0];
  const shown = typeof value === "number" || typeof value === "bigint" ? String(number(a, 0, site)) : text(a, 0, site);
  const length = whole(a, 1, site);
  e.chargeText(length, site.at);
  return shown[how](length, text(a, 2, site));
}
