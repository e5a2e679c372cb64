import type { Json } from "@shared/base/json";
import type { Record } from "../records/json";

/** The columns of records: the fields of all of them, in the order they turn up. */
export function columnsOf(records: readonly Record[]): readonly string[] {
  const names = new Set<string>();
  for (const record of records) for (const name of Object.keys(record)) names.add(name);
  return [...names];
}

/** CSV lines of records. Lists and objects are written as JSON, null and missing values as nothing. */
export function* csvLines(
  records: readonly Record[],
  options: { readonly delimiter: string; readonly header: boolean; readonly columns?: readonly string[] },
): Generator<string> {
  const columns = options.columns ?? columnsOf(records);
  if (columns.length === 0) return;
  const line = (cells: readonly (Json | undefined)[]) =>
    `${cells.map((cell) => csvCell(cell, options.delimiter)).join(options.delimiter)}\n`;
  if (options.header) yield line(columns);
  for (const record of records) yield line(columns.map((name) => record[name]));
}

function csvCell(value: Json | undefined, delimiter: string): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "string" ? value : typeof value === "object" ? JSON.stringify(value) : String(value);
  // An empty text is quoted, so that it is told from null when it is read again.
  const needsQuotes = text === "" || text.includes(delimiter) || /["\r\n]/.test(text) || /^\s|\s$/.test(text);
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}
