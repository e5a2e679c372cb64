import { randomBytes } from "node:crypto";
import { createWriteStream, type WriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import type { Json, JsonObject } from "@shared/base/json";
import type { Task } from "@shared/execution/effect";
import { secretFinder } from "@shared/execution/secret-text";
import { identify } from "../data/place";
import { RECORDS_IN_PLACE } from "../records/dataset";

/** Rows whose text is longer than this are kept in a file, however few they are. */
const TEXT_IN_PLACE = 16 * 1024 * 1024;

/** How much of a result travels as records; tests lower it. */
export interface ResultLimits {
  readonly rows: number;
  readonly text: number;
}

export const RESULT_LIMITS: ResultLimits = { rows: RECORDS_IN_PLACE, text: TEXT_IN_PLACE };

/** Collects the rows of a result: few stay in memory, many go to a file that later components read as a dataset. */
export class Results {
  #rows: JsonObject[] = [];
  #text = 0;
  #file: { readonly path: string; readonly stream: WriteStream } | undefined;
  count = 0;
  bytes = 0;

  constructor(
    private readonly task: Task,
    private readonly limits: ResultLimits = RESULT_LIMITS,
  ) {}

  /** Resolves when there is room for more. */
  async add(rows: readonly JsonObject[]): Promise<void> {
    const text = this.#textOf(rows);
    this.count += rows.length;
    this.bytes += text.length;
    if (this.#file === undefined) {
      this.#text += text.length;
      for (const row of rows) this.#rows.push(row);
      if (this.#rows.length <= this.limits.rows && this.#text <= this.limits.text) return;
      this.#file = await this.#open();
      await this.#write(this.#textOf(this.#rows));
      this.#rows = [];
    } else await this.#write(text);
  }

  /** The rows, or a dataset that stands for them. */
  async result(): Promise<Json> {
    if (this.#file === undefined) return this.#rows;
    const { path, stream } = this.#file;
    stream.end();
    await once(stream, "finish");
    const source = await identify({ path: { absolute: path, written: path }, format: "jsonl" }, {});
    return { dataset: { source, steps: [] }, rows: this.count } as unknown as Json;
  }

  /** Removes what was written: nobody will ask for it. */
  async discard(): Promise<void> {
    if (this.#file === undefined) return;
    this.#file.stream.destroy();
    await rm(this.#file.path, { force: true });
  }

  #textOf(rows: readonly JsonObject[]): string {
    return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  }

  async #open(): Promise<{ readonly path: string; readonly stream: WriteStream }> {
    const { place } = this.task;
    const folder = place.datasets ?? place.scratch;
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${randomBytes(8).toString("hex")}.jsonl`);
    const stream = createWriteStream(path, { mode: 0o600 });
    return { path, stream };
  }

  async #write(text: string): Promise<void> {
    const stream = this.#file?.stream;
    // A file is no place for references to the vault, so what is sensitive is not in it.
    const clean = secretFinder(this.task.sensitive)?.redact(text) ?? text;
    if (stream && !stream.write(clean)) await once(stream, "drain");
  }
}
