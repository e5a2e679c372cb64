import { isJsonObject, type Json, type JsonObject } from "@shared/base/json";
import type { Task } from "@shared/execution/effect";
import { invalid, refuse, type Tools } from "../behaviour";
import { readOnConflict } from "../databases/conflict";
import { connectionOf, openDatabase, type OpenDatabase } from "../databases/databases";
import { Query } from "../databases/placeholders";
import { selectAll } from "../databases/changes";
import { storeRecords, type Stored } from "../databases/sink";
import { tableOf } from "../databases/tables";
import type { Record } from "../records/json";

/** A place for records in a database: a table, or what a query finds. */
export interface TablePlace extends JsonObject {
  readonly connection: string;
}

/** Whether `source` or `destination` leads to a database. */
export function isTablePlace(place: Json | undefined): place is TablePlace {
  return isJsonObject(place) && typeof place["connection"] === "string";
}

/** The database that `place` names. */
export function databaseAt(task: Task, place: TablePlace, key: string): Promise<OpenDatabase> {
  return openDatabase(connectionOf(task, place.connection, `${key}.connection`), task.place);
}

/**
 * Reads the records of a table, or of the task's `query`, some at a time: the database waits while `take` is busy with the last ones.
 */
export async function readTable<T>(
  task: Task,
  tools: Tools,
  database: OpenDatabase,
  source: TablePlace,
  batchSize: number,
  take: (batches: AsyncGenerator<readonly Record[]>) => Promise<T>,
): Promise<T> {
  const { query, parameters } = task.config;
  const { pool, kind, name } = database;
  const isQuery = query !== undefined && query !== null;
  if (isQuery === (source["table"] !== undefined))
    refuse(
      invalid("With a connection, config.source names a table, or config.query says what to read.", "config.source"),
    );
  const asked = isQuery ? new Query(query, kind).with(parameters, "config.parameters") : undefined;
  try {
    return await pool.use(tools.signal, async (link) => {
      const statement = asked ?? selectAll(await tableOf(link, kind, source["table"], "config.source.table"));
      return take(link.stream(statement, batchSize));
    });
  } catch (thrown) {
    return pool.dialect.refuse(thrown, name);
  }
}

/** Puts records into the table that `destination` names. */
export async function writeTable(
  task: Task,
  tools: Tools,
  destination: TablePlace,
  batches: AsyncIterable<readonly Record[]> | Iterable<readonly Record[]>,
  batchSize: number,
  total?: number,
): Promise<Stored> {
  const key = "config.destination";
  const mode = destination["mode"] ?? "append";
  if (mode !== "append" && mode !== "replace")
    refuse(invalid(`${key}.mode is none of append, replace.`, `${key}.mode`));
  const options = {
    table: destination["table"],
    place: `${key}.table`,
    batchSize,
    transaction: destination["transaction"] !== false,
    conflict: readOnConflict(destination, key),
    replace: mode === "replace",
  };
  return storeRecords(await databaseAt(task, destination, key), tools, options, batches, total);
}
