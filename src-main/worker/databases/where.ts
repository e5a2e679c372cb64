import { isJsonObject, type Json, type JsonObject } from "@shared/base/json";
import { invalid, refuse, type Tools } from "../behaviour";
import { Meter } from "../data/meter";
import { kindOf } from "../records/json";
import { deleteStatement, updateStatement } from "./changes";
import type { Statement } from "./database";
import type { OpenDatabase } from "./databases";
import { tableOf, type Table } from "./tables";
import { inTransaction } from "./transaction";

interface Options {
  readonly table: Json | undefined;
  readonly where: Json | undefined;
  readonly batchSize: number;
  readonly transaction: boolean;
}

/** Statements that are sent together. */
type Batch = readonly Statement[];

/** Changes rows: one record of values for all that `where` finds, or each record of a list for those with its key. */
export function updateWhere(
  database: OpenDatabase,
  tools: Tools,
  { values, ...options }: Options & { readonly values: Json },
): Promise<number> {
  return change(database, tools, options, (table) => {
    const { where } = options;
    if (Array.isArray(where)) {
      const keys = columnNames(where as readonly Json[]);
      const records = recordsOf(values, "config.values");
      return batched(records, options.batchSize).map((batch) =>
        batch.map((record) => updateByKey(table, record, keys)),
      );
    }
    const set = recordsOf(values, "config.values");
    if (set.length !== 1)
      refuse(
        invalid(
          `config.values has ${set.length} records; with many, config.where is a list of key columns.`,
          "config.where",
        ),
      );
    return [[updateStatement(table, set[0]!, condition(where), "config.where")]];
  });
}

function updateByKey(table: Table, record: JsonObject, keys: readonly string[]): Statement {
  const rest = Object.fromEntries(Object.entries(record).filter(([name]) => !keys.includes(name)));
  return updateStatement(table, rest, keyOf(record, keys), "config.where");
}

/** Removes rows: those that `where` finds, those that one of a list of conditions finds, or those with the keys of the input's records. */
export function deleteWhere(
  database: OpenDatabase,
  tools: Tools,
  { input, ...options }: Options & { readonly input: Json },
): Promise<number> {
  return change(database, tools, options, (table) => {
    const { where } = options;
    if (!Array.isArray(where)) return [[deleteStatement(table, [condition(where)], "config.where")]];
    const listed = where as readonly Json[];
    const wheres = listed.every((one) => isJsonObject(one))
      ? (listed as readonly JsonObject[])
      : recordsOf(input, "the input").map((record) => keyOf(record, columnNames(listed)));
    return batched(wheres, options.batchSize).map((batch) => [deleteStatement(table, batch, "config.where")]);
  });
}

async function change(
  database: OpenDatabase,
  tools: Tools,
  { table: written, transaction }: Omit<Options, "where">,
  statements: (table: Table) => readonly Batch[],
): Promise<number> {
  const where = `${database.name}.${typeof written === "string" ? written : "?"}`;
  try {
    return await database.pool.use(tools.signal, async (link) => {
      const table = await tableOf(link, database.kind, written, "config.table");
      const batches = statements(table);
      const meter = new Meter(tools, "changed");
      const single = batches.length === 1 && batches[0]!.length === 1;
      await inTransaction(link, transaction && !single, async () => {
        for (const batch of batches) {
          await inTransaction(link, !transaction && batch.length > 1, async () => {
            for (const statement of batch) meter.add((await link.run(statement)).changed);
          });
          if (!single) meter.tell();
        }
      });
      return meter.rows;
    });
  } catch (thrown) {
    return database.pool.dialect.refuse(thrown, where);
  }
}

function batched<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const batches: (readonly T[])[] = [];
  for (let from = 0; from < items.length; from += size) batches.push(items.slice(from, from + size));
  return batches;
}

function condition(where: Json | undefined): JsonObject {
  if (isJsonObject(where)) return where;
  return refuse(
    invalid(`config.where is ${kindOf(where)}; it takes columns and the values they must have.`, "config.where"),
  );
}

function columnNames(listed: readonly Json[]): readonly string[] {
  const names = listed.map((name) =>
    typeof name === "string"
      ? name
      : refuse(invalid("As a list, config.where takes names of columns.", "config.where")),
  );
  return names.length > 0 ? names : refuse(invalid("config.where is empty: it would mean every row.", "config.where"));
}

function keyOf(record: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    keys.map((key) => {
      const value = Object.hasOwn(record, key) ? record[key] : undefined;
      // A key without a value would find rows that have none.
      if (value === undefined || value === null)
        return refuse(invalid(`A record has no ${key}, by which its row is found.`, "config.where"));
      return [key, value];
    }),
  );
}

function recordsOf(value: Json, what: string): readonly JsonObject[] {
  const list = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return list.map((one) =>
    isJsonObject(one) ? one : refuse(invalid(`${what} is ${kindOf(one)}; it takes a record or a list of them.`, what)),
  );
}
