import type { Json, JsonObject } from "@shared/base/json";
import { invalid, refuse, type Tools } from "../behaviour";
import { Meter } from "../data/meter";
import { RECORDS_IN_PLACE } from "../records/dataset";
import type { Record } from "../records/json";
import { emptyStatement, InsertShape, type OnConflict } from "./changes";
import type { Link } from "./database";
import type { OpenDatabase } from "./databases";
import { tableOf, type Table } from "./tables";
import { inTransaction } from "./transaction";

/** How records get into a table. */
export interface SinkOptions {
  readonly table: Json | undefined;
  /** Where the table is named, for messages. */
  readonly place: string;
  readonly batchSize: number;
  /** All or nothing; else each batch for itself. */
  readonly transaction: boolean;
  readonly conflict: OnConflict;
  /** Empties the table first. */
  readonly replace?: boolean;
}

/** What became of the records. */
export interface Stored {
  /** Keys that the database made, for up to 10,000 records. */
  readonly rows: readonly JsonObject[];
  readonly row_count: number;
}

/** Puts records into a table, `batchSize` at a time; the next ones are asked for when these are stored. */
export async function storeRecords(
  database: OpenDatabase,
  tools: Tools,
  options: SinkOptions,
  batches: AsyncIterable<readonly Record[]> | Iterable<readonly Record[]>,
  total?: number,
): Promise<Stored> {
  const where = `${database.name}.${typeof options.table === "string" ? options.table : "?"}`;
  const { dialect } = database.pool;
  try {
    return await database.pool.use(tools.signal, async (link) => {
      const table = await tableOf(link, database.kind, options.table, options.place);
      const sink = new Sink(link, table, dialect.maxBound, options);
      const meter = new Meter(tools, "stored", total);
      return inTransaction(link, options.transaction, async () => {
        if (options.replace === true) await sink.empty();
        for await (const batch of sized(batches, options.batchSize)) {
          await inTransaction(link, !options.transaction, () => sink.add(batch));
          meter.add(batch.length);
        }
        meter.tell();
        return { rows: sink.keys, row_count: sink.count };
      });
    });
  } catch (thrown) {
    return dialect.refuse(thrown, where);
  }
}

/** The same records, exactly `size` at a time. */
async function* sized(
  batches: AsyncIterable<readonly Record[]> | Iterable<readonly Record[]>,
  size: number,
): AsyncGenerator<readonly Record[]> {
  let kept: Record[] = [];
  for await (const batch of batches) {
    for (const record of batch) {
      kept.push(record);
      if (kept.length < size) continue;
      yield kept;
      kept = [];
    }
  }
  if (kept.length > 0) yield kept;
}

class Sink {
  #shapes = new Map<string, InsertShape>();
  #keys: JsonObject[] = [];
  #tooMany = false;
  count = 0;

  constructor(
    private readonly link: Link,
    private readonly table: Table,
    private readonly maxBound: number,
    private readonly options: SinkOptions,
  ) {}

  /** Keys that the database made; none when they are too many to be of use. */
  get keys(): readonly JsonObject[] {
    return this.#tooMany ? [] : this.#keys;
  }

  async empty(): Promise<void> {
    // Not `truncate`, which some databases cannot take back.
    await this.link.run(emptyStatement(this.table));
  }

  /** Stores records in their order; neighbours with the same fields go together. */
  async add(records: readonly Record[]): Promise<void> {
    let from = 0;
    while (from < records.length) {
      const shape = this.#shapeOf(records[from]!);
      const most = from + Math.max(1, Math.floor(this.maxBound / shape.fields.length));
      let to = from + 1;
      while (to < records.length && to < most && this.#shapeOf(records[to]!) === shape) to += 1;
      await this.#store(shape, records.slice(from, to));
      from = to;
    }
  }

  #shapeOf(record: Record): InsertShape {
    const fields = Object.keys(record);
    const id = JSON.stringify(fields);
    let shape = this.#shapes.get(id);
    if (shape === undefined) {
      if (fields.length === 0) refuse(invalid("A record has no fields to store.", "config.values"));
      const { keys } = this.table;
      const given = new Set(fields.map((field) => this.table.column(field, `values.${field}`).name));
      const { conflict } = this.options;
      // MySQL gives back the rows that were there, too.
      const tells =
        this.link.returning && (conflict.do === "fail" || (conflict.do === "ignore" && this.table.kind !== "mysql"));
      const made = tells && keys.some((key) => !given.has(key)) ? keys : [];
      shape = new InsertShape(this.table, fields, conflict, made);
      this.#shapes.set(id, shape);
    }
    return shape;
  }

  async #store(shape: InsertShape, records: readonly Record[]): Promise<void> {
    const { rows, changed, firstId } = await this.link.run(shape.statement(records));
    this.count += this.#counted(shape, records.length, changed, rows.length);
    this.#keep(rows.length > 0 ? rows : this.#numbered(shape, records.length, firstId));
  }

  /** MySQL counts a row that an insert updated twice. */
  #counted(shape: InsertShape, sent: number, changed: number, given: number): number {
    if (shape.conflict.do === "update") return sent;
    return shape.returning.length > 0 ? given : changed;
  }

  /** MySQL cannot give rows back; it numbers those of one statement without gaps. */
  #numbered(shape: InsertShape, count: number, firstId: number | undefined): readonly JsonObject[] {
    const [key, another] = this.table.keys;
    const tells = this.table.kind === "mysql" && !this.link.returning && shape.conflict.do === "fail";
    if (!tells || firstId === undefined || key === undefined || another !== undefined || shape.fields.includes(key))
      return [];
    return Array.from({ length: count }, (_, i) => ({ [key]: firstId + i }));
  }

  #keep(rows: readonly JsonObject[]): void {
    if (this.#tooMany) return;
    this.#tooMany = this.#keys.length + rows.length > RECORDS_IN_PLACE;
    if (this.#tooMany) this.#keys = [];
    else for (const row of rows) this.#keys.push(row);
  }
}
