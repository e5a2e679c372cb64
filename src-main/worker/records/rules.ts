import type { Json, JsonObject } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import { AGGREGATE_FUNCTIONS } from "@shared/components/record-keys";
import { invalid, refuse } from "../behaviour";
import { readConditions, type Conditions } from "./conditions";
import { kindOf } from "./json";

export type AggregateFunction = (typeof AGGREGATE_FUNCTIONS)[number];

/** One column of an aggregate. */
export interface Aggregate {
  readonly function: AggregateFunction;
  /** `*` for all records. */
  readonly field: string;
  readonly as: string;
}

/** One field of an order. */
export interface SortField {
  readonly field: string;
  readonly descending: boolean;
}

/** What is done to records, in the order of these fields. Plain JSON: a dataset's steps are these. */
export interface Rules {
  readonly rename: readonly (readonly [string, string])[];
  readonly computed: readonly (readonly [string, string])[];
  readonly where?: Conditions;
  /** Absent: no groups. */
  readonly groupBy?: readonly string[];
  readonly aggregates: readonly Aggregate[];
  readonly sort: readonly SortField[];
  /** Where the rules were written, and the parts that hold expressions, for messages. */
  readonly place: string;
  readonly computedPlace: string;
  readonly wherePlace: string;
}

/** How a type calls the parts of its rules. */
export interface RuleKeys {
  readonly rename?: string;
  readonly computed?: string;
  readonly where?: string;
  readonly groupBy?: string;
  readonly aggregates?: string;
  readonly sort?: string;
}

/** The keys of `transformation_rules`. */
export const TRANSFORMATION_KEYS: RuleKeys = {
  rename: "map_fields",
  computed: "computed_fields",
  where: "filter_conditions",
  groupBy: "group_by",
  aggregates: "aggregate_functions",
  sort: "sort_by",
};

/** Reads rules as a workflow writes them under `place`; refuses what is wrong with the key's name. */
export function readRules(written: Json | undefined, keys: RuleKeys, place: string): Rules {
  const from = written ?? {};
  if (!isJsonObject(from)) return refuse(invalid(`${place} is ${kindOf(from)}; it takes an object of rules.`, place));
  const at = (key: string | undefined): Json | undefined => (key === undefined ? undefined : (from[key] ?? undefined));
  const named = (key: string | undefined): string => `${place}.${key ?? ""}`;
  const where = readConditions(at(keys.where), named(keys.where));
  const groupBy = readNames(at(keys.groupBy), named(keys.groupBy));
  return {
    rename: readPairs(at(keys.rename), named(keys.rename)),
    computed: readPairs(at(keys.computed), named(keys.computed)),
    ...(where ? { where } : {}),
    ...(groupBy ? { groupBy } : {}),
    aggregates: readAggregates(at(keys.aggregates), named(keys.aggregates)),
    sort: readSort(at(keys.sort), named(keys.sort)),
    place,
    computedPlace: named(keys.computed),
    wherePlace: named(keys.where),
  };
}

/** Rules that do nothing. */
export const NO_RULES: Rules = {
  rename: [],
  computed: [],
  aggregates: [],
  sort: [],
  place: "config",
  computedPlace: "config",
  wherePlace: "config",
};

function readPairs(written: Json | undefined, place: string): [string, string][] {
  if (written === undefined) return [];
  if (!isJsonObject(written))
    return refuse(invalid(`${place} is ${kindOf(written)}; it takes name and text pairs.`, place));
  return Object.entries(written).map(([name, text]) => {
    // A template that is exactly one expression keeps its type: a number or a flag is still an expression's text.
    if (typeof text === "number" || typeof text === "boolean") return [name, String(text)];
    if (typeof text !== "string")
      return refuse(invalid(`${place}.${name} is ${kindOf(text)}; it takes text.`, `${place}.${name}`));
    return [name, text];
  });
}

function readNames(written: Json | undefined, place: string): readonly string[] | undefined {
  if (written === undefined) return undefined;
  const names = Array.isArray(written) ? written : [written];
  if (!names.every((name) => typeof name === "string")) {
    return refuse(invalid(`${place} takes the name of a field, or a list of names.`, place));
  }
  return names.length === 0 ? undefined : (names as string[]);
}

function readAggregates(written: Json | undefined, place: string): Aggregate[] {
  if (written === undefined) return [];
  if (!isJsonObject(written)) {
    return refuse(invalid(`${place} is ${kindOf(written)}; it takes functions with the fields they apply to.`, place));
  }
  return Object.entries(written).flatMap(([name, fields]) => {
    const known = AGGREGATE_FUNCTIONS.find((one) => one === name);
    if (!known) {
      return refuse(
        invalid(
          `${place} has the unknown function "${name}"; it knows ${AGGREGATE_FUNCTIONS.join(", ")}.`,
          `${place}.${name}`,
        ),
      );
    }
    return (readNames(fields, `${place}.${name}`) ?? []).map((field) => aggregateOf(known, field, `${place}.${name}`));
  });
}

function aggregateOf(name: AggregateFunction, field: string, place: string): Aggregate {
  if (field !== "*") return { function: name, field, as: `${name}_${field}` };
  if (name !== "count") return refuse(invalid(`${place} takes names of fields; only count takes "*".`, place));
  return { function: "count", field, as: "count" };
}

function readSort(written: Json | undefined, place: string): SortField[] {
  if (written === undefined) return [];
  const list: readonly Json[] = Array.isArray(written) ? written : [written as Json];
  return list.map((one) => {
    if (typeof one === "string" && one !== "" && one !== "-") {
      return one.startsWith("-") ? { field: one.slice(1), descending: true } : { field: one, descending: false };
    }
    if (isJsonObject(one)) return readSortObject(one, place);
    return refuse(invalid(`${place} takes names of fields, \`-name\` for descending, or {field, order}.`, place));
  });
}

function readSortObject(one: JsonObject, place: string): SortField {
  const { field, order = "asc" } = one;
  if (typeof field === "string" && (order === "asc" || order === "desc"))
    return { field, descending: order === "desc" };
  return refuse(invalid(`${place} takes {field, order} with the order asc or desc.`, place));
}

/** Whether nothing is done at all. */
export function areEmpty(rules: Rules): boolean {
  return (
    rules.rename.length === 0 &&
    rules.computed.length === 0 &&
    !rules.where &&
    !rules.groupBy &&
    rules.aggregates.length === 0 &&
    rules.sort.length === 0
  );
}

/** Whether the rules make groups, or one record of all. */
export function doAggregate(rules: Rules): boolean {
  return rules.groupBy !== undefined || rules.aggregates.length > 0;
}
