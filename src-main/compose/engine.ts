import type { Engine, EngineOptions } from "../engine/engine";
import { openEngine } from "../engine/open";
import { openPool } from "../engine/pool";
import type { NetworkSettings } from "@shared/execution/effect";
import { secretName } from "@shared/execution/secret-ref";
import type { Store } from "../store/store";
import { type Emit, emitting } from "../triggers/emitting";
import type { TrustStore } from "../trust/room";
import { servicesOf } from "../trust/services";
import childEntry from "../worker/child-entry?modulePath";
import entry from "../worker/entry?modulePath";
import remoteEntry from "../worker/remote-entry?modulePath";

/** What an engine needs of a store. */
export type StorePorts = Pick<
  EngineOptions,
  "journal" | "values" | "vault" | "executions" | "owners" | "waiting" | "breakers" | "cache" | "scratch" | "services"
>;

/** Where `store` keeps secrets, connections and environments. */
export function trustStoreOf(store: Store): TrustStore {
  const { secrets, connections, environments, settings } = store;
  const network = kept(store, () => settings.get("network") as NetworkSettings | undefined);
  return { secrets, connections, environments, network };
}

/** `read` until the workspace changes: every call that leaves the machine asks. */
function kept<T>(store: Store, read: () => T): () => T {
  let value: { readonly is: T } | undefined;
  store.changes.listen((change) => void (change === "executions" || (value = undefined)));
  return () => (value ??= { is: read() }).is;
}

/** `store` as the engine's ports. */
export function portsOf(store: Store): StorePorts {
  return {
    journal: {
      write: (turns) => store.journal.write(turns),
      writeAhead: (id, values) => store.journal.writeAhead(id, values),
      durable: () => store.journal.durable(),
      read: (id, from, limit) => store.reader.journal(id, from, limit),
      snapshot: (id) => store.reader.snapshot(id),
      makeSnapshot: (id) => store.reader.fold(id),
    },
    values: {
      textNow: (id, value) => store.textNow(id, value),
      text: (id, value) => store.reader.text(id, value),
      json: (id, value) => store.reader.json(id, value),
    },
    vault: {
      open(id, entry) {
        const name = secretName(entry);
        if (name === undefined) return store.vault.open(id, entry);
        const found = store.secrets.open(name);
        return typeof found === "object" ? JSON.stringify(found.value) : undefined;
      },
    },
    services: servicesOf(trustStoreOf(store)),
    executions: {
      head: (id) => store.executions.head(id),
      unfinished: () => store.executions.unfinished(),
      onOutsideChange: (listener) => store.changes.listen((change) => void (change === "outside" && listener())),
      setStatus: (id, status) => store.executions.setStatus(id, status),
      saveBreakpoints: (workflowId, breakpoints) => store.executions.saveBreakpoints(workflowId, breakpoints),
      breakpoints: (workflowId) => store.executions.breakpoints(workflowId),
    },
    owners: store.owners,
    breakers: store.breakers,
    cache: store.caches,
    waiting: store.waiting,
    scratch: store.scratch,
  };
}

/** An engine over `store`, with worker threads and processes of its own. */
export function engineOver(
  store: Store,
  options: Pick<
    EngineOptions,
    | "definitions"
    | "definitionsBeside"
    | "hosts"
    | "notices"
    | "concurrency"
    | "grouping"
    | "trouble"
    | "clock"
    | "executionLimit"
  > & {
    readonly threads?: number;
    /** Posts the events that executions emit; without it none can. */
    readonly emit?: Emit;
    /** Told of every execution that has ended, once that is written. */
    readonly ended?: (executionId: string, status: string) => void;
  },
): Engine {
  const { threads, emit, ended, ...rest } = options;
  const pool = openPool({ entry, childEntry, remoteEntry, ...(threads === undefined ? {} : { threads }) });
  const carrier = emit === undefined ? pool : emitting(pool, emit);
  const ports = portsOf(store);
  const write: StorePorts["journal"]["write"] = (turns) => {
    ports.journal.write(turns);
    for (const { executionId, settlement } of turns)
      if (settlement !== undefined) ended?.(executionId, settlement.status);
  };
  return openEngine({ ...rest, ...ports, journal: { ...ports.journal, write }, carrier });
}
