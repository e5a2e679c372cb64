import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Json } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import { invalid, refuse } from "../behaviour";
import { Aggregation } from "../records/aggregate";
import { applyRules, rowChanger } from "../records/apply";
import type { IdentifiedSource } from "../records/dataset";
import type { Record } from "../records/json";
import { doAggregate, NO_RULES, type Rules } from "../records/rules";
import type { Duck } from "./duck";
import { Query } from "./query";
import { objectsRelation, openSource } from "./source";
import { asJsonText, plain, quoted, Untranslatable, type Statement } from "./sql";

/** Records that lie in a file, with rules still to be applied: read as often as asked. */
export interface Rows {
  /** The result's records as JSON texts, in batches. */
  texts(): AsyncIterable<readonly string[]>;
  /** How many records there are, and the records if there are at most `most`; none of them otherwise. */
  take(most: number): Promise<{ readonly records: readonly Record[]; readonly total: number }>;
  count(): Promise<number>;
  /** The query, when SQL can say all of it. */
  readonly query?: Query;
}

/** How rows are read that SQL cannot handle. */
export interface BatchOptions {
  readonly batchSize: number;
  progress(text: string): void;
}

/** The rows of `source` after `steps`: by SQL where it can say the rules exactly, else batch by batch. */
export async function rowsOf(
  duck: Duck,
  source: IdentifiedSource,
  steps: readonly Rules[],
  options: BatchOptions,
): Promise<Rows> {
  try {
    const query = new Query(await openSource(duck, source));
    for (const step of steps) query.add(step);
    return new SqlRows(duck, query, () => new BatchRows(duck, source, steps, options));
  } catch (thrown) {
    if (!(thrown instanceof Untranslatable)) throw thrown;
    return new BatchRows(duck, source, steps, options);
  }
}

/** SQL does all the work. Fields that only turn up late may still prove untranslatable: then batches do. */
class SqlRows implements Rows {
  constructor(
    readonly duck: Duck,
    readonly query: Query,
    readonly otherwise: () => Rows,
  ) {}

  async *texts(): AsyncGenerator<readonly string[]> {
    const statement = await this.#texts();
    if (statement === undefined) yield* this.otherwise().texts();
    else yield* this.duck.texts(statement);
  }

  async take(most: number): Promise<{ readonly records: readonly Record[]; readonly total: number }> {
    // Without groups a count reads far less than the records do.
    if (Number.isFinite(most) && !this.query.hasGroups) {
      const total = await this.count();
      if (total > most) return { records: [], total };
    }
    const statement = await this.#texts();
    if (statement === undefined) return this.otherwise().take(most);
    const records: Record[] = [];
    for await (const batch of this.duck.texts(statement)) {
      for (const text of batch) records.push(JSON.parse(text) as Record);
      if (records.length > most) return { records: [], total: await this.count() };
    }
    return { records, total: records.length };
  }

  count(): Promise<number> {
    return this.duck.number(this.query.count());
  }

  async #texts(): Promise<Statement | undefined> {
    try {
      const columns = await this.query.columns();
      const parts = columns.map(({ name, piece }) => {
        const key = quoted(`${JSON.stringify(name)}:`);
        // In JSON a missing field stays missing: concat_ws passes NULL by.
        return piece.kind === "json"
          ? `${key} || ${asJsonText(piece)}`
          : `${key} || coalesce(${asJsonText(piece)}, 'null')`;
      });
      return this.query.select(parts.length === 0 ? "'{}'" : `'{' || concat_ws(',', ${parts.join(", ")}) || '}'`);
    } catch (thrown) {
      if (!(thrown instanceof Untranslatable)) throw thrown;
      return undefined;
    }
  }
}

/** Records pass through memory some at a time; only groups, and the records of a sort, are kept. */
class BatchRows implements Rows {
  constructor(
    readonly duck: Duck,
    readonly source: IdentifiedSource,
    readonly steps: readonly Rules[],
    readonly options: BatchOptions,
  ) {}

