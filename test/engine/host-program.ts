import { engineOver } from "../../src-main/compose/engine";
import { openStore } from "../../src-main/store/store";
import type { Workflow } from "@shared/workflow/workflow";

/** What a test tells its host process, as JSON in the first argument. */
export interface Told {
  readonly folder: string;
  /** Started unless the workspace has unfinished executions, which are taken up instead. */
  readonly workflow: Workflow;
  readonly parameters: { readonly [name: string]: string };
  readonly hosts: { readonly [host: string]: string };
  readonly others: readonly Workflow[];
  readonly debug?: boolean;
  /** Further folders that may be read and written. */
  readonly allowed?: readonly string[];
}

/** A host process for tests that kill it: says `started ID`, then `settled STATUS`, on standard output. */
const told = JSON.parse(process.argv[2] ?? "{}") as Told;
const opened = openStore(told.folder);
if (!opened.ok) throw new Error(opened.problem.kind);
const store = opened.value;
const engine = engineOver(store, {
  definitions: {
    resolve: async (id) => {
      const definition = told.others.find((one) => one.id === id);
      return definition === undefined ? undefined : { definition };
    },
  },
});
const resumed = await engine.resumeUnfinished();
let id = resumed[0];
if (id === undefined && store.executions.unfinished().length === 0) {
  const started = engine.start({
    definition: told.workflow,
    input: { n: 1 },
    parameters: told.parameters,
    env: {},
    folder: store.files,
    allowed: told.allowed ?? [],
    hosts: told.hosts,
    trusted: false,
    debug: told.debug ?? false,
  });
  if (!started.ok) throw new Error(JSON.stringify(started.problem));
  id = started.value.id;
}
console.log(`started ${id ?? "nothing"}`);
if (id !== undefined) {
  const ended = await engine.settled(id);
  console.log(`settled ${ended.status}`);
}
await engine.close();
await store.close();
