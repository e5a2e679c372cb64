import type { Erased } from "@shared/contract/privacy";
import type { BreakerRow, CacheRow } from "@shared/contract/resilience";
import type { BundlePlan, BundleReport } from "@shared/contract/bundles";
import type { ExecutionRow, ValuePage } from "@shared/contract/executions";
import type { HostInfo, HostNotice, Settings } from "@shared/contract/host";
import type { TaskRow } from "@shared/contract/waiting";
import type { ExampleRow } from "@shared/contract/workflows";
import type { Json } from "@shared/base/json";
import type { Result } from "@shared/base/result";
import type { Value } from "@shared/execution/value";
import type { Engine } from "../engine/engine";
import type { Launch } from "../library/launch";
import type { Library, LibraryProblem } from "../library/library";
import type { Masks } from "../trust/masks";
import type { Trust, TrustProblem } from "../trust/room";
import type { Vault } from "../trust/vault";
import type { Rehearsals } from "../triggers/rehearsals";
import type { TriggersRoom } from "../triggers/room";
import type { ListPage, ListQuery } from "../store/reads";

/** Calls `listener` after every change; returns the way to stop. */
export type Subscribe = (listener: () => void) => () => void;

/** What the store knows of executions, as lists show it. */
export interface ExecutionsRoom {
  list(query: ListQuery): Promise<ListPage>;
  row(id: string): Promise<ExecutionRow | undefined>;
  /** The last executions of every workflow, oldest first. */
  recent(limit: number): Promise<{ readonly [workflowId: string]: readonly ExecutionRow[] }>;
  lastInputs(
    workflowId: string,
  ): readonly { readonly input: Json; readonly parameters: { readonly [name: string]: Json } }[];
  delete(ids: readonly string[]): number;
  restore(ids: readonly string[]): number;
}

/** Values of executions, in pages; sensitive parts redacted. `undefined` when nothing is at the path. */
export interface ValuesRoom {
  page(
    executionId: string,
    value: Value,
    path: readonly (string | number)[],
    from: number,
    limit: number,
  ): Promise<ValuePage | undefined>;
  raw(
    executionId: string,
    value: Value,
    maxBytes: number,
    /** Names of fields, in lower case, that are not shown. */
    hidden: readonly string[],
  ): Promise<{ readonly text: string; readonly cut: boolean; readonly bytes: number }>;
}

export interface ExamplesRoom {
  list(): Promise<readonly ExampleRow[]>;
  copy(id: string): Promise<Result<{ readonly id: string }, LibraryProblem>>;
  /** The input that belongs to an example's copy, for its first run. */
  sampleInput(workflowId: string): Json | undefined;
}

/** What stands in the way of a bundle: one sentence, with the file or component it is about. */
export interface BundleProblem {
  readonly kind: "bundle";
  readonly what: string;
  readonly where?: string;
  readonly todo?: string;
}

export interface BundlesRoom {
  plan(workflowId: string, text?: string): Promise<Result<BundlePlan, BundleProblem | LibraryProblem>>;
  /** An export that cannot be written ends in an error whose `problem` says why. */
  export(
    workflowId: string,
    file: string,
    leaveOut: readonly string[],
    signal?: AbortSignal,
  ): AsyncIterableIterator<{
    readonly entry: string;
    readonly written: number;
    readonly total: number;
    readonly bytes: number;
    readonly done?: { readonly file: string; readonly sha256: string };
  }>;
  download(
    workflowId: string,
    leaveOut: readonly string[],
  ): Promise<Result<{ readonly name: string; readonly bytes: Uint8Array }, BundleProblem | LibraryProblem>>;
  inspect(file: string): Promise<Result<BundleReport, BundleProblem | LibraryProblem>>;
  import(
    from: { readonly file: string } | { readonly name: string; readonly bytes: Uint8Array },
  ): Promise<Result<{ readonly ids: readonly string[] }, BundleProblem | LibraryProblem>>;
}

/** Circuit breakers of the workspace. */
export interface BreakersRoom {
  list(workflowId?: string): readonly BreakerRow[];
  /** False when there is no such breaker. */
  reset(key: string): boolean;
  readonly changed: Subscribe;
}

/** Cached values of the workspace. */
export interface CachesRoom {
  list(query: { readonly search?: string; readonly from: number; readonly limit: number }): {
    readonly rows: readonly CacheRow[];
    readonly total: number;
    readonly bytes: number;
    readonly limitBytes: number;
  };
  /** Says how many went. */
  clear(what: { readonly keys?: readonly string[]; readonly search?: string }): number;
  readonly changed: Subscribe;
}

export interface SettingsRoom {
  get(): Settings;
  set(change: Partial<Settings>): Settings;
}

/** Tasks for people, of all executions of the workspace. */
export interface TasksRoom {
  list(state: "open" | "answered"): readonly TaskRow[];
}

/** All that the contract is answered from; built by composition. */
export interface Rooms {
  readonly library: Library;
  readonly examples: ExamplesRoom;
  readonly launch: Launch;
  readonly engine: Engine;
  readonly executions: ExecutionsRoom;
  readonly values: ValuesRoom;
  readonly tasks: TasksRoom;
  readonly masks: Masks;
  readonly bundles: BundlesRoom;
  readonly breakers: BreakersRoom;
  readonly caches: CachesRoom;
  readonly settings: SettingsRoom;
  /** Calls the listener for what executions tell the desktop; returns the way to stop. */
  readonly notices: (listener: (notice: HostNotice) => void) => () => void;
  readonly triggers: Pick<TriggersRoom, "list" | "enable" | "fire" | "emit" | "onChange">;
  readonly rehearsals: Rehearsals;
  readonly trust: Trust;
  /** Whether anything may be carried out yet: see the contract's `vault`. */
  readonly vault: Vault;
  /** Tries to connect as an attempt in `environment` would. */
  readonly testConnection: (
    name: string,
    environment: string | undefined,
    signal: AbortSignal | undefined,
  ) => Promise<Result<{ readonly ok: boolean; readonly message: string; readonly ms: number }, TrustProblem>>;
  /** Removes for good what is kept of a person, or counts it; slow, and never on the main thread. */
  readonly erase: (query: {
    readonly field?: string;
    readonly value: string;
    readonly workflowId?: string;
    readonly isTrial: boolean;
  }) => Promise<Erased>;
  readonly info: () => HostInfo;
  readonly workflowsChanged: Subscribe;
  readonly executionsChanged: Subscribe;
  /** Secrets, connections or environments changed. */
  readonly trustChanged: Subscribe;
}

/** The window at the other end of a connection. */
export interface Connection {
  /** Absent where the window has no native dialogs. */
  readonly dialogs?: {
    chooseFile(
      title: string,
      filters: readonly { readonly name: string; readonly extensions: readonly string[] }[],
    ): Promise<string | null>;
    chooseSave(title: string, name: string): Promise<string | null>;
    chooseFolder(title: string): Promise<string | null>;
  };
  /** Ids of commands chosen in a native menu. */
  readonly commands?: (listener: (id: string) => void) => () => void;
}
