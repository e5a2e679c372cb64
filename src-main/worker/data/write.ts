import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Bytes } from "@shared/base/units";
import { Refusal } from "../behaviour";
import { makeParents, refuseFileError, type AllowedPath } from "../paths";
import type { Record } from "../records/json";
import { csvLines } from "./csv";
import type { Duck } from "./duck";
import type { Meter } from "./meter";
import type { RecordFile } from "./place";
import type { Rows } from "./rows";
import { pathSql } from "./source";
import { asJsonText, asText, identifier, plain, quoted, type Piece } from "./sql";

/** What a write tells of itself. */
export interface Written {
  readonly path: string;
  readonly rows: number;
  readonly bytes: Bytes;
}

/**
 * Writes a file beside the target, by `write`, and renames it into place: nobody ever sees half a file.
 *
 * The bytes are on disk before the rename; a failure leaves the target as it was.
 */
export async function writeWhole(path: AllowedPath, write: (temporary: string) => Promise<void>): Promise<Bytes> {
  await makeParents(path);
  const temporary = join(dirname(path.absolute), `.${basename(path.absolute)}.${randomBytes(6).toString("hex")}.part`);
  try {
    await write(temporary);
    const handle = await open(temporary, "r+");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    const { size } = await stat(temporary);
    await rename(temporary, path.absolute);
    return size;
  } catch (thrown) {
    await rm(temporary, { force: true });
    if (thrown instanceof Refusal) throw thrown;
    return refuseFileError(thrown, path);
  }
}

/** How CSV is written. */
export interface CsvOptions {
  readonly delimiter: string;
  readonly header: boolean;
}

/** The text of records in a format that is text. */
export function* recordTexts(
  records: readonly Record[],
  format: "csv" | "json" | "jsonl",
  csv: CsvOptions,
): Generator<string> {
  if (format === "csv") return yield* csvLines(records, csv);
  if (format === "jsonl") {
    for (const record of records) yield `${JSON.stringify(record)}\n`;
    return;
  }
  yield "[";
  for (const [i, record] of records.entries()) yield `${i === 0 ? "\n" : ",\n"}${JSON.stringify(record)}`;
  yield records.length === 0 ? "]\n" : "\n]\n";
}

/** Writes records that are in memory. `duck` is asked for when the format is Parquet. */
export async function writeRecords(
  file: RecordFile,
  records: readonly Record[],
  csv: CsvOptions,
  scratch: string,
  duck: <T>(work: (duck: Duck) => Promise<T>) => Promise<T>,
): Promise<Written> {
  const { format, path } = file;
  const bytes = await writeWhole(path, async (temporary) => {
    if (format !== "parquet")
      return pipeline(Readable.from(chunked(recordTexts(records, format, csv))), createWriteStream(temporary));
    const lines = join(scratch, `apg-${randomBytes(6).toString("hex")}.jsonl`);
    try {
      await pipeline(Readable.from(chunked(recordTexts(records, "jsonl", csv))), createWriteStream(lines));
      await duck((one) => linesToParquet(one, lines, temporary));
    } finally {
      await rm(lines, { force: true });
    }
  });
  return { path: path.written, rows: records.length, bytes };
}

/** Writes rows without holding them in memory. */
export async function writeRows(
  file: RecordFile,
  rows: Pick<Rows, "texts" | "query">,
  csv: CsvOptions,
  scratch: string,
  duck: Duck,
  meter?: Meter,
): Promise<Written> {
  const { format, path } = file;
  let count = 0;
  const counted = async function* (): AsyncGenerator<readonly string[]> {
    for await (const batch of rows.texts()) {
      count += batch.length;
      meter?.add(batch.length, bytesOf(batch));
      yield batch;
    }
  };
  const bytes = await writeWhole(path, async (temporary) => {
    if (format === "jsonl") return pipeline(Readable.from(joined(counted())), createWriteStream(temporary));
    if (format === "json") return pipeline(Readable.from(asList(counted())), createWriteStream(temporary));
    if (format === "csv" && rows.query) {
      count = await copyCsv(rows, duck, temporary, csv);
      return;
    }
    const lines = join(scratch, `apg-${randomBytes(6).toString("hex")}.jsonl`);
    try {
      await pipeline(Readable.from(joined(counted())), createWriteStream(lines));
      await (format === "csv" ? linesToCsv(duck, lines, temporary, csv) : linesToParquet(duck, lines, temporary));
    } finally {
      await rm(lines, { force: true });
    }
  });
  return { path: path.written, rows: count, bytes };
}

function bytesOf(texts: readonly string[]): Bytes {
  return texts.reduce((sum, text) => sum + text.length + 1, 0);
}

async function copyCsv(rows: Pick<Rows, "query">, duck: Duck, target: string, csv: CsvOptions): Promise<number> {
  const { query } = rows;
  if (!query) return 0;
  const columns = await query.columns();
  const list = columns.map(({ name, piece }) => `${csvCell(piece)} AS ${identifier(name)}`).join(", ");
  const copy = (select: string) =>
    `COPY (${select}) TO ${quoted(target)} (FORMAT csv, HEADER ${csv.header}, DELIMITER ${quoted(csv.delimiter)})`;
  return duck.number(query.select(list === "" ? "1 AS empty" : list, copy));
}

function csvCell(piece: Piece): string {
  return piece.kind === "json" ? `coalesce(${asText(piece)}, ${asJsonText(piece)})` : piece.sql;
}

/** All lines are looked at for the types, so that none is guessed from the first ones. */
function linesRelation(lines: string): string {
  return `read_json(${pathSql(lines)}, format = 'newline_delimited', sample_size = -1, field_appearance_threshold = 0, map_inference_threshold = -1, dateformat = '~~', timestampformat = '~~')`;
}

async function linesToParquet(duck: Duck, lines: string, target: string): Promise<void> {
  await duck.run(
    plain(`COPY (SELECT * FROM ${linesRelation(lines)}) TO ${quoted(target)} (FORMAT parquet, COMPRESSION zstd)`),
  );
}

async function linesToCsv(duck: Duck, lines: string, target: string, csv: CsvOptions): Promise<void> {
  await duck.run(
    plain(
      `COPY (SELECT * FROM ${linesRelation(lines)}) TO ${quoted(target)} (FORMAT csv, HEADER ${csv.header}, DELIMITER ${quoted(csv.delimiter)})`,
    ),
  );
}

async function* joined(batches: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  for await (const batch of batches) if (batch.length > 0) yield `${batch.join("\n")}\n`;
}

async function* asList(batches: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  let first = true;
  yield "[";
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    yield `${first ? "\n" : ",\n"}${batch.join(",\n")}`;
    first = false;
  }
  yield first ? "]\n" : "\n]\n";
}

function* chunked(texts: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const text of texts) {
    chunk += text;
    if (chunk.length < 64 * 1024) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}
