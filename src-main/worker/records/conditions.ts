import type { Json } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import { RE2JS } from "re2js";
import { invalid, refuse } from "../behaviour";
import { conditionOver } from "./compute";
import { compareText, kindOf, readField, sameJson, type Record } from "./json";

/** The comparisons a condition may name. */
export type Comparison = "eq" | "ne" | "gt" | "gte" | "lt" | "lte" | "in" | "contains" | "matches" | "exists";

const COMPARISONS: ReadonlySet<string> = new Set([
  "eq",
  "ne",
  "gt",
  "gte",
  "lt",
  "lte",
  "in",
  "contains",
  "matches",
  "exists",
]);

/** One test of one field. */
export interface FieldTest {
  readonly field: string;
  readonly comparison: Comparison;
  readonly value: Json;
}

/** What a record must satisfy: tests that must all hold, or one CEL condition over `record`. */
export type Conditions =
  { readonly kind: "tests"; readonly tests: readonly FieldTest[] } | { readonly kind: "cel"; readonly source: string };

/** Reads conditions as a workflow writes them; refuses what cannot be one, naming `place`. */
export function readConditions(written: Json | undefined, place: string): Conditions | undefined {
  if (written === undefined || written === null) return undefined;
  if (typeof written === "string") return { kind: "cel", source: written };
  if (typeof written === "boolean") return { kind: "cel", source: String(written) };
  if (!isJsonObject(written)) {
    return refuse(
      invalid(`${place} is ${kindOf(written)}; it takes an object of conditions or one CEL condition.`, place),
    );
  }
  const tests = Object.entries(written).flatMap(([field, test]) => testsOf(field, test ?? null, place));
  return tests.length === 0 ? undefined : { kind: "tests", tests };
}

function testsOf(field: string, test: Json, place: string): FieldTest[] {
  if (!isJsonObject(test)) return [{ field, comparison: "eq", value: test }];
  const names = Object.keys(test);
  const unknown = names.find((name) => !COMPARISONS.has(name));
  if (unknown !== undefined || names.length === 0) {
    const what = unknown === undefined ? "has no comparison" : `has the unknown comparison "${unknown}"`;
    return refuse(
      invalid(
        `${place}.${field} ${what}; use eq, ne, gt, gte, lt, lte, in, contains, matches or exists.`,
        `${place}.${field}`,
      ),
    );
  }
  return names.map((name) => {
    const made: FieldTest = { field, comparison: name as Comparison, value: test[name] ?? null };
    if (made.comparison === "in" && !Array.isArray(made.value)) {
      return refuse(invalid(`${place}.${field}.in is ${kindOf(made.value)}; it takes a list.`, `${place}.${field}.in`));
    }
    if (made.comparison === "matches") regexOf(made.value, `${place}.${field}.matches`);
    return made;
  });
}

function regexOf(pattern: Json, place: string): RE2JS {
  if (typeof pattern !== "string") return refuse(invalid(`${place} is ${kindOf(pattern)}; it takes a pattern.`, place));
  try {
    return RE2JS.compile(pattern);
  } catch (thrown) {
    return refuse(
      invalid(`${place} is no valid pattern: ${thrown instanceof Error ? thrown.message : String(thrown)}.`, place),
    );
  }
}

/** A function that tells whether a record satisfies `conditions`. */
export function tester(conditions: Conditions | undefined, place: string): (record: Record) => boolean {
  if (!conditions) return () => true;
  if (conditions.kind === "cel") return conditionOver(conditions.source, place);
  const tests = conditions.tests.map((test) => compileTest(test, place));
  return (record) => tests.every((test) => test(record));
}

function compileTest({ field, comparison, value }: FieldTest, place: string): (record: Record) => boolean {
  const read = (record: Record): Json => readField(record, field) ?? null;
  switch (comparison) {
    case "eq":
      return (record) => sameJson(read(record), value);
    case "ne":
      return (record) => !sameJson(read(record), value);
    case "gt":
      return (record) => ordered(read(record), value, (order) => order > 0);
    case "gte":
      return (record) => ordered(read(record), value, (order) => order >= 0);
    case "lt":
      return (record) => ordered(read(record), value, (order) => order < 0);
    case "lte":
      return (record) => ordered(read(record), value, (order) => order <= 0);
    case "in": {
      const choices = value as readonly Json[];
      return (record) => choices.some((choice) => sameJson(read(record), choice));
    }
    case "contains":
      return (record) => {
        const found = read(record);
        if (typeof found === "string") return typeof value === "string" && found.includes(value);
        return Array.isArray(found) && found.some((item) => sameJson(item as Json, value));
      };
    case "matches": {
      const regex = regexOf(value, place);
      return (record) => {
        const found = read(record);
        return typeof found === "string" && regex.matcher(found).find();
      };
    }
    case "exists":
      return (record) => (read(record) !== null) === (value !== false);
  }
}

function ordered(found: Json, value: Json, holds: (order: number) => boolean): boolean {
  if (typeof found === "number" && typeof value === "number") return holds(found - value);
  return typeof found === "string" && typeof value === "string" && holds(compareText(found, value));
}
