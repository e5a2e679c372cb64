import type { Json } from "@shared/base/json";
import { invalid, refuse } from "../behaviour";
import { compareJson, keyOf, kindOf, put, readField, type Record } from "./json";
import type { Aggregate, Rules } from "./rules";

/** Gathers one column of one group. */
interface Gatherer {
  add(value: Json | undefined): void;
  result(): Json;
}

/** One record a group, in the groups' order; without groups one in all, even of no records. */
export function aggregateRecords(records: readonly Record[], rules: Rules): Record[] {
  const fields = rules.groupBy ?? [];
  const countsRecords = new Set(
    rules.aggregates
      .filter((one) => one.function === "count" && isUnknownField(records, one.field))
      .map((one) => one.as),
  );
  const groups = new Map<string, { readonly keys: readonly Json[]; readonly gatherers: readonly Gatherer[] }>();
  const groupOf = (keys: readonly Json[]) => {
    const name = keyOf(keys);
    let group = groups.get(name);
    if (!group) {
      const gatherers = rules.aggregates.map((one) => gathererOf(one, countsRecords.has(one.as), rules.place));
      group = { keys, gatherers };
      groups.set(name, group);
    }
    return group;
  };
  if (!rules.groupBy) groupOf([]);
  for (const record of records) {
    const group = groupOf(fields.map((field) => readField(record, field) ?? null));
    rules.aggregates.forEach((one, i) => group.gatherers[i]!.add(readField(record, one.field)));
  }
  return [...groups.values()]
    .sort((a, b) => compareLists(a.keys, b.keys))
    .map(({ keys, gatherers }) => {
      const record: { [key: string]: Json | undefined } = {};
      fields.forEach((field, i) => put(record, field, keys[i]));
      rules.aggregates.forEach((one, i) => put(record, one.as, gatherers[i]!.result()));
      return record;
    });
}

/** A field that no record has: `count` of it counts records, so that it can be a mere name for the column. */
function isUnknownField(records: readonly Record[], field: string): boolean {
  return field === "*" || !records.some((record) => readField(record, field) !== undefined);
}

function compareLists(a: readonly Json[], b: readonly Json[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareJson(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return 0;
}

function gathererOf({ function: name, field }: Aggregate, countsRecords: boolean, place: string): Gatherer {
  const number = (value: Json): number => {
    if (typeof value === "number") return value;
    return refuse(invalid(`${name} of ${field} needs numbers; a record has ${kindOf(value)} there.`, place));
  };
  switch (name) {
    case "count": {
      let count = 0;
      return {
        add: (value) => void (count += countsRecords || (value !== undefined && value !== null) ? 1 : 0),
        result: () => count,
      };
    }
    case "sum":
    case "avg": {
      let sum = 0;
      let count = 0;
      return present(
        (value) => {
          sum += number(value);
          count += 1;
        },
        () => (count === 0 ? null : name === "sum" ? sum : sum / count),
      );
    }
    case "min":
    case "max": {
      let best: Json = null;
      const sign = name === "min" ? -1 : 1;
      return present(
        (value) => {
          if (best === null || compareJson(value, best) * sign > 0) best = value;
        },
        () => best,
      );
    }
    case "median": {
      const seen: number[] = [];
      return present(
        (value) => void seen.push(number(value)),
        () => median(seen),
      );
    }
    case "count_distinct": {
      const seen = new Set<string>();
      return present(
        (value) => void seen.add(keyOf(value)),
        () => seen.size,
      );
    }
    case "first":
    case "last": {
      let kept: Json = null;
      return present(
        (value) => {
          if (kept === null || name === "last") kept = value;
        },
        () => kept,
      );
    }
  }
}

/** A gatherer that missing values and nulls pass by, as in SQL. */
function present(add: (value: Json) => void, result: () => Json): Gatherer {
  return {
    add: (value) => {
      if (value !== undefined && value !== null) add(value);
    },
    result,
  };
}

function median(values: number[]): number | null {
  if (values.length === 0) return null;
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}
