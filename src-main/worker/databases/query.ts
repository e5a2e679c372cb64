import { isJsonObject, type Json, type JsonObject } from "@shared/base/json";
import type { Outcome, Task } from "@shared/execution/effect";
import { completed, invalid, refuse, type Tools } from "../behaviour";
import { Meter } from "../data/meter";
import { countWords } from "../records/records";
import type { Link, Statement } from "./database";
import type { OpenDatabase } from "./databases";
import { Query } from "./placeholders";
import { RESULT_LIMITS, Results, type ResultLimits } from "./results";
import { inTransaction } from "./transaction";

/** What a query is run with. */
export interface QueryConfig {
  readonly query: Json | undefined;
  readonly parameters: Json | undefined;
  readonly batchSize: number;
  readonly transaction: boolean;
}

/**
 * Runs one statement, and gives its rows; or, with a list of objects for a query with `:name`, the statement once for each of them.
 */
export async function runQuery(
  database: OpenDatabase,
  task: Task,
  tools: Tools,
  config: QueryConfig,
  limits: ResultLimits = RESULT_LIMITS,
): Promise<Outcome> {
  const query = new Query(config.query, database.kind);
  const many = query.isNamed && Array.isArray(config.parameters) ? (config.parameters as readonly Json[]) : undefined;
  const results = new Results(task, limits);
  try {
    const changed = await database.pool.use(tools.signal, (link) =>
      many
        ? runMany(link, query, many, results, tools, config)
        : runOne(link, query.with(config.parameters, "config.parameters"), results, tools, config.batchSize),
    );
    const rows = await results.result();
    return completed(
      { rows, row_count: results.count > 0 ? results.count : changed },
      { facts: countWords(results.count > 0 ? results.count : changed, "row") },
    );
  } catch (thrown) {
    await results.discard();
    return database.pool.dialect.refuse(thrown, database.name);
  }
}

async function runOne(
  link: Link,
  statement: Statement,
  results: Results,
  tools: Tools,
  batchSize: number,
): Promise<number> {
  const meter = new Meter(tools, "read");
  const stream = link.stream(statement, batchSize);
  for (;;) {
    const { done, value } = await stream.next();
    if (done) return value.changed;
    const before = results.bytes;
    await results.add(value);
    meter.add(value.length, results.bytes - before);
    if (tools.signal.aborted) {
      await stream.return({ changed: 0 });
      refuse({ type: "cancelled", message: "The statement was stopped." });
    }
  }
}

async function runMany(
  link: Link,
  query: Query,
  many: readonly Json[],
  results: Results,
  tools: Tools,
  { batchSize, transaction }: QueryConfig,
): Promise<number> {
  const statements = many.map((one, i) => query.with(recordAt(one, i), `config.parameters[${i}]`));
  const meter = new Meter(tools, "sent", many.length);
  let changed = 0;
  await inTransaction(link, transaction, async () => {
    for (let from = 0; from < statements.length; from += batchSize) {
      const batch = statements.slice(from, from + batchSize);
      await inTransaction(link, !transaction, async () => {
        for (const statement of batch) {
          const done = await link.run(statement);
          changed += done.changed;
          await results.add(done.rows);
        }
      });
      meter.add(batch.length);
    }
  });
  meter.tell();
  return changed;
}

function recordAt(one: Json, at: number): JsonObject {
  const place = `config.parameters[${at}]`;
  return isJsonObject(one) ? one : refuse(invalid(`${place} takes an object of values by name.`, place));
}
