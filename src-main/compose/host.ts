import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { fail, ok, type Result } from "@shared/base/result";
import type { HostInfo } from "@shared/contract/host";
import type { ExecutionStarted } from "@shared/execution/event";
import type { Rooms } from "../api/rooms";
import { bundleSentence, librarySentence } from "../api/sentences";
import { Bundles } from "../bundle/room";
import type { Engine } from "../engine/engine";
import { machineClock } from "../engine/identity";
import type { Clock } from "../engine/ports";
import { openLab } from "../lab/open";
import { Examples } from "../library/examples";
import { Launch } from "../library/launch";
import { Library } from "../library/library";
import { WorkspaceSettings } from "../library/settings";
import type { Change } from "../store/changes";
import type { Store } from "../store/store";
import type { KeyGiven } from "../store/vault-key";
import { Masks } from "../trust/masks";
import { Trust } from "../trust/room";
import { Vault } from "../trust/vault";
import { definitionsBeside, definitionsOf } from "./definitions";
import { engineOver, trustStoreOf } from "./engine";
import { Notices } from "./notices";
import { keptOf, type KeyKeeper } from "./passphrase";
import { rehearsalsOver } from "./rehearsal";
import { connectionTester } from "./testing";
import { SampleHosts } from "./samples";
import { restWhenIdle } from "./rest";
import { aboutEnd, triggersOver } from "./triggers";
import { openWorkspace, type WorkspaceProblem } from "./workspace";
import { programFolder, programVersion, userFolder, workspaceFolder } from "./places";

/** The program's version that last read all texts of the library. */
const READ_BY = "read-by";

