import { engineOver } from "../../src-main/compose/engine";
import { openStore } from "../../src-main/store/store";
import type { Workflow } from "@shared/workflow/workflow";

/** What a test tells its host process, as JSON in the first argument. */
export interface SagaTold {
  readonly folder: string;
  readonly hosts: { readonly [host: string]: string };
  readonly workflow: Workflow;
  readonly others: readonly Workflow[];
  /** Inputs to start with, each once this host has written so many events. Unfinished executions are taken up beside them. */
  readonly starts: readonly { readonly n: string; readonly after: number }[];
  /** The host kills itself so many milliseconds after it has written so many events. */
  readonly kill?: { readonly after: number; readonly delay: number };
}

/** A host process that dies of `kill -9` where it is told to: says `settled` when all its executions have. */
const told = JSON.parse(process.argv[2] ?? "{}") as SagaTold;
const opened = openStore(told.folder);
if (!opened.ok) throw new Error(opened.problem.kind);
const store = opened.value;
const running: Promise<unknown>[] = [];
let written = 0;
let next = 0;

const write = store.journal.write.bind(store.journal);
store.journal.write = (turns) => {
  write(turns);
  const before = written;
  for (const { firstSeq, lastSeq } of turns) written += lastSeq - firstSeq + 1;
  const { kill } = told;
  if (kill !== undefined && before < kill.after && written >= kill.after) {
    if (kill.delay === 0) process.kill(process.pid, "SIGKILL");
    else setTimeout(() => process.kill(process.pid, "SIGKILL"), kill.delay);
  }
  setImmediate(startDue);
};

const engine = engineOver(store, {
  definitions: {
    resolve: async (id) => {
      const definition = told.others.find((one) => one.id === id);
      return definition === undefined ? undefined : { definition };
    },
  },
});

function startDue(): void {
  for (let due = told.starts[next]; due !== undefined && due.after <= written; due = told.starts[next]) {
    next += 1;
    const started = engine.start({
      definition: told.workflow,
      input: { n: due.n },
      parameters: {},
      env: {},
      folder: store.files,
      allowed: [],
      hosts: told.hosts,
      trusted: false,
    });
    if (!started.ok) throw new Error(JSON.stringify(started.problem));
    running.push(engine.settled(started.value.id));
  }
}

for (const id of await engine.resumeUnfinished()) running.push(engine.settled(id));
startDue();
for (let done = 0; done < running.length; done += 1) await running[done];
console.log("settled");
await engine.close();
await store.close();
