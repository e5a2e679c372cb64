import type { Json, JsonObject } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import { completed, invalid, outcomeOf, refuse, type Behaviour } from "../behaviour";
import { keyOf, put, readField, type Record } from "../records/json";
import { countWords, given } from "../records/records";

type JoinType = "full" | "left" | "inner";

/** Combines what came in: `mode` was settled before, by when the component became ready. */
export const merge: Behaviour = ({ config, input }) =>
  outcomeOf(() => {
    const combine = config["combine"] ?? (config["join_by"] === undefined ? "object" : "join_by");
    switch (combine) {
      case "object":
        return completed(input);
      case "append": {
        const list = waysOf(input).flatMap(([, way]) => (Array.isArray(way) ? (way as readonly Json[]) : [way]));
        return completed(list, { facts: countWords(list.length, "item") });
      }
      case "join_by": {
        const joined = join(waysOf(input), fieldsOf(config["join_by"]), joinTypeOf(config["join_type"]));
        return completed(joined, { facts: countWords(joined.length) });
      }
      default:
        return refuse(
          invalid(
            `The way to combine ${JSON.stringify(combine)} is none of object, append, join_by.`,
            "config.combine",
          ),
        );
    }
  });

/** What came in, by name. A list by itself is one way; nothing is none. */
function waysOf(input: Json): readonly (readonly [string, Json])[] {
  if (input === null) return [];
  if (!isJsonObject(input)) return [["the input", input]];
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
  if (records.kind === "records") return records.records;
  return refuse(
    invalid(`${name} gives a dataset of ${countWords(records.reference.rows)}; a merge joins records in memory.`),
  );
}

function join(ways: readonly (readonly [string, Json])[], by: readonly string[], type: JoinType): readonly Record[] {
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
      joined.push(combined(record, match));
    }
  }
  if (type === "full") joined.push(...right.filter((record) => !met.has(record)));
  return joined;
}

function joinKey(record: Record, by: readonly string[]): string | undefined {
  const values = by.map((field) => readField(record, field) ?? null);
  return values.includes(null) ? undefined : keyOf(values);
}

function combined(left: JsonObject, right: JsonObject): Record {
  const result: { [key: string]: Json | undefined } = {};
  for (const side of [left, right]) for (const key of Object.keys(side)) put(result, key, side[key]);
  return result;
}
