import { Worker } from "node:worker_threads";
import type { Erased } from "@shared/contract/privacy";
import { Bug } from "@shared/base/bug";
import type { Json } from "@shared/base/json";
import type { ExecutionRow, ValuePage } from "@shared/contract/executions";
import type { Entry } from "@shared/execution/event";
import type { Value } from "@shared/execution/value";
import type { EraseQuery } from "./erase";
import type { ListPage, ListQuery } from "./reads";
import threadPath from "./thread?modulePath";
import type { Answered, Call, ThreadData } from "./thread-calls";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** What new objects may take in the thread: V8's own 192 MB stay resident once they were used. */
const YOUNG_MB = 24;

/** Asks the store's thread, which starts with the first question. */
export class Reader {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private n = 0;
  private closed = false;

  constructor(private readonly data: ThreadData) {}

  /** Entries `from`..`from + limit - 1`. */
  journal(id: string, from: number, limit: number): Promise<readonly Entry[]> {
    return this.ask({ call: "journal", id, from, limit });
  }

  snapshot(id: string): Promise<{ readonly seq: number; readonly text: string } | undefined> {
    return this.ask({ call: "snapshot", id });
  }

  /** Folds what is written of an execution into a snapshot. */
  fold(id: string): Promise<void> {
    return this.ask({ call: "fold", id });
  }

  /** The JSON text of a stored value. */
  async text(id: string, value: string): Promise<string> {
    const text = await this.ask<string | undefined>({ call: "text", id, value });
    if (text === undefined) throw new Bug(`execution ${id} has no value ${value}`);
    return text;
  }

  /** An execution as lists show it; `undefined` when there is none. */
  row(id: string): Promise<ExecutionRow | undefined> {
    return this.ask({ call: "row", id });
  }

  list(query: ListQuery): Promise<ListPage> {
    return this.ask({ call: "list", query });
  }

  /** The last executions of every workflow, oldest first. */
  recent(limit: number): Promise<{ readonly [workflowId: string]: readonly ExecutionRow[] }> {
    return this.ask({ call: "recent", limit });
  }

  /** A page of what lies at `path` below a value; `undefined` when there is nothing. */
  page(
    id: string,
    value: Value,
    path: readonly (string | number)[],
    from: number,
    limit: number,
  ): Promise<ValuePage | undefined> {
    return this.ask({ call: "page", id, value, path, from, limit });
  }

  /** The whole value; sensitive parts are `[REDACTED]`. */
  json(id: string, value: Value): Promise<Json> {
    return this.ask({ call: "json", id, value });
  }

  /** The value's JSON text, redacted, cut at `maxBytes`. */
  raw(
    id: string,
    value: Value,
    maxBytes: number,
    hidden: readonly string[] = [],
  ): Promise<{ readonly text: string; readonly cut: boolean; readonly bytes: number }> {
    return this.ask({ call: "raw", id, value, maxBytes, hidden });
  }

  /** Moves what the write-ahead log holds into the database, so that the log can begin anew. */
  checkpoint(): Promise<unknown> {
    return this.ask({ call: "checkpoint" });
  }

  /** Writes a copy of the database, complete as of this moment, to a file that must not exist. */
  backup(file: string): Promise<void> {
    return this.ask({ call: "backup", file });
  }

  /** Removes for good what was deleted before `before`, what settled before `settledBefore`, and what is past its workflow's retention. */
  purge(
    before: number,
    settledBefore?: number,
    now: number = Date.now(),
  ): Promise<{ readonly workflows: number; readonly executions: number }> {
    return this.ask({ call: "purge", before, now, ...(settledBefore === undefined ? {} : { settledBefore }) });
  }

  /** Removes for good what is kept of a person. `key` opens what the vault sealed. */
  erase(key: Uint8Array, query: EraseQuery): Promise<Erased> {
    return this.ask({ call: "erase", key, query });
  }

  /** Starts the thread before there is a question for it. */
  warm(): void {
    if (this.worker === undefined && !this.closed) (this.worker = this.start()).unref();
  }

  private ask<T>(call: Call): Promise<T> {
    if (this.closed) return Promise.reject(new Bug("the store is closed"));
    const worker = (this.worker ??= this.start());
    const n = (this.n += 1);
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(n, { resolve: resolve as (value: unknown) => void, reject });
      worker.ref();
      worker.postMessage({ ...call, n });
    });
  }

  private start(): Worker {
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB };
    const worker = new Worker(threadPath, { workerData: this.data, name: "store", resourceLimits });
    worker.on("message", (answered: Answered) => {
      const waiting = this.waiting.get(answered.n);
      this.waiting.delete(answered.n);
      // An idle thread keeps no command line from ending.
      if (this.waiting.size === 0) worker.unref();
      if (answered.ok) waiting?.resolve(answered.value);
      else waiting?.reject(answered.error);
    });
    worker.on("error", (error) => this.fail(worker, error));
    worker.on("exit", () => this.fail(worker, new Bug("the store's thread ended")));
    worker.unref();
    return worker;
  }

  private fail(worker: Worker, error: unknown): void {
    if (this.worker === worker) this.worker = undefined;
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const one of waiting) one.reject(error);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.worker?.terminate();
  }
}
