import { createHash } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { dirname, extname } from "node:path";
import type { Json, JsonObject } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import type { TaskPlace } from "@shared/execution/effect";
import { invalid, refuse } from "../behaviour";
import { allowedPath, refuseFileError, type AllowedPath } from "../paths";
import type { IdentifiedSource, RecordFormat } from "../records/dataset";

/** A file of records that may be touched, with its format. */
export interface RecordFile {
  readonly path: AllowedPath;
  readonly format: RecordFormat;
}

const ENDINGS: { readonly [ending: string]: RecordFormat } = {
  ".csv": "csv",
  ".tsv": "csv",
  ".json": "json",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".parquet": "parquet",
};

/** The format a path's ending stands for; `undefined` for one that says nothing. */
export function formatOfEnding(path: string): RecordFormat | undefined {
  return ENDINGS[extname(path).toLowerCase()];
}

/** A file of records as the workflow writes it: a path, or `{path, format}`. */
export async function recordFile(written: Json | undefined, place: TaskPlace, key: string): Promise<RecordFile> {
  const from: JsonObject = isJsonObject(written) ? written : { path: written ?? null };
  const path = await allowedPath(from["path"], place, isJsonObject(written) ? `${key}.path` : key);
  const format = from["format"] ?? formatOfEnding(path.written);
  if (format === "csv" || format === "json" || format === "jsonl" || format === "parquet") return { path, format };
  return refuse(
    invalid(
      format === undefined
        ? `The ending of ${path.written} names no format; say csv, json, jsonl or parquet.`
        : `The format ${JSON.stringify(format)} is none of csv, json, jsonl, parquet.`,
      key,
    ),
  );
}

const BLOCK = 64 * 1024;

/** Identifies a file as it is at this moment. */
export async function identify(
  file: RecordFile,
  options: Pick<IdentifiedSource, "delimiter" | "header" | "columns">,
): Promise<IdentifiedSource> {
  try {
    const { size, mtimeMs } = await stat(file.path.absolute);
    const digest = await digestOf(file.path.absolute, size);
    const shape = file.format === "json" ? { shape: await shapeOf(file.path.absolute) } : {};
    return {
      path: file.path.absolute,
      format: file.format,
      size,
      mtime: Math.round(mtimeMs),
      digest,
      ...shape,
      ...options,
    };
  } catch (thrown) {
    return refuseFileError(thrown, file.path);
  }
}

/** Whether a JSON file is a list, or one object after the other. */
async function shapeOf(path: string): Promise<"list" | "objects"> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer
      .subarray(0, bytesRead)
      .toString("utf8")
      .replace(/^\ufeff/, "")
      .trimStart()
      .startsWith("[")
      ? "list"
      : "objects";
  } finally {
    await handle.close();
  }
}

async function digestOf(path: string, size: number): Promise<string> {
  const hash = createHash("sha256").update(`${size}:`);
  const handle = await open(path, "r");
  try {
    for (const at of new Set([0, Math.max(0, Math.floor(size / 2) - BLOCK / 2), Math.max(0, size - BLOCK)])) {
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(Math.min(BLOCK, size)),
        0,
        Math.min(BLOCK, size),
        at,
      );
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
  return hash.digest("hex");
}

/** Refuses a source that is no longer the file that was read, or that may no longer be touched. */
export async function sameSource(source: IdentifiedSource, place: TaskPlace): Promise<RecordFile> {
  const ours = place.datasets === undefined ? place.scratch : dirname(place.datasets);
  const path = await allowedPath(source.path, { ...place, allowed: [...place.allowed, ours] }, "dataset.source");
  const file: RecordFile = { path, format: source.format };
  const current = await identify(file, {});
  if (current.size !== source.size || current.mtime !== source.mtime || current.digest !== source.digest) {
    refuse(
      invalid(`${source.path} changed after this dataset was read from it; run the component that reads it again.`),
    );
  }
  return file;
}
