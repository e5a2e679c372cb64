// A thread that keeps to the protocol of the remote lane and does what the component's type says.
import { parentPort } from "node:worker_threads";

const waiting = new Map();
parentPort.on("message", (asked) => {
  const answers = [];
  for (const one of asked) {
    if (one.kind === "abort") {
      const type = waiting.get(one.n);
      if (type === "listens")
        answers.push(finished(one.n, { kind: "failed", error: { type: "timeout", message: "mine" } }));
      continue;
    }
    const { type } = one.work;
    if (type === "echo") answers.push(finished(one.n, { kind: "completed", output: { together: asked.length } }));
    else if (type === "tells") parentPort.postMessage([{ kind: "progress", n: one.n, text: "half", fraction: 0.5 }]);
    else if (type === "dies") process.exit(3);
    else if (type === "swells") swell();
    waiting.set(one.n, type);
  }
  if (answers.length > 0) parentPort.postMessage(answers);
});

function finished(n, outcome) {
  return { kind: "finished", n, finished: outcome };
}

function swell() {
  const kept = [];
  for (;;) kept.push(new Array(100_000).fill({}));
}
