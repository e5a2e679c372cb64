import { Worker } from "node:worker_threads";
import type { Finished, Work } from "@shared/execution/work";
import type { Ms } from "@shared/base/units";
import { failing, isOutOfMemory, tookTooLong, tookTooMuch } from "./failing";
import { WaitingLine } from "./waiting-line";

/** Tasks that wait in one thread at the same time. */
const AT_ONCE = 256;
/** What new objects may take in a thread: V8's own 192 MB stay resident once they were used. */
export const YOUNG_MB = 24;
/** An idle thread is let go after this long: it holds some 20 MB. */
const IDLE_MS = 10_000;
/** How long an aborted task may take to end before nobody waits for it any more. */
const GRACE_MS = 500;

type Progress = (text: string, fraction?: number) => void;
type Answer = Finished | "child";

type Asked =
  { readonly kind: "carry"; readonly n: number; readonly work: Work } | { readonly kind: "abort"; readonly n: number };

type Told =
  | { readonly kind: "finished"; readonly n: number; readonly finished: Answer }
  | { readonly kind: "progress"; readonly n: number; readonly text: string; readonly fraction?: number };

interface Job {
  readonly done: (answer: Answer) => void;
  readonly progress: Progress;
}

/** A thread that many tasks share. What is asked in the same round of the event loop goes in one message. */
class Shared {
  private readonly worker: Worker;
  private readonly jobs = new Map<number, Job>();
  private asking: Asked[] = [];
  private idle: NodeJS.Timeout | undefined;
  /** Ended, or not to be used any more. */
  isOver = false;

  constructor(
    entry: string,
    private readonly memoryMb: number,
  ) {
    const resourceLimits = { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: YOUNG_MB };
    this.worker = new Worker(entry, { resourceLimits, name: "remote" });
    this.worker.on("message", (told: readonly Told[]) => this.hear(told));
    this.worker.on("error", (error) => this.died(error));
    this.worker.on("exit", () => this.died(new Error("it ended")));
    this.worker.unref();
  }

  get busy(): number {
    return this.jobs.size;
  }

  carry(n: number, work: Work, job: Job): void {
    clearTimeout(this.idle);
    if (this.jobs.size === 0) this.worker.ref();
    this.jobs.set(n, job);
    this.ask({ kind: "carry", n, work });
  }

  abort(n: number): void {
    if (this.jobs.has(n)) this.ask({ kind: "abort", n });
  }

  /** Waits for nothing of `n` any more. The thread gets no more work, since `n` may keep it, and ends with its last task. */
  leave(n: number): void {
    this.isOver = true;
    this.answer(n, failing("cancelled", "It was stopped."));
  }

  private ask(one: Asked): void {
    this.asking.push(one);
    if (this.asking.length > 1) return;
    setImmediate(() => {
      const all = this.asking;
      this.asking = [];
      this.worker.postMessage(all);
    });
  }

  private hear(told: readonly Told[]): void {
    for (const one of told) {
      if (one.kind === "finished") this.answer(one.n, one.finished);
      else this.jobs.get(one.n)?.progress(one.text, one.fraction);
    }
  }

  private answer(n: number, answer: Answer): void {
    const job = this.jobs.get(n);
    if (!this.jobs.delete(n)) return;
    if (this.jobs.size === 0) this.rest();
    job?.done(answer);
  }

  private rest(): void {
    this.worker.unref();
    if (this.isOver) return void this.close();
    this.idle = setTimeout(() => void this.close(), IDLE_MS).unref();
  }

  private died(error: unknown): void {
    this.isOver = true;
    const told = error instanceof Error ? error.message : String(error);
    const outcome = isOutOfMemory(error)
      ? tookTooMuch(this.memoryMb * 1024 * 1024)
      : failing("component_error", `The thread that carried it out ended: ${told}`);
    for (const n of [...this.jobs.keys()]) this.answer(n, outcome);
  }

  async close(): Promise<void> {
    this.isOver = true;
    clearTimeout(this.idle);
    await this.worker.terminate();
  }
}

/** Carries out attempts that mostly wait for a network, many in one thread. */
export class Remote {
  private thread: Shared | undefined;
  private readonly retired = new Set<Shared>();
  private readonly line = new WaitingLine();
  private n = 0;
  private closed = false;

  constructor(
    private readonly entry: string,
    private readonly memoryMb: number,
  ) {}

  get alive(): number {
    return this.threads().length;
  }

  get busy(): number {
    return this.threads().reduce((sum, { busy }) => sum + busy, 0);
  }

  /**
   * An abort is told rather than enforced, since others share the thread; who does not listen is left behind.
   *
   * @returns `"child"` when the behaviour wants a process of its own.
   */
  async carry(work: Work, signal: AbortSignal, progress: Progress): Promise<Answer> {
    while ((this.thread?.busy ?? 0) >= AT_ONCE && !signal.aborted) await this.line.wait(signal);
    // A thread started once the host closes would be ended by nobody.
    if (signal.aborted || this.closed) return failing("cancelled", "It was stopped.");
    return this.inThread(work, signal, progress);
  }

  private inThread(work: Work, signal: AbortSignal, progress: Progress): Promise<Answer> {
    return new Promise((resolve) => {
      const thread = this.open();
      const n = (this.n += 1);
      let left: NodeJS.Timeout | undefined;
      let isLate = false;
      const stop = (): void => {
        thread.abort(n);
        left ??= setTimeout(() => thread.leave(n), GRACE_MS);
      };
      const late = lateAfter(work.limits.timeoutMs, () => {
        isLate = true;
        stop();
      });
      const done = (answer: Answer): void => {
        clearTimeout(late);
        clearTimeout(left);
        signal.removeEventListener("abort", stop);
        this.line.next();
        const { timeoutMs } = work.limits;
        if (signal.aborted) return resolve(failing("cancelled", "It was stopped."));
        resolve(isLate && timeoutMs !== undefined ? tookTooLong(timeoutMs) : answer);
      };
      signal.addEventListener("abort", stop, { once: true });
      thread.carry(n, work, { done, progress });
    });
  }

  private open(): Shared {
    if (this.thread !== undefined && !this.thread.isOver) return this.thread;
    if (this.thread !== undefined && this.thread.busy > 0) this.retired.add(this.thread);
    return (this.thread = new Shared(this.entry, this.memoryMb));
  }

  private threads(): readonly Shared[] {
    for (const thread of this.retired) if (thread.busy === 0) this.retired.delete(thread);
    return this.thread === undefined || this.thread.isOver ? [...this.retired] : [this.thread, ...this.retired];
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([this.thread, ...this.retired].map((thread) => thread?.close()));
  }
}

/** The behaviour tells best how far it came, so it is given a moment to end by itself. */
function lateAfter(timeoutMs: Ms | undefined, fire: () => void): NodeJS.Timeout | undefined {
  return timeoutMs === undefined ? undefined : setTimeout(fire, timeoutMs + HEAD_START_MS);
}

const HEAD_START_MS = 100;
