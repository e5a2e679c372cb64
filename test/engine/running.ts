import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { Json } from "@shared/base/json";
import type { Entry } from "@shared/execution/event";
import type { Workflow } from "@shared/workflow/workflow";
import { engineOver } from "../../src-main/compose/engine";
import type { Ended, Engine, StartRequest } from "../../src-main/engine/engine";
import type { Clock, DefinitionsPort } from "../../src-main/engine/ports";
import { openStore, type Store } from "../../src-main/store/store";

/** A real store and a real engine in a folder of their own. */
export interface Bench {
  readonly folder: string;
  readonly store: Store;
  readonly engine: Engine;
  start(definition: Workflow, more?: Partial<StartRequest>): string;
  run(definition: Workflow, more?: Partial<StartRequest>): Promise<Ended & { readonly json: Json }>;
  journal(id: string): Promise<readonly Entry[]>;
  close(): Promise<void>;
}

const open: Bench[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const bench of open.splice(0)) await bench.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "apg-engine-"));
  folders.push(folder);
  return folder;
}

/** Opens a host on `folder`; closed after the test. */
export function bench(
  options: {
    readonly folder?: string;
    readonly definitions?: readonly Workflow[];
    readonly grouping?: boolean;
    readonly concurrency?: number;
    readonly trouble?: (id: string, error: unknown) => void;
    readonly clock?: Clock;
    /** Asked when an execution is taken up. */
    readonly hosts?: (definition: Workflow) => Promise<{ readonly [host: string]: string }>;
  } = {},
): Bench {
  const folder = options.folder ?? freshFolder();
  const opened = openStore(folder);
  if (!opened.ok) throw new Error(opened.problem.kind);
  const store = opened.value;
  const definitions: DefinitionsPort = {
    resolve: async (id) => {
      const definition = options.definitions?.find((one) => one.id === id);
      return definition === undefined ? undefined : { definition };
    },
  };
  const engine = engineOver(store, {
    definitions,
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    ...(options.grouping === undefined ? {} : { grouping: options.grouping }),
    ...(options.trouble === undefined ? {} : { trouble: options.trouble }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.hosts === undefined ? {} : { hosts: options.hosts }),
  });
  let closed = false;
  const made: Bench = {
    folder,
    store,
    engine,
    start(definition, more = {}) {
      const started = engine.start({
        definition,
        input: null,
        parameters: {},
        env: {},
        folder: store.files,
        allowed: [],
        hosts: {},
        trusted: false,
        ...more,
      });
      if (!started.ok) throw new Error(JSON.stringify(started.problem));
      return started.value.id;
    },
    async run(definition, more) {
      const id = made.start(definition, more);
      const ended = await engine.settled(id);
      return { ...ended, json: await engine.read(id, ended.output) };
    },
    journal: (id) => store.reader.journal(id, 1, 100_000),
    async close() {
      if (closed) return;
      closed = true;
      await engine.close();
      await store.close();
    },
  };
  open.push(made);
  return made;
}

/** A workflow named `w` of these parts. */
export function workflow(components: Workflow["components"], more: Partial<Workflow> = {}): Workflow {
  return { id: "w", version: "1.0.0", components, ...more };
}

/** The kinds of events with their paths, without those of bookkeeping. */
export function story(entries: readonly Entry[]): readonly string[] {
  return entries.map(({ event }) => ("path" in event ? `${event.kind} ${event.path}` : event.kind));
}
