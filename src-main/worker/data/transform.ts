import type { Json, JsonObject } from "@shared/base/json";
import type { Outcome, Task } from "@shared/execution/effect";
import { completed, outcomeOf, type Tools } from "../behaviour";
import { applyRules } from "../records/apply";
import { isDataset, type DatasetReference } from "../records/dataset";
import { countWords, given } from "../records/records";
import { areEmpty, type Rules } from "../records/rules";
import { recordFile, sameSource, type RecordFile } from "./place";
import { rowsOf } from "./rows";
import { batchOptions, identified, readThrough, THRESHOLDS, withTaskDuck, type Thresholds } from "./run";
import { isSmallJson, readSmall } from "./small";
import { writeRecords, writeRows, type Written } from "./write";

const CSV = { delimiter: ",", header: true } as const;

/** A `transform` that reads a file, writes one, or both. */
export function transformFiles(
  task: Task,
  tools: Tools,
  rules: Rules,
  thresholds: Thresholds = THRESHOLDS,
): Outcome | Promise<Outcome> {
  return outcomeOf(async () => {
    const { config, input, place } = task;
    const source = config["source"] ?? undefined;
    const destination = config["destination"] ?? undefined;
    const streaming = config["streaming"] !== false;
    if (destination === undefined) {
      if (isReference(source)) return fromReference(task, tools, source, rules, streaming, thresholds);
      return readThrough(
        task,
        tools,
        await recordFile(source, place, "config.source"),
        {},
        rules,
        streaming,
        thresholds,
      );
    }
    const target = await recordFile(destination, place, "config.destination");
    if (source === undefined) {
      const found = given(config["records"] ?? input, config["records"] === undefined ? "the input" : "config.records");
      if (found.kind === "dataset") return toFile(task, tools, found.reference, rules, target);
      return writtenOutcome(await inMemory(task, tools, applyRules(found.records, rules), target));
    }
    if (isReference(source)) return toFile(task, tools, source, rules, target);
    const file = await recordFile(source, place, "config.source");
    const found = await identified(file, {});
    if (isSmallJson(found, thresholds.smallFile)) {
      return writtenOutcome(await inMemory(task, tools, applyRules(await readSmall(file), rules), target));
    }
    return toFile(task, tools, { dataset: { source: found, steps: [] }, rows: 0 }, rules, target);
  });
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

async function toFile(
  task: Task,
  tools: Tools,
  reference: DatasetReference,
  rules: Rules,
  target: RecordFile,
): Promise<Outcome> {
  const { source, steps } = reference.dataset;
  await sameSource(source, task.place);
  const all = areEmpty(rules) ? steps : [...steps, rules];
  return withTaskDuck(task, tools, async (duck) => {
    const rows = await rowsOf(duck, source, all, batchOptions(task, tools));
    return writtenOutcome(await writeRows(target, rows, CSV, task.place.scratch, duck));
  });
}

function inMemory(task: Task, tools: Tools, records: readonly JsonObject[], target: RecordFile): Promise<Written> {
  return writeRecords(target, records, CSV, task.place.scratch, (work) => withTaskDuck(task, tools, work));
}

function writtenOutcome(written: Written): Outcome {
  return completed({ ...written }, { facts: `${countWords(written.rows)} to ${written.path}` });
}
