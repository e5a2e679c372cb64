import { stat } from "node:fs/promises";
import type { Json } from "@shared/base/json";
import type { Outcome, Task } from "@shared/execution/effect";
import { completed, invalid, outcomeOf, refuse, type Tools } from "../behaviour";
import { refuseFileError } from "../paths";
import { applyRules } from "../records/apply";
import { RECORDS_IN_PLACE, type DatasetReference, type IdentifiedSource } from "../records/dataset";
import type { Record } from "../records/json";
import { countWords } from "../records/records";
import { areEmpty, type Rules } from "../records/rules";
import { duckStream, withDuck, type Duck, type DuckLimits } from "./duck";
import { identify, sameSource, type RecordFile } from "./place";
import { rowsOf, type Rows } from "./rows";
import { isSmallJson, readSmall, SMALL_FILE } from "./small";

/** Megabytes for reading and sorting, unless the config says otherwise. */
const STANDARD_MEMORY_MB = 256;
const STANDARD_BATCH = 1000;

/** How much of a result travels as records, and which files are small; tests lower both. */
export interface Thresholds {
  readonly inPlace: number;
  readonly smallFile: number;
}

export const THRESHOLDS: Thresholds = { inPlace: RECORDS_IN_PLACE, smallFile: SMALL_FILE };

/** Opens the database engine with the task's limits. */
export function withTaskDuck<T>(task: Task, tools: Tools, work: (duck: Duck) => Promise<T>): Promise<T> {
  return withDuck(limitsOf(task, tools), work);
}

/** The same for what comes bit by bit: the engine is open until the last bit was taken, or nobody wants more. */
export function taskDuckStream<T>(
  task: Task,
  tools: Tools,
  work: (duck: Duck) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  return duckStream(limitsOf(task, tools), work);
}

function limitsOf(task: Task, tools: Tools): DuckLimits {
  const memoryMb = numberOf(task.config["memory_limit_mb"], STANDARD_MEMORY_MB, "config.memory_limit_mb");
  const progress = (text: string, fraction: number): void => tools.progress(text, fraction);
  return { memoryMb, scratch: task.place.scratch, signal: tools.signal, progress };
}

/** How batches are read and told. */
export function batchOptions(task: Task, tools: Tools) {
  const batchSize = Math.max(1, Math.floor(numberOf(task.config["batch_size"], STANDARD_BATCH, "config.batch_size")));
  return { batchSize, progress: (text: string) => tools.progress(text) };
}

function numberOf(written: Json | undefined, standard: number, place: string): number {
  if (written === undefined || written === null) return standard;
  return typeof written === "number" && written > 0
    ? written
    : refuse(invalid(`${place} takes a number above 0.`, place));
}

/** Applies `rules` to a dataset: a small result is given as records, a large one as a longer recipe. */
export async function runOnDataset(
  task: Task,
  tools: Tools,
  reference: DatasetReference,
  rules: Rules,
): Promise<Outcome> {
  return outcomeOf(async () => {
    const { source, steps } = reference.dataset;
    await sameSource(source, task.place);
    const all = areEmpty(rules) ? steps : [...steps, rules];
    return withTaskDuck(task, tools, async (duck) => {
      const rows = await rowsOf(duck, source, all, batchOptions(task, tools));
      return resultOf(rows, source, all, true, THRESHOLDS);
    });
  });
}

/** Reads a file of records, applies `rules`, and gives records or a dataset. */
export async function readThrough(
  task: Task,
  tools: Tools,
  file: RecordFile,
  options: Pick<IdentifiedSource, "delimiter" | "header" | "columns">,
  rules: Rules,
  streaming: boolean,
  thresholds: Thresholds = THRESHOLDS,
): Promise<Outcome> {
  const source = await identified(file, options);
  const steps = areEmpty(rules) ? [] : [rules];
  if (isSmallJson(source, thresholds.smallFile)) {
    const records = applyRules(chosenColumns(await readSmall(file), options.columns), rules);
    if (!streaming || records.length <= thresholds.inPlace) return recordsOutcome(records);
    return datasetOutcome({ dataset: { source, steps }, rows: records.length });
  }
  return withTaskDuck(task, tools, async (duck) => {
    tools.progress(`reading ${file.path.written}`);
    return resultOf(await rowsOf(duck, source, steps, batchOptions(task, tools)), source, steps, streaming, thresholds);
  });
}

/** Identifies a file, and what shape of JSON it holds. */
export async function identified(
  file: RecordFile,
  options: Pick<IdentifiedSource, "delimiter" | "header" | "columns">,
): Promise<IdentifiedSource> {
  const found = await stat(file.path.absolute).catch((thrown: unknown) => refuseFileError(thrown, file.path));
  if (found.isDirectory()) refuse(invalid(`${file.path.written} is a folder, not a file.`));
  return identify(file, options);
}

async function resultOf(
  rows: Rows,
  source: IdentifiedSource,
  steps: readonly Rules[],
  streaming: boolean,
  thresholds: Thresholds,
): Promise<Outcome> {
  const { records, total } = await rows.take(streaming ? thresholds.inPlace : Infinity);
  if (total === records.length) return recordsOutcome(records);
  return datasetOutcome({ dataset: { source, steps }, rows: total });
}

function recordsOutcome(records: readonly Record[]): Outcome {
  return completed(records, { facts: countWords(records.length) });
}

function datasetOutcome(reference: DatasetReference): Outcome {
  return completed(reference as unknown as Json, { facts: countWords(reference.rows) });
}

/** Only `columns`, in their order. */
export function chosenColumns(records: readonly Record[], columns: readonly string[] | undefined): readonly Record[] {
  if (!columns) return records;
  return records.map((record) =>
    Object.fromEntries(columns.flatMap((name) => (Object.hasOwn(record, name) ? [[name, record[name]]] : []))),
  );
}
