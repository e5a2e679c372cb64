import type { Json } from "@shared/base/json";
import { aggregateRecords } from "./aggregate";
import { valueOver } from "./compute";
import { tester } from "./conditions";
import { compareJson, put, readField, type Record } from "./json";
import { doAggregate, type Rules, type SortField } from "./rules";

/** Applies `rules` to records in memory. The records given are not changed. */
export function applyRules(records: readonly Record[], rules: Rules): readonly Record[] {
  let result = records;
  const change = rowChanger(rules);
  if (change) result = change(result);
  if (doAggregate(rules)) result = aggregateRecords(result, rules);
  return rules.sort.length > 0 ? sortRecords(result, rules.sort) : result;
}

/**
 * What rules do to each record by itself (rename, compute, filter); `undefined` when that is nothing.
 *
 * Batches of a large source go through it one by one.
 */
export function rowChanger(rules: Rules): ((records: readonly Record[]) => readonly Record[]) | undefined {
  if (rules.rename.length === 0 && rules.computed.length === 0 && !rules.where) return undefined;
  const names = new Map(rules.rename);
  const computed = rules.computed.map(
    ([name, source]) => [name, valueOver(source, `${rules.computedPlace}.${name}`)] as const,
  );
  const holds = tester(rules.where, rules.wherePlace);
  return (records) => {
    const kept: Record[] = [];
    for (const record of records) {
      const renamed = names.size === 0 ? record : renameFields(record, names);
      const whole = computed.length === 0 ? renamed : addComputed(renamed, computed);
      if (holds(whole)) kept.push(whole);
    }
    return kept;
  };
}

function renameFields(record: Record, names: ReadonlyMap<string, string>): Record {
  const result: { [key: string]: Json | undefined } = {};
  const taken = new Set<string>();
  for (const old of names.keys()) if (Object.hasOwn(record, old)) taken.add(names.get(old)!);
  for (const key of Object.keys(record)) {
    const renamed = names.get(key);
    // A renamed field replaces one that had its name all along.
    if (renamed === undefined && taken.has(key)) continue;
    put(result, renamed ?? key, record[key]);
  }
  return result;
}

function addComputed(record: Record, computed: readonly (readonly [string, (record: Record) => Json])[]): Record {
  const result: { [key: string]: Json | undefined } = {};
  for (const key of Object.keys(record)) put(result, key, record[key]);
  for (const [name, value] of computed) put(result, name, value(record));
  return result;
}

/** Records in order; equal ones keep theirs, missing values come last. */
export function sortRecords(records: readonly Record[], by: readonly SortField[]): readonly Record[] {
  const keyed = records.map((record) => ({ record, keys: by.map(({ field }) => readField(record, field) ?? null) }));
  keyed.sort((a, b) => {
    for (let i = 0; i < by.length; i++) {
      const x = a.keys[i]!;
      const y = b.keys[i]!;
      if (x === null || y === null) {
        if (x !== y) return x === null ? 1 : -1;
        continue;
      }
      const order = compareJson(x, y);
      if (order !== 0) return by[i]!.descending ? -order : order;
    }
    return 0;
  });
  return keyed.map(({ record }) => record);
}
