import { Worker } from "node:worker_threads";
import { Bug } from "@shared/base/bug";
import { inPieces } from "@shared/execution/handing";
import type { Work } from "@shared/execution/work";
import { carry } from "./carry";

/** The file descriptor on which the memory watch says its last word. */
const WATCH_FD = 4;

/** A child process: one attempt at a time; may be killed at any moment. */
const limit = new BigInt64Array(new SharedArrayBuffer(8));
let running: AbortController | undefined;

// A thread of its own sees memory grow while trusted code keeps the main one busy. RSS counts native and ArrayBuffer memory too.
const watch = new Worker(
  `const { workerData } = require("node:worker_threads");
   const { writeSync } = require("node:fs");
   setInterval(() => {
     const most = Number(Atomics.load(workerData, 0));
     if (most === 0 || process.memoryUsage.rss() <= most) return;
     try { writeSync(${WATCH_FD}, "memory"); } finally { process.kill(process.pid, "SIGKILL"); }
   }, 25);`,
  { eval: true, workerData: limit, name: "memory watch" },
);
watch.unref();

type Message =
  | { readonly kind: "work"; readonly n: number; readonly work: Work; readonly memoryBytes: number }
  | { readonly kind: "abort" };

process.on("message", (message: Message) => {
  if (message.kind === "abort") running?.abort();
  else void perform(message.n, message.work, message.memoryBytes);
});
// The host is gone: nobody waits for the outcome.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));

/** The host may have died between two messages: nobody waits for the rest. */
function tell(message: object): void {
  process.send?.(message, undefined, undefined, (error: Error | null) => {
    if (error) process.kill(process.pid, "SIGKILL");
  });
}

async function perform(n: number, work: Work, memoryBytes: number): Promise<void> {
  const controller = new AbortController();
  running = controller;
  Atomics.store(limit, 0, BigInt(Math.round(memoryBytes)));
  const finished = await carry(work, "child", controller.signal, (text, fraction) =>
    tell({ kind: "progress", n, text, fraction }),
  );
  Atomics.store(limit, 0, 0n);
  running = undefined;
  if (finished === "child") throw new Bug("a process has nobody else to hand its work to");
  const { pieces, rest } = inPieces(finished);
  for (const piece of pieces) tell({ kind: "piece", n, piece });
  tell({ kind: "finished", n, finished: rest });
}

tell({ kind: "ready" });
