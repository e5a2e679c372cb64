import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import type { GroupAnswer, GroupJob, GroupsAnswer } from "@shared/execution/jobs";
import type { Finished, Work } from "@shared/execution/work";
import { Batches } from "./batches";
import { Children } from "./child";
import { failing, isOutOfMemory, tookTooLong, tookTooMuch } from "./failing";
import type { Carrier, Lane } from "./ports";
import { Remote, YOUNG_MB } from "./remote";
import { WaitingLine } from "./waiting-line";

/** JavaScript memory a thread may take, several times what it is given to read; native memory is for child processes, where it is watched. */
const THREAD_MB = 2048;
/** An idle thread is let go after this long: it holds some 20 MB. */
const IDLE_MS = 10_000;

/** Where the built entries are. */
export interface PoolOptions {
  readonly entry: string;
  readonly childEntry: string;
  readonly remoteEntry: string;
  /** Default: one a core. */
  readonly threads?: number;
}

type Progress = (text: string, fraction?: number) => void;

/** Worker threads and child processes. Nothing is started before it is needed. */
export function openPool(options: PoolOptions): Carrier {
  return new Pool(options);
}

class Pool implements Carrier {
  private readonly size: number;
  private readonly children: Children;
  private readonly batches: Batches;
  private readonly remote: Remote;
  private readonly line = new WaitingLine();
  private readonly progress = new Map<number, Progress>();
  private threads: Piscina | undefined;
  private running = 0;
  private n = 0;
  private closed = false;

  constructor(private readonly options: PoolOptions) {
    this.size = options.threads ?? Math.max(2, availableParallelism());
    this.children = new Children(options.childEntry, this.size);
    this.remote = new Remote(options.remoteEntry, THREAD_MB);
    this.batches = new Batches((job, signal) => this.think<GroupsAnswer>(job, signal), this.size);
  }

  async carry(work: Work, lane: Lane, signal: AbortSignal, progress: Progress): Promise<Finished> {
    if (lane === "remote" && !this.closed) {
      const finished = await this.remote.carry(work, signal, progress);
      if (finished !== "child") return finished;
    }
    if (this.closed) return failing("cancelled", "It was stopped.");
    const limit = new AbortController();
    const both = AbortSignal.any([signal, limit.signal]);
    let timer: NodeJS.Timeout | undefined;
    const begun = (): void => {
      const { timeoutMs } = work.limits;
      if (timeoutMs !== undefined && timer === undefined) timer = setTimeout(() => limit.abort(), timeoutMs);
    };
    try {
      let finished = lane === "thread" ? await this.inThread(work, both, progress, begun) : "child";
      if (finished === "child") finished = await this.children.carry(work, both, progress, begun);
      return limit.signal.aborted && work.limits.timeoutMs !== undefined
        ? tookTooLong(work.limits.timeoutMs)
        : finished;
    } finally {
      clearTimeout(timer);
    }
  }

  private async inThread(
    work: Work,
    signal: AbortSignal,
    progress: Progress,
    begun: () => void,
  ): Promise<Finished | "child"> {
    const n = (this.n += 1);
    this.progress.set(n, progress);
    try {
      return await this.think<Finished | "child">({ kind: "carry", n, work }, signal, begun);
    } catch (error) {
      if (signal.aborted || this.closed) return failing("cancelled", "It was stopped.");
      return isOutOfMemory(error)
        ? tookTooMuch(THREAD_MB * 1024 * 1024)
        : failing("component_error", `The thread that carried it out ended: ${messageOf(error)}`);
    } finally {
      this.progress.delete(n);
    }
  }

  group(job: GroupJob, done: (answer: GroupAnswer | undefined, error?: unknown) => void): () => void {
    return this.batches.add(job, done);
  }

  async think<T>(job: object, signal?: AbortSignal, begun?: () => void): Promise<T> {
    while (this.running >= this.size && signal?.aborted !== true) await this.line.wait(signal);
    signal?.throwIfAborted();
    // A thread started now would be ended by nobody.
    if (this.closed) throw new Error("The host is closing.");
    this.running += 1;
    try {
      begun?.();
      this.threads ??= this.start();
      return (await this.threads.run(job, signal === undefined ? undefined : { signal })) as T;
    } finally {
      this.running -= 1;
      this.line.next();
    }
  }

  warm(): void {
    if (!this.closed) this.threads ??= this.start(1);
  }

  private start(minThreads = 0): Piscina {
    const pool = new Piscina({
      filename: this.options.entry,
      name: "work",
      minThreads,
      maxThreads: this.size,
      idleTimeout: IDLE_MS,
      atomics: "sync",
      resourceLimits: { maxOldGenerationSizeMb: THREAD_MB, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    pool.on(
      "message",
      (said: { readonly progress?: { readonly n: number; readonly text: string; readonly fraction?: number } }) => {
        if (said.progress !== undefined)
          this.progress.get(said.progress.n)?.(said.progress.text, said.progress.fraction);
      },
    );
    // A thread's death is told by the promise of its task; an unheard error event would end the host.
    pool.on("error", () => undefined);
    return pool;
  }

  info(): { readonly workers: number; readonly busy: number } {
    const threads = (this.threads?.threads.length ?? 0) + this.remote.alive;
    return {
      workers: threads + this.children.alive,
      busy: this.running + (this.remote.busy > 0 ? 1 : 0) + this.children.busy,
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    this.children.close();
    await Promise.all([this.threads?.destroy(), this.remote.close()]);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
