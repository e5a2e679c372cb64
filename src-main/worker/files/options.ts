import { extname } from "node:path";
import type { Json, JsonObject } from "@shared/base/json";
import type { Task } from "@shared/execution/effect";
import { invalid, refuse } from "../behaviour";
import { formatOfEnding } from "../data/place";
import { allowedPath, type AllowedPath } from "../paths";
import type { RecordFormat } from "../records/dataset";
import { kindOf } from "../records/json";

/** The formats of a `file` component. */
export type FileFormat = RecordFormat | "text";

/** The file a task names, and its format. */
export async function fileOf(task: Task): Promise<{ readonly path: AllowedPath; readonly format: FileFormat }> {
  const path = await allowedPath(task.config["path"], task.place, "config.path");
  return { path, format: formatOf(task.config["format"], path.written) };
}

function formatOf(written: Json | undefined, path: string): FileFormat {
  if (written === undefined || written === null) return formatOfEnding(path) ?? "text";
  if (written === "csv" || written === "json" || written === "jsonl" || written === "parquet" || written === "text")
    return written;
  return refuse(
    invalid(`The format ${JSON.stringify(written)} is none of csv, json, jsonl, parquet, text.`, "config.format"),
  );
}

/** How CSV is read and written, and which columns. */
export interface TableOptions {
  readonly delimiter?: string;
  readonly header: boolean;
  readonly columns?: readonly string[];
}

/** The options of a table; a `.tsv` is separated by tabs. */
export function tableOptions(config: JsonObject, path: string): TableOptions {
  const delimiter = config["delimiter"] ?? (extname(path).toLowerCase() === ".tsv" ? "\t" : undefined);
  if (delimiter !== undefined && (typeof delimiter !== "string" || delimiter.length !== 1)) {
    refuse(invalid(`The delimiter is ${JSON.stringify(delimiter)}; it takes one character.`, "config.delimiter"));
  }
  const columns = config["columns"] ?? undefined;
  if (columns !== undefined && !(Array.isArray(columns) && columns.every((name) => typeof name === "string"))) {
    refuse(invalid(`The columns are ${kindOf(columns)}; they take a list of names.`, "config.columns"));
  }
  return {
    ...(delimiter === undefined ? {} : { delimiter: delimiter as string }),
    header: config["header"] !== false,
    ...(columns === undefined ? {} : { columns: columns as string[] }),
  };
}

/** What `format: text` writes: `content`, else the input; anything but text as JSON. */
export function contentOf(task: Task): string {
  const content = task.config["content"] ?? task.config["records"] ?? task.input;
  return typeof content === "string" ? content : JSON.stringify(content);
}

/** `1.2 MB`. */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
