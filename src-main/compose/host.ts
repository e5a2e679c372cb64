import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { ok, type Result } from "@shared/base/result";
import type { HostInfo } from "@shared/contract/host";
import type { ExecutionStarted } from "@shared/execution/event";
import type { Rooms } from "../api/rooms";
import type { Engine } from "../engine/engine";
import { Examples } from "../library/examples";
import { Launch } from "../library/launch";
import { Library } from "../library/library";
import { WorkspaceSettings } from "../library/settings";
import type { SchemaProblem } from "../store/schema";
import { openStore, type Store } from "../store/store";
import { noBundles, noEngine } from "./pending";
import { programFolder, programVersion, userFolder, workspaceFolder } from "./places";

/** An open workspace with everything that works on it. */
export interface Host {
  readonly rooms: Rooms;
  readonly store: Store;
  readonly engine: Engine;
  readonly close: () => Promise<void>;
}

export interface HostOptions {
  readonly workspace?: string;
  readonly kind: HostInfo["kind"];
}

/** Builds each room once over one workspace, and hands them to each other. */
export function openHost({ workspace, kind }: HostOptions): Result<Host, SchemaProblem> {
  const opened = openStore(workspaceFolder(workspace));
  if (!opened.ok) return opened;
  const store = opened.value;
  const settings = new WorkspaceSettings(store.settings, join(userFolder(), "settings.json"));
  const library = new Library(store.workflows);
  const engine = noEngine;
  const launch = new Launch({
    library,
    engine,
    settings: () => settings.get(),
    files: store.files,
    sampleHosts: async () => ({}),
    head: (id) => store.executions.head(id),
    started: async (id) => (await store.reader.journal(id, 1, 1))[0]?.event as ExecutionStarted | undefined,
  });
  const rooms: Rooms = {
    library,
    examples: new Examples(join(programFolder(), "resources", "examples"), library, store.files, store.settings),
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
    bundles: noBundles,
    settings,
    info: infoOf(store, settings, engine, kind),
    workflowsChanged: (listener) => store.changes.listen((change) => void (change === "executions" || listener())),
    executionsChanged: (listener) => store.changes.listen((change) => void (change === "library" || listener())),
  };
  return ok({
    rooms,
    store,
    engine,
    close: async () => {
      await engine.close();
      await store.close();
    },
  });
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
