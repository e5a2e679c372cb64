import type { Evaluation } from "../evaluation";
import { Duration, Timestamp } from "../kinds";
import { binary, compare } from "../operators";
import { fn, list, number, trouble, whole, type CelFunction, type Site } from "./call";

/** The list in the only argument, or the arguments themselves. */
function operands(args: readonly unknown[], e: Evaluation, site: Site): readonly unknown[] {
  return args.length === 1 && Array.isArray(args[0]) ? list(args, 0, e, site) : args;
}

function numeric(items: readonly unknown[], site: Site): readonly (number | bigint)[] {
  return items.map((_, position) => {
    const value = items[position];
    if (typeof value === "number" || typeof value === "bigint") return value;
    throw trouble("arguments", site, `needs a list of numbers, item ${position} is none`);
  });
}

function total(items: readonly unknown[], e: Evaluation, site: Site): unknown {
  if (items[0] instanceof Duration) return items.reduce((sum, item) => binary("+", sum, item, e, site.at));
  return numeric(items, site).reduce<unknown>((sum, item) => binary("+", sum, item, e, site.at), 0n);
}

function extreme(args: readonly unknown[], e: Evaluation, site: Site, sign: 1 | -1): unknown {
  const items = operands(args, e, site);
  if (items.length === 0) throw trouble("range", site, "has no value for an empty list");
  return items.reduce((best, item) => (compare(item, best, site.at) * sign > 0 ? item : best));
}

function rounded(args: readonly unknown[], site: Site): number {
  const value = Number(number(args, 0, site));
  const digits = whole(args, 1, site, 0);
  if (digits < 0 || digits > 15) throw trouble("range", site, "rounds to 0 to 15 digits");
  // The decimal text shifts exactly, where a multiplication by 100 would turn 1.005 into 100.49999.
  const [mantissa = "0", exponent = "0"] = String(Math.abs(value)).split("e");
  const shifted = Math.round(Number(`${mantissa}e${Number(exponent) + digits}`));
  const [whole0 = "0", exponent0 = "0"] = String(shifted).split("e");
  return Math.sign(value) * Number(`${whole0}e${Number(exponent0) - digits}`);
}

const heavy = { heavy: true } as const;

/** Functions on numbers, and on lists of them. */
export const numberFunctions: readonly CelFunction[] = [
  fn(
    "sum(list) -> number",
    "The sum of a list of numbers or durations; 0 for an empty one.",
    (a, e, s) => total(list(a, 0, e, s), e, s),
    heavy,
  ),
  fn(
    "avg(list) -> number",
    "The average of a list of numbers.",
    (a, e, s) => {
      const items = numeric(list(a, 0, e, s), s);
      if (items.length === 0) throw trouble("range", s, "has no value for an empty list");
      return items.reduce<number>((sum, item) => sum + Number(item), 0) / items.length;
    },
    heavy,
  ),
  fn(
    "min(value…) -> value",
    "The least item of a list, or of the arguments.",
    (a, e, s) => extreme(a, e, s, -1),
    heavy,
  ),
  fn(
    "max(value…) -> value",
    "The greatest item of a list, or of the arguments.",
    (a, e, s) => extreme(a, e, s, 1),
    heavy,
  ),
  fn(
    "round(number, digits?) -> number",
    "The number rounded half away from zero, to whole numbers or to `digits` decimals.",
    (a, _e, s) => rounded(a, s),
  ),
  fn("floor(number) -> number", "The next whole number below.", (a, _e, s) => Math.floor(Number(number(a, 0, s)))),
  fn("ceil(number) -> number", "The next whole number above.", (a, _e, s) => Math.ceil(Number(number(a, 0, s)))),
  fn("abs(number) -> number", "The number without its sign.", (a, _e, s) => {
    const value = number(a, 0, s);
    return value < 0 ? -value : value;
  }),
  fn("random() -> double", "A number from 0 up to 1; the same again on replay.", (_a, e, s) => draw(e, s), {
    form: "call",
  }),
  fn("uuid() -> string", "A random UUID (version 4); the same again on replay.", (_a, e, s) => uuid(() => draw(e, s)), {
    form: "call",
  }),
  fn(
    "now() -> timestamp",
    "The time at which the component was prepared.",
    (_a, e, s) => {
      if (e.scope.now === undefined) throw trouble("unknown-function", s, "is not available here");
      return new Timestamp(e.scope.now);
    },
    { form: "call" },
  ),
];

function draw(e: Evaluation, site: Site): number {
  if (e.scope.random === undefined) throw trouble("unknown-function", site, "is not available here");
  return e.scope.random();
}

function uuid(random: () => number): string {
  return "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".replace(/[xy]/g, (place) => {
    const digit = Math.floor(random() * 16);
    return (place === "x" ? digit : (digit & 3) | 8).toString(16);
  });
}
