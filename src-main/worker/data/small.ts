import { readFile } from "node:fs/promises";
import type { Json } from "@shared/base/json";
import type { Bytes } from "@shared/base/units";
import { invalid, refuse } from "../behaviour";
import { refuseFileError } from "../paths";
import type { IdentifiedSource } from "../records/dataset";
import type { Record } from "../records/json";
import { given } from "../records/records";
import type { RecordFile } from "./place";

/** JSON files up to this size are read as they are, in memory, without the database engine. */
export const SMALL_FILE: Bytes = 4 * 1024 * 1024;

/** The records of a small JSON or JSON lines file. */
export async function readSmall(file: RecordFile): Promise<readonly Record[]> {
  const text = await readFile(file.path.absolute, "utf8").catch((thrown: unknown) =>
    refuseFileError(thrown, file.path),
  );
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const values = file.format === "jsonl" || isLines(plain) ? lines(plain, file) : parse(plain, file.path.written);
  const records = given(values, file.path.written);
  return records.kind === "records" ? records.records : refuse(invalid(`${file.path.written} holds no records.`));
}

/** A `.json` file may hold one object after the other. */
function isLines(text: string): boolean {
  const start = text.trimStart();
  if (!start.startsWith("{")) return false;
  const end = start.indexOf("\n");
  if (end < 0) return false;
  return start.slice(0, end).trimEnd().endsWith("}") && start.slice(end).trimStart().startsWith("{");
}

function lines(text: string, file: RecordFile): Json {
  return text
    .split("\n")
    .flatMap((line, i) => (line.trim() === "" ? [] : [parse(line, `${file.path.written}:${i + 1}`)]));
}

function parse(text: string, where: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (thrown) {
    return refuse(invalid(`${where} is no JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}.`));
  }
}

/** Whether the file is read by {@link readSmall}. */
export function isSmallJson(source: IdentifiedSource, limit: Bytes = SMALL_FILE): boolean {
  return (source.format === "json" || source.format === "jsonl") && source.size <= limit;
}
