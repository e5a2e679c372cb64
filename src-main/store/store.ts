import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Erased } from "@shared/contract/privacy";
import { fail, ok } from "@shared/base/result";
import type { Result } from "@shared/base/result";
import { Breakers } from "./breakers";
import { CACHE_LIMIT_BYTES, Caches } from "./caches";
import { Changes } from "./changes";
import { systemClock } from "./clock";
import type { Clock } from "./clock";
import { connect } from "./connection";
import { Connections } from "./connections";
import { Environments } from "./environments";
import { erase, type EraseQuery } from "./erase";
import { sweepDatasets } from "./retention";
import { Events } from "./events";
import { Executions } from "./executions";
import { Firings } from "./firings";
import { Journal } from "./journal";
import { Lease } from "./lease";
import { lockHost, Owners, sweepHosts } from "./owners";
import { Reader } from "./reader";
import { migrate } from "./schema";
import type { SchemaProblem } from "./schema";
import { Secrets } from "./secrets";
import { StoredReader } from "./stored";
import { SettingsTable } from "./settings";
import { Bug } from "@shared/base/bug";
import { Triggers } from "./triggers";
import { Vault } from "./vault";
import { keyFileOf, type KeyGiven, type KeyProblem } from "./vault-key";
import { lockOver, type VaultLock } from "./vault-lock";
import { WaitingTables } from "./waiting";
import { Workflows } from "./workflows";

/** An open workspace: a folder with `workspace.db`, `files/`, `vault.key`, `hosts/` and `scratch/`. */
export interface Store {
  readonly folder: string;
  /** Where workflows that have no file of their own read and write. */
  readonly files: string;
  /** For temporary files of executions. */
  readonly scratch: string;
  readonly workflows: Workflows;
  readonly executions: Executions;
  readonly journal: Journal;
  readonly vault: Vault;
  /** Holds the key that secrets and sensitive values are sealed under. */
  readonly lock: VaultLock;
  readonly owners: Owners;
  readonly settings: SettingsTable;
  readonly breakers: Breakers;
  readonly caches: Caches;
  readonly secrets: Secrets;
  readonly connections: Connections;
  readonly environments: Environments;
  /** Which executions wait for what from outside, and what has come. */
  readonly waiting: WaitingTables;
  readonly triggers: Triggers;
  readonly firings: Firings;
  readonly events: Events;
  /** Which host fires the workspace's triggers. */
  readonly lease: Lease;
  /** Slow reads: journals, lists, pages of values, backups. */
  readonly reader: Reader;
  readonly changes: Changes;
  /** A small stored value's text, here and now. */
  textNow(id: string, value: string): string;
  /** Removes for good what is kept of a person. Takes as long as reading everything takes. */
  erase(query: EraseQuery): Erased;
  /** The same in a thread of its own, for a host that has other things to do meanwhile. */
  eraseAside(query: EraseQuery): Promise<Erased>;
  close(): Promise<void>;
}

const DAY_MS = 24 * 3_600_000;
/** What was deleted can be restored for 30 days. */
const KEPT_MS = 30 * DAY_MS;
/** A database that is in use is written anew only up to this size: writers wait for it, and for 5 s at most. */
const REWRITTEN_BYTES = 256_000_000;
/** One level at a time: where the system will have no folder, as in /proc, Node's `recursive` tries for ever. */
function makeFolder(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another host may have been quicker.
    if (!existsSync(path) || !statSync(path).isDirectory()) throw error;
  }
}

const SWEEP_AFTER_MS = 60_000;
const SWEEP_EVERY_MS = 6 * 3_600_000;

/**
 * Opens (and makes, the first time) the workspace in `folder`, and takes a host lock in it. With `mayBeLocked` a vault whose passphrase
 * is not known stays locked until {@link VaultLock.unlock}, and nothing may be sealed or opened before.
 */
