import type { Json, JsonObject } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import type { Rules } from "./rules";

/** The formats records are read from and written to. */
export type RecordFormat = "csv" | "json" | "jsonl" | "parquet";

/** A file as it was when it was read; a change of any of these is told to whoever reads it again. */
export interface IdentifiedSource {
  /** Absolute. */
  readonly path: string;
  readonly format: RecordFormat;
  readonly size: number;
  readonly mtime: number;
  /** SHA-256 over size, beginning, middle and end: enough to tell versions of a file apart without reading it all. */
  readonly digest: string;
  /** Of JSON: a list of objects, or one object after the other. */
  readonly shape?: "list" | "objects";
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly columns?: readonly string[];
}

/** A recipe for records: an identified source and what is done to it. */
export interface DatasetReference {
  readonly dataset: { readonly source: IdentifiedSource; readonly steps: readonly Rules[] };
  readonly rows: number;
}

/** Results of files up to this many records travel as records, larger ones as a dataset. */
export const RECORDS_IN_PLACE = 10_000;

/** Whether `value` is a dataset reference. */
export function isDataset(value: Json): value is JsonObject & DatasetReference & Json {
  if (!isJsonObject(value) || !isJsonObject(value["dataset"])) return false;
  const { source, steps } = value["dataset"];
  return (
    isJsonObject(source) &&
    typeof source["path"] === "string" &&
    typeof source["digest"] === "string" &&
    Array.isArray(steps)
  );
}
