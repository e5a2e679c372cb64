import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from "@duckdb/node-api";
import { availableParallelism } from "node:os";
import { isMainThread } from "node:worker_threads";
import { Bug } from "@shared/base/bug";
import type { Statement } from "./sql";
import { invalid, Refusal, refuse, type Problem } from "../behaviour";

/** What an instance may use. */
export interface DuckLimits {
  readonly memoryMb: number;
  /** Where it puts what does not fit into memory. */
  readonly scratch: string;
  readonly signal: AbortSignal;
  /** Told now and then how far a long statement is. */
  readonly progress?: (text: string, fraction: number) => void;
}

const PROGRESS_MS = 500;

/** One in-memory database that reads and writes files; for the time of one task. */
export class Duck {
  constructor(private readonly connection: DuckDBConnection) {}

  /** Rows of the statement's columns. For small results only. */
  async rows({ sql, bound }: Statement): Promise<readonly (readonly DuckDBValue[])[]> {
    try {
      return (await this.connection.runAndReadAll(sql, [...bound])).getRows();
    } catch (thrown) {
      return refuse(problemOf(thrown));
    }
  }

  async run({ sql, bound }: Statement): Promise<void> {
    try {
      await this.connection.run(sql, [...bound]);
    } catch (thrown) {
      refuse(problemOf(thrown));
    }
  }

  /** The texts of a statement with one column, as they are computed, some thousand at a time. */
  async *texts({ sql, bound }: Statement): AsyncGenerator<readonly string[]> {
    try {
      const result = await this.connection.stream(sql, [...bound]);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (!chunk || chunk.rowCount === 0) return;
        yield chunk.getColumnValues(0) as string[];
      }
    } catch (thrown) {
      if (thrown instanceof Refusal) throw thrown;
      refuse(problemOf(thrown));
    }
  }

  /** One number. */
  async number(statement: Statement): Promise<number> {
    const [row] = await this.rows(statement);
    return Number(row?.[0] ?? 0);
  }
}

/** Opens a database, hands it to `work` and closes it, whatever happens. An abort interrupts what runs. */
export async function withDuck<T>(limits: DuckLimits, work: (duck: Duck) => Promise<T>): Promise<T> {
  const opened = await open(limits);
  try {
    return await work(opened.duck);
  } finally {
    opened.close();
  }
}

/** {@link withDuck} for what comes bit by bit: closed when the last bit was taken, or when nobody wants more. */
export async function* duckStream<T>(limits: DuckLimits, work: (duck: Duck) => AsyncGenerator<T>): AsyncGenerator<T> {
  const opened = await open(limits);
  try {
    yield* work(opened.duck);
  } finally {
    opened.close();
  }
}

/** Loaded here and nowhere else: a thread that is ended while it loads DuckDB takes its whole process along. */
async function library(): Promise<{ readonly DuckDBInstance: typeof DuckDBInstance }> {
  if (!isMainThread) throw new Bug("DuckDB was asked for in a thread; it is for processes of their own");
  return import("@duckdb/node-api");
}

async function open(limits: DuckLimits): Promise<{ readonly duck: Duck; close(): void }> {
  const memoryMb = Math.max(64, Math.floor(limits.memoryMb));
  const { DuckDBInstance: instances } = await library();
  const instance = await instances.create(":memory:", {
    memory_limit: `${memoryMb}MB`,
    temp_directory: limits.scratch,
    // Each reads with a buffer of 32 MB.
    threads: String(Math.max(1, Math.min(4, availableParallelism(), Math.floor(memoryMb / 64)))),
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  // Only then does the engine count how far it is; nothing is printed.
  if (limits.progress) await connection.run("SET enable_progress_bar = true; SET enable_progress_bar_print = false");
  const interrupt = () => connection.interrupt();
  limits.signal.addEventListener("abort", interrupt, { once: true });
  const told = setInterval(() => {
    const { percentage, rows_processed } = connection.progress;
    if (percentage > 0 && percentage < 100)
      limits.progress?.(`${Number(rows_processed).toLocaleString("en-US")} records read`, percentage / 100);
  }, PROGRESS_MS);
  const close = (): void => {
    clearInterval(told);
    limits.signal.removeEventListener("abort", interrupt);
    connection.closeSync();
    instance.closeSync();
  };
  if (limits.signal.aborted) {
    close();
    refuse({ type: "cancelled", message: "The work was stopped." });
  }
  return { duck: new Duck(connection), close };
}

/** Begins the text of errors that our own SQL raises, followed by the type and the words. */
export const RAISED = "apg!";

/** DuckDB tells its errors apart only by how their text begins; translated here and nowhere else. */
function problemOf(thrown: unknown): Problem {
  if (!(thrown instanceof Error)) throw thrown;
  const text = thrown.message;
  const raised = new RegExp(`${RAISED}(\\w+)!([^!]*)!`).exec(text);
  if (raised) return { type: raised[1] as Problem["type"], message: raised[2]! };
  if (text.startsWith("INTERRUPT")) return { type: "cancelled", message: "The work was stopped." };
  const [line = ""] = text.split("\n", 1);
  if (text.startsWith("Out of Memory") || line.includes("failed to offload")) {
    return {
      type: "resource_limit_exceeded",
      message: `It needs more than memory_limit_mb allows: ${line}`,
      place: "config.memory_limit_mb",
    };
  }
  if (text.startsWith("IO Error")) return { type: "component_error", message: line };
  if (/^(Invalid Input|Conversion|Out of Range) Error/.test(text)) return invalid(line);
  throw thrown;
}
