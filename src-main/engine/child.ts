import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { Together, type TextPiece } from "@shared/execution/handing";
import type { Finished, Work } from "@shared/execution/work";
import { failing, tookTooMuch } from "./failing";
import { WaitingLine } from "./waiting-line";

/** What a child may take when the component sets no limit: native and ArrayBuffer memory count too. */
const DEFAULT_MEMORY = 1024 * 1024 * 1024;
/** An idle child is let go after this long. */
const IDLE_MS = 20_000;
/** How long an aborted task may tidy up before its process is killed. */
const GRACE_MS = 400;

/** How long the last word of a process that has ended is waited for, should something it started keep the pipe. */
const LAST_WORD_MS = 500;
const ENDED = failing("component_error", "The process that carried it out ended unexpectedly.");

type Said =
  | { readonly kind: "ready" }
  | { readonly kind: "progress"; readonly n: number; readonly text: string; readonly fraction?: number }
  | { readonly kind: "piece"; readonly n: number; readonly piece: TextPiece }
  /** Without the texts that came in pieces. */
  | { readonly kind: "finished"; readonly n: number; readonly finished: Finished };

interface Job {
  readonly n: number;
  readonly memoryBytes: number;
  readonly done: (finished: Finished) => void;
  readonly progress: (text: string, fraction?: number) => void;
}

/** A process that carries out one attempt at a time and can be killed without harm to the host. */
class Child {
  private readonly process: ChildProcess;
  private job: Job | undefined;
  private together = new Together();
  private overMemory = false;
  private idle: NodeJS.Timeout | undefined;
  gone = false;

  constructor(
    entry: string,
    private readonly left: () => void,
  ) {
    this.process = fork(entry, [], {
      serialization: "advanced",
      // Nothing of the host's environment reaches trusted code but what finding programs and temporary files takes.
      env: { ...some(["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "LANG", "SystemRoot"]), ELECTRON_RUN_AS_NODE: "1" },
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc", "pipe"],
    });
    this.process.stdio[4]?.on("data", () => (this.overMemory = true));
    this.process.on("message", (said: Said) => this.hear(said));
    this.process.on("exit", (_code, signal) => {
      // So ends a process whose heap is full before the watch has seen it.
      this.overMemory ||= signal === "SIGABRT";
      this.exited();
    });
    this.process.on("error", () => this.exited());
  }

  get busy(): boolean {
    return this.job !== undefined;
  }

  run(work: Work, job: Job): void {
    clearTimeout(this.idle);
    this.job = job;
    this.together = new Together();
    this.process.ref();
    this.process.send({ kind: "work", n: job.n, work, memoryBytes: job.memoryBytes });
  }

  abort(n: number): void {
    if (this.job?.n !== n) return;
    if (this.process.connected) this.process.send({ kind: "abort" });
    setTimeout(() => {
      if (this.job?.n === n) this.kill();
    }, GRACE_MS);
  }

  kill(): void {
    this.process.kill("SIGKILL");
  }

  private hear(said: Said): void {
    if (said.kind === "ready" || said.n !== this.job?.n) return;
    if (said.kind === "progress") return this.job.progress(said.text, said.fraction);
    if (said.kind === "piece") return this.together.add(said.piece);
    const { done } = this.job;
    const finished = this.together.with(said.finished);
    this.together = new Together();
    this.job = undefined;
    this.idle = setTimeout(() => this.kill(), IDLE_MS).unref();
    this.process.unref();
    this.process.channel?.unref();
    done(finished);
    this.left();
  }

  private exited(): void {
    if (this.gone) return;
    this.gone = true;
    clearTimeout(this.idle);
    const { job } = this;
    this.job = undefined;
    if (job !== undefined) this.afterLastWord(() => job.done(this.overMemory ? tookTooMuch(job.memoryBytes) : ENDED));
    this.left();
  }

  /** The watch's word comes over a pipe of its own and may arrive after the exit. */
  private afterLastWord(tell: () => void): void {
    const pipe = this.process.stdio[4];
    if (!pipe || pipe.destroyed) return void setImmediate(tell);
    const late = setTimeout(tell, LAST_WORD_MS);
    pipe.once("close", () => {
      clearTimeout(late);
      tell();
    });
  }
}

function some(names: readonly string[]): { [name: string]: string } {
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

/** Child processes for trusted code, DuckDB and other native work; at most `size` at a time. */
export class Children {
  private readonly children = new Set<Child>();
  private readonly line = new WaitingLine();
  private n = 0;
  private closed = false;

  constructor(
    private readonly entry: string,
    private readonly size: number,
  ) {}

  get alive(): number {
    return this.children.size;
  }

  get busy(): number {
    return [...this.children].filter((child) => child.busy).length;
  }

  /** `begun` is called when a process takes the work up: queueing is not counted as running. */
  async carry(
    work: Work,
    signal: AbortSignal,
    progress: (text: string, fraction?: number) => void,
    begun: () => void,
  ): Promise<Finished> {
    let child = signal.aborted ? undefined : this.free();
    while (child === undefined && !signal.aborted) {
      await this.line.wait(signal);
      if (!signal.aborted) child = this.free();
    }
    if (child === undefined) return failing("cancelled", "It was stopped.");
    begun();
    return this.inChild(child, work, signal, progress);
  }

  private inChild(
    child: Child,
    work: Work,
    signal: AbortSignal,
    progress: (text: string, fraction?: number) => void,
  ): Promise<Finished> {
    const n = (this.n += 1);
    return new Promise((resolve) => {
      const abort = (): void => child.abort(n);
      signal.addEventListener("abort", abort, { once: true });
      child.run(work, {
        n,
        memoryBytes: work.limits.memoryBytes ?? DEFAULT_MEMORY,
        progress,
        done: (finished) => {
          signal.removeEventListener("abort", abort);
          resolve(signal.aborted ? failing("cancelled", "It was stopped.") : finished);
        },
      });
    });
  }

  private free(): Child | undefined {
    for (const child of this.children) if (!child.busy && !child.gone) return child;
    if (this.closed || this.children.size >= this.size) return undefined;
    const child: Child = new Child(this.entry, () => {
      if (child.gone) this.children.delete(child);
      this.line.next();
    });
    this.children.add(child);
    return child;
  }

  close(): void {
    this.closed = true;
    for (const child of this.children) child.kill();
  }
}
