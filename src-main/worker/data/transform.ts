import type { Json, JsonObject } from "@shared/base/json";
import type { Outcome, Task } from "@shared/execution/effect";
import { completed, outcomeOf, type Tools } from "../behaviour";
import type { OpenDatabase } from "../databases/databases";
import { RESULT_LIMITS, Results, type ResultLimits } from "../databases/results";
import { applyRules, rowChanger } from "../records/apply";
import { isDataset, type DatasetReference } from "../records/dataset";
import { countWords, given } from "../records/records";
import type { Record } from "../records/json";
import { areEmpty, doAggregate, NO_RULES, type Rules } from "../records/rules";
import { Meter } from "./meter";
import { recordFile, sameSource, type RecordFile } from "./place";
import { rowsOf } from "./rows";
import { batchOptions, identified, readThrough, THRESHOLDS, withTaskDuck, type Thresholds } from "./run";
import { isSmallJson, readSmall } from "./small";
import { databaseAt, isTablePlace, readTable, writeTable, type TablePlace } from "./tables";
import { writeRecords, writeRows, type Written } from "./write";

const CSV = { delimiter: ",", header: true } as const;

/** A `transform` that reads a file or a database, writes one, or both. */
export function transformFiles(
  task: Task,
  tools: Tools,
  rules: Rules,
  thresholds: Thresholds = THRESHOLDS,
): Outcome | Promise<Outcome> {
  return outcomeOf(async () => {
    const source = task.config["source"] ?? undefined;
    const destination = task.config["destination"] ?? undefined;
    if (isTablePlace(source)) return fromTable(task, tools, source, destination, rules, thresholds);
    return fromFile(task, tools, source, await targetOf(task, destination), rules, thresholds);
  });
}

/** Where the result goes: nowhere but to the next component, into a file, or into a table. */
type Target = undefined | { readonly file: RecordFile } | { readonly table: TablePlace };

async function targetOf(task: Task, destination: Json | undefined): Promise<Target> {
  if (destination === undefined) return undefined;
  if (isTablePlace(destination)) return { table: destination };
  return { file: await recordFile(destination, task.place, "config.destination") };
}

async function fromFile(
  task: Task,
  tools: Tools,
  source: Json | undefined,
  target: Target,
  rules: Rules,
  thresholds: Thresholds,
): Promise<Outcome> {
  const { config, input, place } = task;
  const streaming = config["streaming"] !== false;
  if (target === undefined) {
    if (isReference(source)) return fromReference(task, tools, source, rules, streaming, thresholds);
    const file = await recordFile(source, place, "config.source");
    return readThrough(task, tools, file, {}, rules, streaming, thresholds);
  }
  if (source === undefined) {
    const found = given(config["records"] ?? input, config["records"] === undefined ? "the input" : "config.records");
    if (found.kind === "dataset") return toTarget(task, tools, found.reference, rules, target);
    return inMemory(task, tools, applyRules(found.records, rules), target);
  }
  if (isReference(source)) return toTarget(task, tools, source, rules, target);
  const file = await recordFile(source, place, "config.source");
  const found = await identified(file, {});
  if (isSmallJson(found, thresholds.smallFile))
    return inMemory(task, tools, applyRules(await readSmall(file), rules), target);
  return toTarget(task, tools, { dataset: { source: found, steps: [] }, rows: 0 }, rules, target);
}

/**
 * Rules that look at one record at a time are applied as the records come by, and these go straight on. For groups and an order the
 * records are put into a file first, from which the database engine works within its memory limit.
 */
async function fromTable(
  task: Task,
  tools: Tools,
  source: TablePlace,
  destination: Json | undefined,
  rules: Rules,
  thresholds: Thresholds,
): Promise<Outcome> {
  const { batchSize } = batchOptions(task, tools);
  const database = await databaseAt(task, source, "config.source");
  const target = await targetOf(task, destination);
  const one = rowChanger(rules) ?? ((records: readonly Record[]) => records);
  const isByRecord = !doAggregate(rules) && rules.sort.length === 0;
  const inTheWay = target !== undefined && "table" in target && (await isInTheWay(task, database, target.table));
  const read = <T>(take: (batches: AsyncGenerator<readonly Record[]>) => Promise<T>): Promise<T> =>
    readTable(task, tools, database, source, batchSize, (batches) =>
      take(isByRecord ? changed(batches, one) : batches),
    );
  if (target !== undefined && isByRecord && !inTheWay)
    return read((batches) =>
      "table" in target ? toTable(task, tools, target.table, batches) : streamToFile(task, tools, target.file, batches),
    );
  const limits = { rows: thresholds.inPlace, text: RESULT_LIMITS.text };
  const kept = await read((batches) => collected(task, tools, batches, limits));
  const left = isByRecord ? NO_RULES : rules;
  if (!isDataset(kept)) {
    const records = applyRules(kept as readonly Record[], left);
    return target === undefined
      ? completed(records, { facts: countWords(records.length) })
      : inMemory(task, tools, records, target);
  }
  if (target !== undefined) return toTarget(task, tools, kept, left, target);
  return fromReference(task, tools, kept, left, task.config["streaming"] !== false, thresholds);
}