  async *texts(): AsyncGenerator<readonly string[]> {
    for await (const batch of this.#results()) yield batch.map((record) => JSON.stringify(record));
  }

  async take(most: number): Promise<{ readonly records: readonly Record[]; readonly total: number }> {
    const records: Record[] = [];
    let total = 0;
    for await (const batch of this.#results()) {
      total += batch.length;
      if (total > most) records.length = 0;
      else for (const record of batch) records.push(record);
    }
    return { records, total };
  }

  async count(): Promise<number> {
    return (await this.take(0)).total;
  }

  async *#results(): AsyncGenerator<readonly Record[]> {
    const changers: ((records: readonly Record[]) => readonly Record[])[] = [];
    for (const [i, step] of this.steps.entries()) {
      if (doAggregate(step) || step.sort.length > 0)
        return yield this.#gathered(changers, step, this.steps.slice(i + 1));
      const change = rowChanger(step);
      if (change) changers.push(change);
    }
    for await (const batch of this.#batches()) yield changers.reduce((records, change) => change(records), batch);
  }

  /** From the first step on that needs all records. */
  async #gathered(
    changers: readonly ((records: readonly Record[]) => readonly Record[])[],
    step: Rules,
    later: readonly Rules[],
  ): Promise<readonly Record[]> {
    const change = rowChanger(step);
    const all = change ? [...changers, change] : changers;
    const groups = doAggregate(step) ? new Aggregation(step) : undefined;
    const kept: Record[] = [];
    for await (const batch of this.#batches()) {
      const records = all.reduce((given, one) => one(given), batch);
      if (groups) groups.add(records);
      else for (const record of records) kept.push(record);
    }
    const onlySort: Rules = { ...NO_RULES, sort: step.sort, place: step.place };
    const result = applyRules(groups ? groups.result() : kept, onlySort);
    return later.reduce<readonly Record[]>((records, one) => applyRules(records, one), result);
  }

  async *#batches(): AsyncGenerator<readonly Record[]> {
    let batch: Record[] = [];
    let read = 0;
    for await (const text of sourceTexts(this.duck, this.source)) {
      batch.push(recordOf(text, read));
      read += 1;
      if (batch.length < this.options.batchSize) continue;
      yield batch;
      this.options.progress(`${read.toLocaleString("en-US")} records read`);
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }
}

function recordOf(text: string, at: number): Record {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (thrown) {
    return refuse(invalid(`Record ${at} is no JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}.`));
  }
  return isJsonObject(value) ? value : refuse(invalid(`Record ${at} is no object.`));
}

async function* sourceTexts(duck: Duck, source: IdentifiedSource): AsyncGenerator<string> {
  if (source.format === "jsonl") {
    for await (const line of createInterface({ input: createReadStream(source.path), crlfDelay: Infinity })) {
      const text = line.charCodeAt(0) === 0xfeff ? line.slice(1) : line;
      if (text.trim() !== "") yield text;
    }
    return;
  }
  if (source.format === "json") {
    const sql = `SELECT CAST(json AS VARCHAR) FROM ${objectsRelation(source)}`;
    for await (const batch of duck.texts(plain(sql))) yield* batch;
    return;
  }
  const rows = await rowsOf(duck, source, [], { batchSize: 1, progress: () => undefined });
  for await (const batch of rows.texts()) yield* batch;
}

/** The same rows with only some fields, in the given order. */
export function onlyFields(rows: Rows, names: readonly string[] | undefined): Rows {
  if (!names) return rows;
  const pick = (record: Record): Record =>
    Object.fromEntries(names.flatMap((name) => (Object.hasOwn(record, name) ? [[name, record[name]]] : [])));
  return {
    async *texts() {
      for await (const batch of rows.texts())
        yield batch.map((text) => JSON.stringify(pick(JSON.parse(text) as Record)));
    },
    async take(most) {
      const { records, total } = await rows.take(most);
      return { records: records.map(pick), total };
    },
    count: () => rows.count(),
  };
}
