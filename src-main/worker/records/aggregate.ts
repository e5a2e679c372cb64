import type { Json } from "@shared/base/json";
import { invalid, refuse } from "../behaviour";
import { compareJson, keyOf, kindOf, put, readField, type Record } from "./json";
import type { Aggregate, Rules } from "./rules";

/** Gathers one column of one group. */
interface Gatherer {
  add(value: Json): void;
  result(): Json;
}

interface Group {
  readonly keys: readonly Json[];
  readonly gatherers: readonly Gatherer[];
  records: number;
}

/** One record a group, in the groups' order; without groups one in all, even of no records. */
export function aggregateRecords(records: readonly Record[], rules: Rules): readonly Record[] {
  const aggregation = new Aggregation(rules);
  aggregation.add(records);
  return aggregation.result();
}

/** Groups records that come in batches. */
export class Aggregation {
  readonly #rules: Rules;
  readonly #fields: readonly string[];
  readonly #groups = new Map<string, Group>();
  /** Columns in whose field some record has a value. `count` of any other counts records: its field is a mere name. */
  readonly #filled = new Set<string>();

  constructor(rules: Rules) {
    this.#rules = rules;
    this.#fields = rules.groupBy ?? [];
    if (!rules.groupBy) this.#groupOf([]);
  }

  add(records: readonly Record[]): void {
    for (const record of records) {
      const group = this.#groupOf(this.#fields.map((field) => readField(record, field) ?? null));
      group.records += 1;
      this.#rules.aggregates.forEach((one, i) => {
        const value = readField(record, one.field);
        if (value === undefined || value === null) return;
        this.#filled.add(one.as);
        group.gatherers[i]!.add(value);
      });
    }
  }

  result(): readonly Record[] {
    return [...this.#groups.values()]
      .sort((a, b) => compareLists(a.keys, b.keys))
      .map(({ keys, gatherers, records }) => {
        const record: { [key: string]: Json | undefined } = {};
        this.#fields.forEach((field, i) => put(record, field, keys[i]));
        this.#rules.aggregates.forEach((one, i) => {
          const countsRecords = one.function === "count" && !this.#filled.has(one.as);
          put(record, one.as, countsRecords ? records : gatherers[i]!.result());
        });
        return record;
      });
  }

  #groupOf(keys: readonly Json[]): Group {
    const name = keyOf(keys);
    let group = this.#groups.get(name);
    if (!group) {
      group = { keys, gatherers: this.#rules.aggregates.map((one) => gathererOf(one, this.#rules.place)), records: 0 };
      this.#groups.set(name, group);
    }
    return group;
  }
}

function compareLists(a: readonly Json[], b: readonly Json[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareJson(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return 0;
}

/** Missing values and nulls never come here: they pass by, as in SQL. */
function gathererOf({ function: name, field }: Aggregate, place: string): Gatherer {
  const number = (value: Json): number => {
    if (typeof value === "number") return value;
    return refuse(invalid(`${name} of ${field} needs numbers; a record has ${kindOf(value)} there.`, place));
  };
  switch (name) {
    case "count": {
      let count = 0;
      return { add: () => void (count += 1), result: () => count };
    }
    case "sum":
    case "avg": {
      let sum = 0;
      let count = 0;
      const add = (value: Json) => {
        sum += number(value);
        count += 1;
      };
      return { add, result: () => (count === 0 ? null : name === "sum" ? sum : sum / count) };
    }
    case "min":
    case "max": {
      let best: Json = null;
      const sign = name === "min" ? -1 : 1;
      const add = (value: Json) => {
        if (best === null || compareJson(value, best) * sign > 0) best = value;
      };
      return { add, result: () => best };
    }
    case "median": {
      const seen: number[] = [];
      return { add: (value) => void seen.push(number(value)), result: () => median(seen) };
    }
    case "count_distinct": {
      const seen = new Set<string>();
      return { add: (value) => void seen.add(keyOf(value)), result: () => seen.size };
    }
    case "first":
    case "last": {
      let kept: Json = null;
      const add = (value: Json) => {
        if (kept === null || name === "last") kept = value;
      };
      return { add, result: () => kept };
    }
  }
}

function median(values: number[]): number | null {
  if (values.length === 0) return null;
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}
