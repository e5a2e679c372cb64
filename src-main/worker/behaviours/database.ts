import type { Json, JsonObject } from "@shared/base/json";
import type { Task } from "@shared/execution/effect";
import { completed, invalid, outcomeOf, refuse, type Behaviour, type Tools } from "../behaviour";
import { connectionOf, openDatabase, type OpenDatabase } from "../databases/databases";
import { readOnConflict } from "../databases/conflict";
import { runQuery } from "../databases/query";
import { storeRecords } from "../databases/sink";
import { deleteWhere, updateWhere } from "../databases/where";
import { kindOf, type Record } from "../records/json";
import { countWords, given } from "../records/records";

const STANDARD_BATCH = 500;

/** Runs a statement. */
export const database: Behaviour = (task, tools) =>
  outcomeOf(async () => {
    const { query, parameters } = task.config;
    return runQuery(await opened(task), task, tools, { query, parameters, ...options(task.config) });
  });

/** Adds records to a table. */
export const databaseInsert: Behaviour = (task, tools) =>
  outcomeOf(async () => {
    const { config } = task;
    const conflict = readOnConflict(config, "config");
    const { batches, total } = await recordsFor(task, tools);
    const sink = { table: config["table"], place: "config.table", conflict, ...options(config) };
    const stored = await storeRecords(await opened(task), tools, sink, batches, total);
    return completed({ ...stored }, { facts: countWords(stored.row_count, "row") });
  });

/** Changes rows of a table. */
export const databaseUpdate: Behaviour = (task, tools) =>
  outcomeOf(async () => {
    const { config, input } = task;
    const values = config["values"] ?? input;
    const count = await updateWhere(await opened(task), tools, {
      table: config["table"],
      values,
      where: config["where"],
      ...options(config),
    });
    return completed({ rows: [], row_count: count }, { facts: countWords(count, "row") });
  });

/** Removes rows of a table. */
export const databaseDelete: Behaviour = (task, tools) =>
  outcomeOf(async () => {
    const { config, input } = task;
    const count = await deleteWhere(await opened(task), tools, {
      table: config["table"],
      input,
      where: config["where"],
      ...options(config),
    });
    return completed({ rows: [], row_count: count }, { facts: countWords(count, "row") });
  });

function opened(task: Task): Promise<OpenDatabase> {
  return openDatabase(connectionOf(task, task.config["connection"], "config.connection"), task.place);
}

function options(config: JsonObject): { readonly batchSize: number; readonly transaction: boolean } {
  const size = config["batch_size"] ?? STANDARD_BATCH;
  if (typeof size !== "number" || !(size >= 1))
    refuse(invalid(`config.batch_size is ${kindOf(size)}; it takes a whole number from 1 on.`, "config.batch_size"));
  return { batchSize: Math.floor(size as number), transaction: config["transaction"] !== false };
}

interface Batches {
  readonly batches: AsyncIterable<readonly Record[]> | Iterable<readonly Record[]>;
  readonly total: number;
}

async function recordsFor(task: Task, tools: Tools): Promise<Batches> {
  const named = task.config["values"] !== undefined;
  const found = given((named ? task.config["values"] : task.input) as Json, named ? "config.values" : "the input");
  if (found.kind === "records") return { batches: [found.records], total: found.records.length };
  // Only a dataset needs the database engine that reads files.
  const { datasetBatches } = await import("../data/load");
  return { batches: datasetBatches(task, tools, found.reference), total: found.reference.rows };
}