export function openStore(
  folder: string,
  options: { readonly clock?: Clock; readonly key?: KeyGiven; readonly mayBeLocked?: boolean } = {},
): Result<Store, SchemaProblem | KeyProblem> {
  const clock = options.clock ?? systemClock;
  const files = join(folder, "files");
  const scratch = join(folder, "scratch");
  const hosts = join(folder, "hosts");
  for (const each of [folder, files, scratch, hosts]) makeFolder(each);
  const opened = lockOver(keyFileOf(folder), options.key ?? {}, options.mayBeLocked ?? false);
  if (!opened.ok) return opened;
  const lock = opened.value;
  const file = join(folder, "workspace.db");
  const db = connect(file);
  const problem = migrate(db);
  if (problem !== undefined) {
    db.close();
    return fail(problem);
  }
  const own = lockHost(hosts);
  sweepHosts(hosts, own.host);
  const changes = new Changes(db);
  // The thread's own writes (retention) count as outside ones, which is right: lists change.
  const vault = new Vault(db, lock);
  const owners = new Owners(db, hosts, own.host);
  const settings = new SettingsTable(db, () => changes.tell("library"));
  const breakers = new Breakers(
    db,
    own.host,
    (host) => owners.lives(host),
    () => changes.tell("breakers"),
  );
  const cacheLimit = (): number => {
    const said = settings.get("cacheLimitBytes");
    return typeof said === "number" ? said : CACHE_LIMIT_BYTES;
  };
  const caches = new Caches(
    db,
    lock,
    own.host,
    (host) => owners.lives(host),
    cacheLimit,
    () => changes.tell("caches"),
  );
  changes.listen((change) => {
    if (change !== "outside") return;
    breakers.refresh();
    caches.refresh();
    settings.refresh();
  });
  const reader = new Reader({ file, hosts, own: own.host });
  const listed = (_id: string, isListed: boolean): void => {
    if (isListed) changes.tell("executions");
  };
  const waiting = new WaitingTables(
    db,
    lock,
    own.host,
    (host) => owners.lives(host),
    () => changes.tell("executions"),
  );
  let checkpointing = false;
  const journal = new Journal(db, vault, owners, { breakers, caches, waiting }, listed, () => {
    if (checkpointing) return;
    checkpointing = true;
    const done = (): void => void (checkpointing = false);
    // A checkpoint that fails is made up for by the next one, or when the last connection closes.
    reader.checkpoint().then(done, done);
  });
  // Not at once: a host that has just started has better things to do, and a command line is gone by then.
  // Where it fails (the disk is full, another host is sweeping) the next host makes up for it.
  const purge = (): void => {
    const said = settings.get("keepExecutionsDays");
    const days = typeof said === "number" ? said : 0;
    const now = clock.now();
    reader.purge(now - KEPT_MS, days === 0 ? undefined : now - days * DAY_MS, now).catch(() => undefined);
  };
  const first = setTimeout(purge, SWEEP_AFTER_MS).unref();
  const sweep = setInterval(purge, SWEEP_EVERY_MS).unref();
  const stored = new StoredReader(db);
  return ok({
    folder,
    files,
    scratch,
    workflows: new Workflows(db, clock, () => changes.tell("library")),
    executions: new Executions(db, clock, () => changes.tell("executions")),
    journal,
    vault,
    lock,
    owners,
    settings,
    breakers,
    waiting,
    caches,
    secrets: new Secrets(db, lock, clock, () => changes.tell("trust")),
    connections: new Connections(db, clock, () => changes.tell("trust")),
    environments: new Environments(db, () => changes.tell("trust")),
    triggers: new Triggers(db),
    firings: new Firings(db, lock),
    events: new Events(db, lock),
    lease: new Lease(db, owners),
    reader,
    changes,
    textNow: (id, value) => {
      const text = stored.text(id, value);
      if (text === undefined) throw new Bug(`execution ${id} has no value ${value}`);
      return text;
    },
    erase: (query) => {
      const report = erase(db, lock.key, query);
      sweepDatasets(db, join(scratch, "datasets"));
      changes.tell("executions");
      changes.tell("caches");
      return report;
    },
    eraseAside: async (query) => {
      // Not in the reader's thread: lists and values are read on while everything is searched.
      const aside = new Reader({ file, hosts, own: own.host });
      try {
        return await aside.erase(lock.key, { ...query, mostBytes: REWRITTEN_BYTES });
      } finally {
        await aside.close();
        changes.tell("executions");
        changes.tell("caches");
      }
    },
    close: async () => {
      clearTimeout(first);
      clearInterval(sweep);
      changes.stop();
      await reader.close();
      await journal.close();
      db.close();
      own.release();
    },
  });
}
