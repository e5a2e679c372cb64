import { open } from "node:fs/promises";
import type { Outcome, Task } from "@shared/execution/effect";
import { completed, invalid, refuse, type Tools } from "../behaviour";
import { csvLines } from "../data/csv";
import { loadDataset } from "../data/load";
import { resultRecords } from "../data/records-of";
import { chosenColumns, withTaskDuck } from "../data/run";
import { writeRecords } from "../data/write";
import { codeOf, makeParents, refuseFileError, type AllowedPath } from "../paths";
import type { Record } from "../records/json";
import { countWords, givenRecords } from "../records/records";
import { contentOf, fileOf, sizeWords, tableOptions, type TableOptions } from "./options";
import { countLines } from "./write";

/** Adds to the end of a file, in one write; JSON lists and Parquet files are written anew. */
export async function appendFile(task: Task, tools: Tools): Promise<Outcome> {
  const { path, format } = await fileOf(task);
  if (format === "text") {
    const text = contentOf(task);
    const bytes = await addText(path, () => text);
    return completed({ path: path.written, rows: countLines(text), bytes }, { facts: `${sizeWords(bytes)} in all` });
  }
  const options = tableOptions(task.config, path.written);
  const found = givenRecords(task.config, task.input);
  const given = found.kind === "records" ? found.records : await loadDataset(task, tools, found.reference);
  const records = chosenColumns(given, options.columns);
  const facts = `${countWords(records.length)} added`;
  if (format === "jsonl") {
    const bytes = await addText(
      path,
      (before) => separated(before) + records.map((record) => `${JSON.stringify(record)}\n`).join(""),
    );
    return completed({ path: path.written, rows: records.length, bytes }, { facts });
  }
  if (format === "csv") {
    const bytes = await addText(path, (before) => separated(before) + csvText(records, before, options, path));
    return completed({ path: path.written, rows: records.length, bytes }, { facts });
  }
  const before = await resultRecords(task, tools, { path, format });
  const csv = { delimiter: ",", header: true };
  const written = await writeRecords({ path, format }, [...before, ...records], csv, task.place.scratch, (work) =>
    withTaskDuck(task, tools, work),
  );
  return completed({ path: path.written, rows: records.length, bytes: written.bytes }, { facts });
}

/** What a file ends and begins with. */
interface Before {
  readonly isEmpty: boolean;
  readonly endsLine: boolean;
  readonly firstLine: string;
}

function separated({ isEmpty, endsLine }: Before): string {
  return isEmpty || endsLine ? "" : "\n";
}

/** The columns that are there decide: rows of other columns would put values under wrong names. */
function csvText(records: readonly Record[], before: Before, options: TableOptions, path: AllowedPath): string {
  const delimiter = options.delimiter ?? ",";
  if (before.isEmpty || !options.header) {
    return [
      ...csvLines(records, {
        delimiter,
        header: options.header && before.isEmpty,
        ...(options.columns ? { columns: options.columns } : {}),
      }),
    ].join("");
  }
  const columns = cells(before.firstLine, delimiter);
  const extra = records.flatMap((record) => Object.keys(record)).find((name) => !columns.includes(name));
  if (extra !== undefined) {
    refuse(invalid(`${path.written} has no column "${extra}"; its columns are ${columns.join(", ")}.`));
  }
  return [...csvLines(records, { delimiter, header: false, columns })].join("");
}

function cells(line: string, delimiter: string): readonly string[] {
  const found: string[] = [];
  let cell = "";
  let inQuotes = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (inQuotes && char === '"' && line[i + 1] === '"') {
      cell += '"';
      i += 1;
    } else if (char === '"') inQuotes = !inQuotes;
    else if (char === delimiter && !inQuotes) {
      found.push(cell);
      cell = "";
    } else cell += char;
  }
  return [...found, cell];
}

async function addText(path: AllowedPath, text: (before: Before) => string): Promise<number> {
  await makeParents(path);
  try {
    const before = await look(path);
    const handle = await open(path.absolute, "a");
    try {
      await handle.appendFile(text(before));
      await handle.sync();
      return (await handle.stat()).size;
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    return refuseFileError(thrown, path);
  }
}

const LONGEST_HEADER = 64 * 1024;

async function look(path: AllowedPath): Promise<Before> {
  try {
    const handle = await open(path.absolute, "r");
    try {
      const { size } = await handle.stat();
      const head = await handle.read(
        Buffer.alloc(Math.min(LONGEST_HEADER, size)),
        0,
        Math.min(LONGEST_HEADER, size),
        0,
      );
      const tail = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
      const [firstLine = ""] = head.buffer
        .toString("utf8")
        .replace(/^\ufeff/, "")
        .split(/\r?\n/, 1);
      return { isEmpty: size === 0, endsLine: tail.buffer[0] === 10, firstLine };
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return { isEmpty: true, endsLine: true, firstLine: "" };
    throw thrown;
  }
}
