import type { Json, JsonObject } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import { Bug } from "@shared/base/bug";
import type { Outcome, Task } from "@shared/execution/effect";
import { completed, invalid, outcomeOf, refuse, type Behaviour, type Tools } from "../behaviour";
import { isDataset } from "../records/dataset";
import { keyOf, put, readField, type Record } from "../records/json";
import { countWords, given } from "../records/records";

type JoinType = "full" | "left" | "inner";

type Way = readonly [name: string, value: Json];

/** Combines what came in: `mode` was settled before, by when the component became ready. */
export const merge: Behaviour = (task, tools) =>
  outcomeOf(() => {
    const { config, input } = task;
    const combine = config["combine"] ?? (config["join_by"] === undefined ? "object" : "join_by");
    if (combine === "object") return completed(input);
    if (combine !== "append" && combine !== "join_by") {
      return refuse(
        invalid(`The way to combine ${JSON.stringify(combine)} is none of object, append, join_by.`, "config.combine"),
      );
    }
    const ways = waysOf(input);
    if (!ways.some(([, way]) => isDataset(way))) return combined(ways, combine, config);
    return loaded(ways, task, tools).then((all) => outcomeOf(() => combined(all, combine, config)));
  });

function combined(ways: readonly Way[], combine: "append" | "join_by", config: JsonObject): Outcome {
  if (combine === "append") {
    const list = ways.flatMap(([, way]) => (Array.isArray(way) ? (way as readonly Json[]) : [way]));
    return completed(list, { facts: countWords(list.length, "item") });
  }
  const joined = join(ways, fieldsOf(config["join_by"]), joinTypeOf(config["join_type"]));
  return completed(joined, { facts: countWords(joined.length) });
}

/** The ways with the records of datasets read: a list cannot be made of them otherwise. */
async function loaded(ways: readonly Way[], task: Task, tools: Tools): Promise<readonly Way[]> {
  const { loadDataset } = await import("../data/load");
  const all: Way[] = [];
  for (const [name, way] of ways) all.push([name, isDataset(way) ? await loadDataset(task, tools, way) : way]);
  return all;
}

/** What came in, by name. A list by itself is one way; nothing is none. */
function waysOf(input: Json): readonly Way[] {
  if (input === null) return [];
  if (!isJsonObject(input) || isDataset(input)) return [["the input", input]];
  return Object.entries(input).map(([name, way]) => [name, way ?? null] as const);
}

function fieldsOf(written: Json | undefined): readonly string[] {
  const fields = Array.isArray(written) ? (written as readonly Json[]) : [written ?? null];
  if (fields.length > 0 && fields.every((field) => typeof field === "string" && field !== ""))
    return fields as string[];
  return refuse(invalid("join_by takes the name of a field, or a list of names.", "config.join_by"));
}

function joinTypeOf(written: Json | undefined): JoinType {
  const type = written ?? "full";
  if (type === "full" || type === "left" || type === "inner") return type;
  return refuse(invalid(`The join type ${JSON.stringify(type)} is none of full, left, inner.`, "config.join_type"));
}

function recordsOf(name: string, way: Json): readonly Record[] {
  const records = given(way, name);
  if (records.kind === "dataset") throw new Bug(`the dataset of ${name} was not read`);
  return records.records;
}

function join(ways: readonly Way[], by: readonly string[], type: JoinType): readonly Record[] {
  const [first, ...others] = ways.filter(([, way]) => way !== null).map(([name, way]) => recordsOf(name, way));
  if (!first) return [];
  return others.reduce((left, right) => joinTwo(left, right, by, type), first);
}

/** Joins in the order of `left`; what only `right` has comes after, in its order. Null or missing keys match nothing. */
function joinTwo(left: readonly Record[], right: readonly Record[], by: readonly string[], type: JoinType): Record[] {
  const byKey = new Map<string, Record[]>();
  for (const record of right) {
    const key = joinKey(record, by);
    if (key === undefined) continue;
    const same = byKey.get(key);
    if (same) same.push(record);
    else byKey.set(key, [record]);
  }
  const met = new Set<Record>();
  const joined: Record[] = [];
  for (const record of left) {
    const key = joinKey(record, by);
    const matches = key === undefined ? undefined : byKey.get(key);
    if (!matches) {
      if (type !== "inner") joined.push(record);
      continue;
    }
    for (const match of matches) {
      met.add(match);
      joined.push(both(record, match));
    }
  }
  if (type === "full") joined.push(...right.filter((record) => !met.has(record)));
  return joined;
}

function joinKey(record: Record, by: readonly string[]): string | undefined {
  const values = by.map((field) => readField(record, field) ?? null);
  return values.includes(null) ? undefined : keyOf(values);
}

function both(left: JsonObject, right: JsonObject): Record {
  const result: { [key: string]: Json | undefined } = {};
  for (const side of [left, right]) for (const key of Object.keys(side)) put(result, key, side[key]);
  return result;
}
