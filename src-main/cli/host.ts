import type { Erased } from "@shared/contract/privacy";
import type { Json } from "@shared/base/json";
import type { ExecutionRow } from "@shared/contract/executions";
import type { HostNotice } from "@shared/contract/host";
import type { RehearsedFiring } from "@shared/contract/rehearsals";
import type { BreakerRow, CacheRow } from "@shared/contract/resilience";
import type { Result } from "@shared/base/result";
import type { TaskRow, TriggerRow } from "@shared/contract/waiting";
import type { Entry } from "@shared/execution/event";
import type { Masker } from "@shared/execution/mask";
import type { Rooms } from "../api/rooms";
import type { DueSpan, DueTally } from "@shared/workflow/triggers/due";
import type { Workflow } from "@shared/workflow/workflow";
import type { Answer, Engine, EngineProblem } from "../engine/engine";
import type { Laboratory } from "../engine/ports";
import type { LabProblem, LabRequest } from "../lab/open";
import type { TriggerStart } from "../triggers/ports";
import type { Rehearsing, Span } from "../triggers/rehearsal";
import type { Trust, TrustProblem } from "../trust/room";

/** What the command line asks of a workspace's host. Composition hands it in. */
export interface CliHost {
  readonly engine: Engine;
  /** Starts the threads that a run needs, while this one still reads what to run. */
  warm(): void;
  /** The workspace's folder for files that belong to no workflow file. */
  readonly filesFolder: string;
  readonly version: string;
  readonly trusted: boolean;
  readonly allowedFolders: readonly string[];
  readonly env: { readonly [name: string]: string };
  readonly trust: Trust;
  /** A problem of secrets, connections or environments in words. */
  sentence(problem: TrustProblem): string;
  testConnection(name: string, environment: string | undefined): ReturnType<Rooms["testConnection"]>;
  /** Faults and virtual time for one run; its faults may kill this process. */
  openLab(request: LabRequest): Promise<Result<Laboratory, LabProblem>>;
  /** How often each schedule trigger of a workflow that can fire is due in a span. */
  due(workflow: Workflow, span: DueSpan): Promise<DueTally>;
  /** Fires them in virtual time; `tell` is told of each when it is known what it came to. */
  rehearse(request: RehearsalRequest, tell: (firing: RehearsedFiring) => void): Promise<Rehearsing>;
  /** Where hosts named in workflows are to be found: the workspace's settings, and the sample API where `text` needs it. */
  hostsFor(text: string): Promise<{ readonly [host: string]: string }>;
  /** Calls the listener for what executions tell the desktop; returns the way to stop. */
  notices(listener: (notice: HostNotice) => void): () => void;
  /** A workflow of the library. */
  workflow(id: string): { readonly text: string; readonly format: "yaml" | "json"; readonly file?: string } | undefined;
  /** Takes a text into the library; an id that is taken gets a number. */
  addWorkflow(text: string, format: "yaml" | "json", origin: "import" | "bundle"): { readonly id: string };
  executions(limit: number): Promise<readonly ExecutionRow[]>;
  execution(id: string): Promise<ExecutionRow | undefined>;
  /** The whole journal, oldest first, as it may be shown. */
  journal(id: string): AsyncIterable<Entry>;
  /** What takes personal data out of what is shown of an execution. */
  masker(id: string): Promise<Masker>;
  /** Tasks for people, of all executions. */
  tasks(state: "open" | "answered"): readonly TaskRow[];
  /** Circuit breakers of the workspace. */
  readonly breakers: {
    list(): readonly BreakerRow[];
    reset(key: string): boolean;
  };
  /** Cached values of the workspace. */
  readonly caches: {
    list(query: { readonly search?: string; readonly from: number; readonly limit: number }): {
      readonly rows: readonly CacheRow[];
      readonly total: number;
      readonly bytes: number;
      readonly limitBytes: number;
    };
    clear(what: { readonly keys?: readonly string[]; readonly search?: string }): number;
  };
  /** Triggers of the workspace's workflows. They fire in a studio, not in a command. */
  readonly triggers: {
    list(workflowId?: string): readonly TriggerRow[];
    enable(workflowId: string, index: number, on: boolean): Promise<Result<null, string>>;
    fire(
      workflowId: string,
      index: number,
      input: Json,
    ): Promise<Result<{ readonly executionId?: string; readonly queued: boolean }, string>>;
    emit(
      type: string,
      payload: Json,
    ): Promise<{ readonly started: number; readonly woken: number; readonly isHeard: boolean }>;
  };
  /** Removes for good what is kept of a person. */
  erase(query: {
    readonly field?: string;
    readonly value: string;
    readonly workflowId?: string;
    readonly isTrial: boolean;
  }): Erased;
  close(): Promise<void>;
}

/** A rehearsal: what is fired, for how long, and how each firing is started. */
export interface RehearsalRequest extends Span {
  readonly lab: Laboratory;
  readonly workflow: Workflow;
  readonly env: { readonly [name: string]: string };
  /** Starts one in the laboratory. */
  start(given: Omit<TriggerStart, "workflowId">): Promise<Answer<{ readonly id: string }>>;
  /** A refused start in a sentence. */
  why(problem: EngineProblem): string;
}

/** The result of `apg run --schedule --json`; see docs/resilience-lab.md. */
export interface RehearsalReport {
  readonly workflow_id: string;
  readonly from: string;
  readonly until: string;
  /** How many came to what. */
  readonly counts: { readonly [status: string]: number };
  readonly firings: readonly {
    readonly scheduled_at: string;
    /** Which of the workflow's triggers, counted from 1. */
    readonly trigger: number;
    readonly cron: string;
    readonly timezone?: string;
    readonly missed: number;
    /** When those were due; absent where none was missed. */
    readonly missed_at?: readonly string[];
    /** Whether older ones were missed than are told. */
    readonly older_missed?: true;
    readonly status: string;
    readonly execution_id?: string;
    readonly started_at?: string;
    readonly ended_at?: string;
    readonly duration_ms?: number;
    readonly error?: ErrorReport & { readonly component?: string };
    readonly message?: string;
  }[];
}

/** Opens a workspace; `folder` undefined means the user's default one. */
export type OpenHost = (folder: string | undefined) => Promise<CliHost>;

/** The result of `apg run --json`; see docs/command-line.md. */
export interface RunReport {
  readonly execution_id: string;
  readonly workflow_id: string;
  readonly workflow_version: string;
  readonly status: string;
  readonly output: Json;
  readonly error?: ErrorReport & { readonly component?: string };
  readonly warnings: readonly string[];
  readonly duration_ms: number;
  readonly components: { readonly [id: string]: ComponentReport };
  /** What was undone, in that order; absent where nothing was to undo. */
  readonly undo?: readonly UndoReport[];
}

/** One step of undoing. */
export interface UndoReport {
  /** The component that was undone; absent for the compensation workflow and for what tells of the failure. */
  readonly component?: string;
  /** The type that did it. */
  readonly type: string;
  readonly status: string;
  readonly attempts: number;
  readonly error?: ErrorReport;
}

/** Why something failed; `place` is the key or line concerned, such as `config.url`. */
export interface ErrorReport {
  readonly type: string;
  readonly message: string;
  readonly place?: string;
}

/** One component in a {@link RunReport}; members of loops carry `rounds` and their last round's fields. */
export interface ComponentReport {
  readonly type: string;
  readonly status: string;
  readonly attempts: number;
  readonly output: Json;
  readonly error?: ErrorReport;
  readonly started_at?: string;
  readonly completed_at?: string;
  readonly rounds?: { readonly completed: number; readonly failed: number; readonly skipped: number };
}
