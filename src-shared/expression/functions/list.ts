import { copyOf, type Evaluation } from "../evaluation";
import { isMap, Optional, plainType } from "../kinds";
import { fn, list, object, text, trouble, whole, type CelFunction, type Site } from "./call";
import { groupItems, identity, sortItems } from "./order";

const heavy = { heavy: true } as const;
const method = { form: "method" } as const;

/** The field at the dotted `path` of each item; null where it is missing. */
function column(items: readonly unknown[], path: string, e: Evaluation, site: Site): readonly unknown[] {
  const steps = path.split(".");
  return items.map((item) => {
    e.charge(steps.length, site.at);
    let value: unknown = item;
    for (const step of steps) {
      const owner = e.take(value);
      if (owner !== null && !isMap(owner))
        throw trouble("arguments", site, `needs a list of objects, found ${plainType(owner)}`);
      value = owner !== null && Object.hasOwn(owner, step) ? (owner[step] ?? null) : null;
    }
    return e.take(value);
  });
}

function flat(items: readonly unknown[], depth: number, e: Evaluation, site: Site): readonly unknown[] {
  return items.flatMap((item) => {
    e.charge(1, site.at);
    return Array.isArray(item) ? (depth > 1 ? flat(item, depth - 1, e, site) : (item as unknown[])) : [item];
  });
}

function direction(args: readonly unknown[], site: Site): boolean {
  const word = args.length > 2 ? text(args, 2, site) : "asc";
  if (word !== "asc" && word !== "desc") throw trouble("arguments", site, 'takes "asc" or "desc" as its direction');
  return word === "desc";
}

function optional(args: readonly unknown[], site: Site): Optional {
  const value = args[0];
  if (value instanceof Optional) return value;
  throw trouble("arguments", site, `works on an optional, found ${plainType(value)}`);
}

function size(value: unknown, e: Evaluation, site: Site): bigint {
  if (typeof value === "string") {
    e.charge(1 + (value.length >> 6), site.at);
    let characters = value.length;
    for (let i = 1; i < value.length; i++) if (isPair(value, i)) characters--;
    return BigInt(characters);
  }
  if (Array.isArray(value) || value instanceof Uint8Array) return BigInt(value.length);
  if (isMap(value)) return BigInt(Object.keys(value).length);
  throw trouble("arguments", site, `works on text, lists and objects, found ${plainType(value)}`);
}

function isPair(value: string, i: number): boolean {
  return (value.charCodeAt(i) & 0xfc00) === 0xdc00 && (value.charCodeAt(i - 1) & 0xfc00) === 0xd800;
}

/** Functions on lists, objects and optionals. */
export const listFunctions: readonly CelFunction[] = [
  fn("size(value) -> int", "The number of characters, items or fields.", (a, e, s) => size(a[0], e, s), {
    shallow: true,
  }),
  fn(
    "distinct(list) -> list",
    "The list without repetitions; the first of equal items stays.",
    (a, e, s) => {
      const seen = new Set<string>();
      return list(a, 0, e, s).filter((item) => {
        const id = identity(item, e, s.at);
        return seen.has(id) ? false : seen.add(id);
      });
    },
    heavy,
  ),
  fn(
    "sort(list) -> list",
    "The list in ascending order.",
    (a, e, s) => sortItems(list(a, 0, e, s), list(a, 0, e, s), false, e, s.at),
    heavy,
  ),
  fn(
    "sort_by(list, field, direction?) -> list",
    'The objects ordered by a field, "asc" or "desc"; or `list.sort_by(x, x.total)`.',
    (a, e, s) => {
      const items = list(a, 0, e, s);
      return sortItems(items, column(items, text(a, 1, s), e, s), direction(a, s), e, s.at);
    },
    { heavy: true, shallow: true },
  ),
  fn(
    "group_by(list, field) -> map",
    "The objects by the value of a field; or `list.group_by(x, x.country)`.",
    (a, e, s) => {
      const items = list(a, 0, e, s);
      return groupItems(items, column(items, text(a, 1, s), e, s), e, s.at);
    },
    { heavy: true, shallow: true },
  ),
  fn(
    "flatten(list, depth?) -> list",
    "The items of the lists in a list, one level (or `depth`) deep.",
    (a, e, s) => flat(list(a, 0, e, s), Math.min(whole(a, 1, s, 1), 100), e, s),
    heavy,
  ),
  fn(
    "reverse(list) -> list",
    "The list (or text) from its end.",
    (a, e, s) => (typeof a[0] === "string" ? [...text(a, 0, s)].reverse().join("") : [...list(a, 0, e, s)].reverse()),
    { heavy: true, shallow: true },
  ),
  fn(
    "slice(list, start, end?) -> list",
    "The items from `start` up to `end`.",
    (a, e, s) => list(a, 0, e, s).slice(whole(a, 1, s), whole(a, 2, s, Number.MAX_SAFE_INTEGER)),
    { shallow: true },
  ),
  fn("first(list) -> optional", "The first item, if there is one.", (a, e, s) => found(list(a, 0, e, s)[0], e), {
    shallow: true,
  }),
  fn("last(list) -> optional", "The last item, if there is one.", (a, e, s) => found(list(a, 0, e, s).at(-1), e), {
    shallow: true,
  }),
  fn("keys(map) -> list", "The names of an object's fields.", (a, _e, s) => Object.keys(object(a, 0, s)), {
    shallow: true,
  }),
  fn("values(map) -> list", "The values of an object's fields.", (a, _e, s) => Object.values(object(a, 0, s)), {
    shallow: true,
  }),
  fn(
    "merge(map, other) -> map",
    "The fields of both objects; those of the second win.",
    (a, e, s) => {
      const made = copyOf(object(a, 0, s));
      const other = object(a, 1, s);
      e.charge(Object.keys(made).length + Object.keys(other).length, s.at);
      for (const key of Object.keys(other)) made[key] = other[key];
      return made;
    },
    { shallow: true },
  ),
  fn(
    "range(count) -> list",
    "The whole numbers from 0 up to `count`.",
    (a, e, s) => {
      const count = whole(a, 0, s);
      if (count < 0) throw trouble("range", s, "takes a count that is not negative");
      e.charge(count, s.at);
      return Array.from({ length: count }, (_, position) => BigInt(position));
    },
    { form: "call" },
  ),
  fn(
    "orValue(optional, otherwise) -> value",
    "The optional's value, or `otherwise`.",
    (a, _e, s) => optional(a, s).value ?? a[1],
    { ...method, keepsOptionals: true, shallow: true },
  ),
  fn(
    "or(optional, other) -> optional",
    "The first of two optionals that has a value.",
    (a, _e, s) => (optional(a, s).value === undefined ? a[1] : a[0]),
    { ...method, keepsOptionals: true, shallow: true },
  ),
  fn(
    "hasValue(optional) -> bool",
    "Whether the optional has a value.",
    (a, _e, s) => optional(a, s).value !== undefined,
    { ...method, keepsOptionals: true, shallow: true },
  ),
  fn(
    "value(optional) -> value",
    "The optional's value; an error when it has none.",
    (a, _e, s) => {
      const { value } = optional(a, s);
      if (value === undefined) throw trouble("missing-field", s, "has no value to give");
      return value;
    },
    { ...method, keepsOptionals: true, shallow: true },
  ),
];

function found(value: unknown, e: Evaluation): Optional {
  return value === undefined ? Optional.NONE : new Optional(e.take(value));
}
