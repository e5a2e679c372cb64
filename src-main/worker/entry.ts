import { parentPort } from "node:worker_threads";
import type { Finished, Work } from "@shared/execution/work";
import { carry } from "./carry";
import type { DecideJob, GroupsJob } from "@shared/execution/jobs";
import { decideHere } from "./deciding";
import { groups } from "./group";

/** What a worker thread can be asked. */
export type Job = { readonly kind: "carry"; readonly n: number; readonly work: Work } | GroupsJob | DecideJob;

/**
 * The pool's way in. Its answer crosses to the main thread by structured clone.
 *
 * A named export, and no default beside it: the pool asks for this module by `require`, Node then makes a second module for a default
 * export, and a thread that is ended in that moment takes the whole process with it.
 */
export function work(job: Job): unknown {
  switch (job.kind) {
    case "carry":
      return carryJob(job);
    case "groups":
      return groups(job);
    case "decide":
      return decideHere(job);
  }
}

function carryJob(job: Extract<Job, { kind: "carry" }>): Promise<Finished | "child"> {
  // Whoever stops it ends this thread.
  const { signal } = new AbortController();
  return carry(job.work, "thread", signal, (text, fraction) =>
    parentPort?.postMessage({ progress: { n: job.n, text, fraction } }),
  );
}