/** Whether the table cannot be written while `source` is read: a file is locked as a whole, and each needs a link of its own. */
async function isInTheWay(task: Task, source: OpenDatabase, target: TablePlace): Promise<boolean> {
  const other = await databaseAt(task, target, "config.destination");
  if (source.file !== undefined) return other.file === source.file;
  return other.pool === source.pool && source.pool.dialect.maxLinks < 2;
}

async function* changed(
  batches: AsyncIterable<readonly Record[]>,
  change: (records: readonly Record[]) => readonly Record[],
): AsyncGenerator<readonly Record[]> {
  for await (const batch of batches) yield change(batch);
}

async function collected(
  task: Task,
  tools: Tools,
  batches: AsyncIterable<readonly Record[]>,
  limits: ResultLimits,
): Promise<Json> {
  const results = new Results(task, limits);
  const meter = new Meter(tools, "read");
  try {
    for await (const batch of batches) {
      const before = results.bytes;
      await results.add(batch);
      meter.add(batch.length, results.bytes - before);
    }
    return await results.result();
  } catch (thrown) {
    await results.discard();
    throw thrown;
  }
}

async function streamToFile(
  task: Task,
  tools: Tools,
  file: RecordFile,
  batches: AsyncIterable<readonly Record[]>,
): Promise<Outcome> {
  const texts = async function* (): AsyncGenerator<readonly string[]> {
    for await (const batch of batches) yield batch.map((record) => JSON.stringify(record));
  };
  const meter = new Meter(tools, "written");
  return withTaskDuck(task, tools, async (duck) =>
    writtenOutcome(await writeRows(file, { texts }, CSV, task.place.scratch, duck, meter)),
  );
}

async function toTable(
  task: Task,
  tools: Tools,
  table: TablePlace,
  batches: AsyncIterable<readonly Record[]> | Iterable<readonly Record[]>,
  total?: number,
): Promise<Outcome> {
  const { batchSize } = batchOptions(task, tools);
  const { row_count: rows } = await writeTable(task, tools, table, batches, batchSize, total);
  const written = { connection: table.connection, table: table["table"] ?? null, rows };
  return completed(written, { facts: `${countWords(rows)} to ${String(table["table"])}` });
}

function isReference(source: Json | undefined): source is JsonObject & DatasetReference & Json {
  return source !== undefined && isDataset(source);
}

async function fromReference(
  task: Task,
  tools: Tools,
  reference: DatasetReference,
  rules: Rules,
  streaming: boolean,
  thresholds: Thresholds,
): Promise<Outcome> {
  const { source, steps } = reference.dataset;
  await sameSource(source, task.place);
  const all = areEmpty(rules) ? steps : [...steps, rules];
  return withTaskDuck(task, tools, async (duck) => {
    const rows = await rowsOf(duck, source, all, batchOptions(task, tools));
    const { records, total } = await rows.take(streaming ? thresholds.inPlace : Infinity);
    const facts = countWords(total);
    if (records.length === total) return completed(records, { facts });
    return completed({ dataset: { source, steps: all }, rows: total } as unknown as Json, { facts });
  });
}

async function toTarget(
  task: Task,
  tools: Tools,
  reference: DatasetReference,
  rules: Rules,
  target: NonNullable<Target>,
): Promise<Outcome> {
  const { source, steps } = reference.dataset;
  await sameSource(source, task.place);
  const all = areEmpty(rules) ? steps : [...steps, rules];
  return withTaskDuck(task, tools, async (duck) => {
    const rows = await rowsOf(duck, source, all, batchOptions(task, tools));
    if ("table" in target) return toTable(task, tools, target.table, parsed(rows.texts()));
    const meter = new Meter(tools, "written");
    return writtenOutcome(await writeRows(target.file, rows, CSV, task.place.scratch, duck, meter));
  });
}

async function* parsed(texts: AsyncIterable<readonly string[]>): AsyncGenerator<readonly Record[]> {
  for await (const batch of texts) yield batch.map((text) => JSON.parse(text) as Record);
}

async function inMemory(
  task: Task,
  tools: Tools,
  records: readonly Record[],
  target: NonNullable<Target>,
): Promise<Outcome> {
  if ("table" in target) return toTable(task, tools, target.table, [records], records.length);
  return writtenOutcome(
    await writeRecords(target.file, records, CSV, task.place.scratch, (work) => withTaskDuck(task, tools, work)),
  );
}

function writtenOutcome(written: Written): Outcome {
  return completed({ ...written }, { facts: `${countWords(written.rows)} to ${written.path}` });
}