/** An open workspace with everything that works on it. */
export interface Host {
  readonly rooms: Rooms;
  readonly store: Store;
  readonly engine: Engine;
  /** Where the hosts of examples are to be found while `text`, or what it calls, runs. */
  readonly sampleHosts: (text: string) => Promise<{ readonly [host: string]: string }>;
  /** Takes a file that the system hands over: a workflow to edit in place, or a bundle; a sentence when it cannot. */
  readonly openPath: (path: string) => Promise<Result<{ readonly id: string }, string>>;
  /** Takes up what hosts before this one left: what an update reads otherwise and, once the vault is open, unfinished executions. */
  readonly begin: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface HostOptions {
  readonly workspace?: string;
  readonly kind: HostInfo["kind"];
  /** Time for executions and triggers; the machine's unless said. */
  readonly clock?: Clock;
  /** What opens the workspace's vault where a passphrase guards it. */
  readonly key?: KeyGiven;
  /** Whether the workspace opens with its vault locked where `key` does not open it; then a window asks for the passphrase. */
  readonly mayBeLocked?: boolean;
  /** Keeps the key for the next start, where the system can. */
  readonly keeper?: KeyKeeper;
}

/** Builds each room once over one workspace, and hands them to each other. */
export function openHost({
  workspace,
  kind,
  clock,
  key,
  mayBeLocked,
  keeper,
}: HostOptions): Result<Host, WorkspaceProblem> {
  const opened = openWorkspace(workspaceFolder(workspace), key, mayBeLocked);
  if (!opened.ok) return opened;
  const store = opened.value;
  const settings = new WorkspaceSettings(store.settings, join(userFolder(), "settings.json"));
  const library = new Library(store.workflows);
  const examples = new Examples(
    join(programFolder(), "resources", "examples"),
    library,
    store.files,
    store.settings,
    store.connections,
  );
  const samples = new SampleHosts(settings, library);
  const sampleHosts = (text: string) => samples.hostsFor(text);
  const notices = new Notices();
  const engine = engineOver(store, {
    definitions: definitionsOf(library),
    definitionsBeside: (folder) => definitionsBeside(folder, definitionsOf(library)),
    hosts: async (definition) => ({ ...(await sampleHosts(JSON.stringify(definition))), ...settings.get().hosts }),
    concurrency: settings.get().concurrency,
    executionLimit: () => settings.executionLimit(),
    ...(clock === undefined ? {} : { clock }),
    emit: (type, payload, from) => triggers.emit(type, payload, from),
    ended: (executionId, status) =>
      triggers.ended({ executionId, status, about: () => aboutEnd(store, executionId, status) }),
    notices,
  });
  const bundles = new Bundles({
    version: programVersion(),
    files: store.files,
    scratch: store.scratch,
    find: async (id) => {
      const found = library.get(id);
      return found && { text: found.text, format: found.format, folder: library.folderOf(id) ?? store.files };
    },
    sample: (id) => sampleText(store, examples, id),
    add: (text, format, origin) => library.create(text, format, origin),
  });
  const trust = new Trust(trustStoreOf(store), () => library.texts());
  const startOf = async (id: string): Promise<ExecutionStarted | undefined> =>
    (await store.reader.journal(id, 1, 1))[0]?.event as ExecutionStarted | undefined;
  const masks = new Masks(startOf);
  const launch = new Launch({
    library,
    engine,
    settings: () => settings.get(),
    environment: (name) => trust.environment(name),
    openLab: (request) => openLab(request, machineClock),
    files: store.files,
    sampleHosts,
    head: (id) => store.executions.head(id),
    started: startOf,
  });
  const env = (): { readonly [name: string]: string } => {
    const active = trust.environment(undefined);
    return { ...settings.get().env, ...(active.ok ? active.value.env : {}) };
  };
  const triggers = triggersOver({ store, library, engine, launch, settings, env, clock });
  const rehearsals = rehearsalsOver(engine, store, launch);
  let stopResting: () => void = () => undefined;
  const rooms: Rooms = {
    library,
    examples,
    launch,
    engine,
    executions: {
      list: (query) => store.reader.list(query),
      row: (id) => store.reader.row(id),
      recent: (limit) => store.reader.recent(limit),
      lastInputs: (workflowId) => store.executions.lastInputs(workflowId),
      delete: (ids) => store.executions.delete(ids),
      restore: (ids) => store.executions.restore(ids),
    },
    values: store.reader,
    tasks: { list: (state) => store.waiting.tasks(state) },
    masks,
    bundles,
    ...sharedRooms(store),
    settings,
    notices: (listener) => notices.listen(listener),
    triggers,
    rehearsals,
    trust,
    vault: new Vault(store.lock, keptOf(store.lock, keeper)),
    testConnection: connectionTester(trust, engine, settings, store),
    erase: (query) => store.eraseAside(query),
    info: infoOf(store, settings, engine, kind),
    workflowsChanged: (listener) => on(store, "library", listener),
    executionsChanged: (listener) => on(store, "executions", listener),
    trustChanged: (listener) => on(store, "trust", listener),
  };
  return ok({
    rooms,
    store,
    engine,
    sampleHosts,
    openPath: (path) => openPath(rooms, path),
    begin: async () => {
      const version = programVersion();
      if (store.settings.get(READ_BY) !== version) {
        library.readAgain();
        store.settings.set({ [READ_BY]: version });
      }
      // Whatever is carried out may have to be sealed, or to read what is.
      await store.lock.opened();
      await engine.resumeUnfinished();
      await triggers.begin();
      stopResting = restWhenIdle(() => engine.info().running > 0);
    },
    close: async () => {
      stopResting();
      rehearsals.close();
      await triggers.close();
      await engine.close();
      await triggers.finish();
      await samples.close();
      await store.close();
    },
  });
}

/** Calls `listener` after changes of these kinds, and after whatever another process did. */
function on({ changes }: Store, kind: Change, listener: () => void): () => void {
  return changes.listen((change) => void ((change === kind || change === "outside") && listener()));
}

/** What executions share: breakers and cached values. */
function sharedRooms(store: Store): Pick<Rooms, "breakers" | "caches"> {
  const { breakers, caches } = store;
  return {
    breakers: {
      list: (workflowId) => breakers.list(Date.now(), workflowId),
      reset: (key) => breakers.reset(key),
      changed: (listener) => on(store, "breakers", listener),
    },
    caches: {
      list: (query) => caches.list(query),
      clear: (what) => caches.clear(what),
      changed: (listener) => on(store, "caches", listener),
    },
  };
}

function infoOf(store: Store, settings: WorkspaceSettings, engine: Engine, kind: HostInfo["kind"]): () => HostInfo {
  const version = programVersion();
  return () => ({
    kind,
    version,
    node: process.versions.node,
    platform: process.platform,
    workspace: {
      name: basename(store.folder),
      folder: store.folder,
      trusted: settings.get().trusted,
      bytes: databaseBytes(store.folder),
    },
    engine: engine.info(),
    dialogs: false,
  });
}

function databaseBytes(folder: string): number {
  return ["workspace.db", "workspace.db-wal"].reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

/** The input last used for a workflow, else the one that came with its example. */
function sampleText(store: Store, examples: Examples, id: string): string | undefined {
  const [used] = store.executions.lastInputs(id, 1);
  const input = used?.input ?? examples.sampleInput(id);
  return input === undefined ? undefined : `${JSON.stringify(input, null, 2)}\n`;
}

async function openPath({ bundles, library }: Rooms, path: string): Promise<Result<{ readonly id: string }, string>> {
  if (!path.toLowerCase().endsWith(".apgb")) {
    const opened = await library.openFile(path);
    return opened.ok ? opened : fail(librarySentence(opened.problem).what);
  }
  const taken = await bundles.import({ file: path });
  if (!taken.ok) return fail(bundleSentence(taken.problem).what);
  const [id] = taken.value.ids;
  return id === undefined ? fail("The bundle holds no workflow.") : ok({ id });
}
