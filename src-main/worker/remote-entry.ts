import { parentPort } from "node:worker_threads";
import type { Finished, Work } from "@shared/execution/work";
import { carry } from "./carry";
import { broken, finish, taskOf } from "@shared/execution/perform";

/** What the host asks of this thread; several at once in one message. */
export type Asked =
  { readonly kind: "carry"; readonly n: number; readonly work: Work } | { readonly kind: "abort"; readonly n: number };

/** What this thread tells; several at once in one message. */
export type Told =
  | { readonly kind: "finished"; readonly n: number; readonly finished: Finished | "child" }
  | { readonly kind: "progress"; readonly n: number; readonly text: string; readonly fraction: number | undefined };

/** A thread for attempts that mostly wait: many at the same time. */
const running = new Map<number, AbortController>();
let telling: Told[] = [];

parentPort?.on("message", (asked: readonly Asked[]) => {
  for (const one of asked) {
    if (one.kind === "abort") running.get(one.n)?.abort();
    else void perform(one.n, one.work);
  }
});

async function perform(n: number, work: Work): Promise<void> {
  const controller = new AbortController();
  running.set(n, controller);
  let finished: Finished | "child";
  try {
    finished = await carry(work, "thread", controller.signal, (text, fraction) =>
      tell({ kind: "progress", n, text, fraction }),
    );
  } catch (error) {
    finished = finish(taskOf(work), broken(error));
  }
  running.delete(n);
  tell({ kind: "finished", n, finished });
}

/** Answers that come in the same round of the event loop share a message. */
function tell(one: Told): void {
  telling.push(one);
  if (telling.length > 1) return;
  setImmediate(() => {
    const all = telling;
    telling = [];
    parentPort?.postMessage(all);
  });
}
