import { Bug } from "../../base/bug";
import { isJsonObject, type Json, type JsonObject } from "../../base/json";
import { fail, ok, type Result } from "../../base/result";
import { isMeant } from "../../base/pattern";
import { evaluateCondition, type Scope } from "../../expression/evaluate";
import { sentence } from "../../expression/problem";
import { compileCondition } from "../../expression/template";
import type { Path } from "../workflow";
import type { EventTrigger } from "./trigger";

const COMPARISONS = ["eq", "ne", "gt", "gte", "lt", "lte", "in", "contains", "matches", "exists"] as const;
type Comparison = (typeof COMPARISONS)[number];

/** Each comparison as CEL: `v` is the event's value, `w` what the filter says. */
const AS_CEL: { readonly [comparison in Exclude<Comparison, "eq" | "ne" | "exists">]: string } = {
  gt: "v > w",
  gte: "v >= w",
  lt: "v < w",
  lte: "v <= w",
  in: "v in w",
  contains: "type(v) == string ? v.contains(w) : w in v",
  matches: "v.matches(w)",
};

/** Whether a mapping holds comparisons rather than fields. */
function isComparing(filter: JsonObject): boolean {
  const keys = Object.keys(filter);
  return keys.length > 0 && keys.every((key) => COMPARISONS.includes(key as Comparison));
}

/** What cannot be compared in a filter that is a mapping. */
export function filterProblem(
  filter: JsonObject,
  path: Path,
): { readonly path: Path; readonly message: string } | undefined {
  if (isComparing(filter)) {
    if (filter["in"] !== undefined && !Array.isArray(filter["in"]))
      return { path: [...path, "in"], message: "in takes a list." };
    if (filter["exists"] !== undefined && typeof filter["exists"] !== "boolean")
      return { path: [...path, "exists"], message: "exists is true or false." };
    if (filter["matches"] !== undefined && typeof filter["matches"] !== "string")
      return { path: [...path, "matches"], message: "matches takes a pattern." };
    return undefined;
  }
  for (const [key, value] of Object.entries(filter)) {
    const found = isJsonObject(value) ? filterProblem(value, [...path, key]) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Whether `event` is one that `trigger` waits for.
 *
 * @returns a sentence when the filter cannot be evaluated for it.
 */
export function isFor(
  trigger: Pick<EventTrigger, "pattern" | "filter">,
  event: JsonObject,
  now: number,
): Result<boolean, string> {
  const type = event["type"];
  if (typeof type !== "string" || !isMeant(trigger.pattern, type)) return ok(false);
  const { filter } = trigger;
  if (filter === undefined) return ok(true);
  if (isJsonObject(filter)) return ok(holds(filter, event, now));
  const compiled = compileCondition(filter);
  if (!compiled.ok) return fail(sentence(compiled.problem));
  const held = evaluateCondition(compiled.value, scope({ event }, now));
  if (held.ok) return held;
  // An event without the field that the condition looks at is none of those meant.
  return held.problem.kind === "missing-field" ? ok(false) : fail(sentence(held.problem));
}

function holds(filter: JsonObject, value: Json | undefined, now: number): boolean {
  if (isComparing(filter))
    return Object.entries(filter).every(([key, wanted]) =>
      compares(key as Comparison, value ?? null, wanted ?? null, now),
    );
  return Object.entries(filter).every(([key, wanted]) => {
    const found = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    return isJsonObject(wanted) ? holds(wanted, found, now) : compares("eq", found ?? null, wanted ?? null, now);
  });
}

function compares(comparison: Comparison, v: Json, w: Json, now: number): boolean {
  if (comparison === "eq") return same(v, w);
  if (comparison === "ne") return !same(v, w);
  if (comparison === "exists") return (v !== null) === w;
  const compiled = compileCondition(AS_CEL[comparison]);
  if (!compiled.ok) throw new Bug(sentence(compiled.problem));
  const held = evaluateCondition(compiled.value, scope({ v, w }, now));
  // Values that cannot be compared, text with a number, do not match.
  return held.ok && held.value;
}

function scope(names: { readonly [name: string]: Json }, now: number): Scope {
  return { names: Object.assign(Object.create(null) as object, names), now, random: () => 0 };
}

function same(a: Json, b: Json): boolean {
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => same(item as Json, b[index] as Json));
  if (!isJsonObject(a)) return a === b;
  if (!isJsonObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && same(a[key] ?? null, b[key] ?? null))
  );
}
