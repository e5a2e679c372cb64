import type { Json, JsonObject } from "@shared/base/json";
import type { Result } from "@shared/base/result";
import type { AtMs, Ms } from "@shared/base/units";
import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import type { Breakpoint } from "@shared/debug/breakpoint";
import type { Notice, TaskServices } from "@shared/execution/effect";
import type { ComponentError } from "@shared/execution/error";
import type { Entry, Parent } from "@shared/execution/event";
import type { GroupAnswer, GroupJob } from "@shared/execution/jobs";
import type { ExecutionStatus } from "@shared/execution/status";
import type { Value } from "@shared/execution/value";
import type { Finished, KeptText, Work } from "@shared/execution/work";
import type { Workflow } from "@shared/workflow/workflow";
import type { BreakerEnd, BreakersPort, CacheChange, CachePort, SharedChange } from "./sharing";

/** What of the machine an execution may touch; kept beside the execution so that a restart still has it. */
export interface Place {
  /** The folder relative paths start from: the workflow file's, else the workspace's `files`. */
  readonly folder: string;
  /** Further absolute folders that may be read and written. */
  readonly allowed: readonly string[];
  readonly hosts: { readonly [host: string]: string };
  readonly trusted: boolean;
  /** The absolute folder whose workflow files its calls mean before those of the library. */
  readonly neighbours?: string;
}

/** What the store keeps of an execution beside its journal. */
export interface ExecutionHead {
  readonly id: ExecutionId;
  readonly workflowId: string;
  readonly workflowName: string;
  readonly workflowVersion: string;
  readonly startedAt: AtMs;
  readonly debug: boolean;
  readonly place: Place;
  readonly parent?: Parent;
  readonly rootId: ExecutionId;
  /** How it queues, when it begins queued: higher priorities first; at most `limit` of its workflow at once. */
  readonly queue?: { readonly priority: number; readonly limit?: number };
  /** Days after which, once it has settled, what it left is removed. */
  readonly retentionDays?: number;
  /** The environment whose connections it uses. */
  readonly environment?: string;
  /** It runs in the resilience lab. */
  readonly lab?: true;
  /** Another host may go on with it, without the lab. */
  readonly outlivesLab?: true;
  /** As given, without sensitive parameters; for `lastInput` and `again`. */
  readonly given: {
    readonly input: Json;
    readonly parameters: { readonly [name: string]: Json };
    readonly env: { readonly [name: string]: string };
  };
}

/** How an execution ended, as lists show it. */
export interface Settlement {
  readonly status: ExecutionStatus;
  readonly at: AtMs;
  readonly error?: ComponentError;
  readonly warnings: number;
  /** The components of those faults on purpose that fitted no attempt. */
  readonly unmetFaults?: readonly string[];
}

/** All that one turn of the driver leaves behind; written as a whole or not at all. */
export interface Turn {
  readonly executionId: ExecutionId;
  /** Of the first event. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** The events as a JSON list. */
  readonly events: string;
  /** Present in an execution's first turn. */
  readonly head?: ExecutionHead;
  readonly values: readonly KeptText[];
  /** Plain JSON text by vault id; encrypted before it reaches the disk. */
  readonly secrets: readonly KeptText[];
  /** What it changes of what executions share. */
  readonly breakers?: readonly BreakerEnd[];
  readonly caches?: readonly CacheChange[];
  readonly status?: ExecutionStatus;
  readonly settlement?: Settlement;
  /** The execution had settled and goes on: it is taken up by this host in the same transaction. */
  readonly reopens?: boolean;
  /** What it waits for that comes from outside, where that changed. */
  readonly waiting?: Waiting;
  /** It leaves memory with this turn, until then at most; `false`: it has come back. */
  readonly parked?: { readonly wakeAt?: AtMs } | false;
  /** Messages that were taken in. */
  readonly taken?: readonly number[];
  /** The execution that called it, when it settles: should that one have left memory, it is due. */
  readonly wakes?: ExecutionId;
}

/** A question to a person, as lists show it. */
export interface OpenTask {
  readonly path: ComponentPath;
  readonly name: string;
  readonly description?: string;
  /** A JSON Schema of the answer. */
  readonly form: JsonObject;
  readonly input: Json;
  readonly assignee?: string;
  readonly openedAt: AtMs;
  readonly deadline?: AtMs;
  readonly escalatedAt?: AtMs;
}

/** All that an execution waits for that comes from outside. */
export interface Waiting {
  readonly events: readonly { readonly path: ComponentPath; readonly pattern: string }[];
  readonly tasks: readonly OpenTask[];
  /** Tasks answered in the turn; sensitive parts `[REDACTED]`. */
  readonly answered: readonly {
    readonly path: ComponentPath;
    readonly at: AtMs;
    readonly by: string;
    readonly answer: Json;
  }[];
}

/** Something that came for a waiting component: durable until the turn that takes it in. */
export interface Message {
  readonly number: number;
  readonly path: ComponentPath;
  /** An event (`kind: "event"`, `type`, `event`) or an answer (`kind: "answer"`, `answer`, `by`). */
  readonly body: JsonObject;
}

/** Executions that wait for their turn. */
export interface QueuePort {
  /** Those of this host, in the order they are to begin. */
  queued(): readonly { readonly id: ExecutionId; readonly workflowId: string; readonly limit?: number }[];
  /** Lets one begin unless its workflow, or the workspace, has as many as it may; in one transaction, over all hosts. */
  admit(id: ExecutionId, workflowId: string, limit: number | undefined, workspaceLimit: number | undefined): boolean;
  isFull(workflowId: string, limit: number | undefined, workspaceLimit: number | undefined): boolean;
  /** Executions of a workflow that have not settled and that nobody called, oldest first. */
  underWay(workflowId: string): readonly ExecutionId[];
}

/** Which executions have left memory, and what has come for executions, whoever carries them. Writing the first is part of a {@link Turn}. */
export interface WaitingPort extends QueuePort {
  /** The executions of this host that have left memory. */
  parked(): readonly { readonly id: ExecutionId; readonly wakeAt?: AtMs }[];
  /** Marks one as having left memory, when nothing was journalled since it came back. */
  parkNow(id: ExecutionId, wakeAt: AtMs | undefined): void;
  /** Leaves an event for everything in the workspace that waits for events of `type`; says for how many. */
  sendEvent(type: string, body: JsonObject, at: AtMs): number;
  /** Leaves an answer for an open task; `false` when there is none, or somebody was faster. */
  sendAnswer(id: ExecutionId, path: ComponentPath, body: JsonObject, at: AtMs): boolean;
  /** Leaves `body` for an execution that has not settled, whichever host carries it. */
  send(id: ExecutionId, body: JsonObject, at: AtMs): void;
  /** What has come for an execution, oldest first. */
  messages(id: ExecutionId): readonly Message[];
  /** Removes messages that led to nothing. */
  discard(numbers: readonly number[]): void;
  /** Executions of this host that something has come for. */
  recipients(): readonly ExecutionId[];
  /** A task of any execution. */
  task(
    id: ExecutionId,
    path: ComponentPath,
  ): { readonly form: JsonObject; readonly answered?: { readonly by: string } } | undefined;
}

/** Where events go. */
export interface JournalPort {
  /**
   * Appends turns, all in one transaction. Survives the death of the process once it returns; the death of the machine after
   * {@link durable}.
   */
  write(turns: readonly Turn[]): void;
  /**
   * Writes large values ahead of the turn that refers to them, a little at a time, so that the host answers meanwhile.
   *
   * Nothing refers to them before that turn is written. After an end in between the attempt is made again and writes the same names.
   *
   * @returns what to put into the turn: those that were written are marked. What stands against writing comes up with the turn.
   */
  writeAhead(id: ExecutionId, values: readonly KeptText[]): Promise<readonly KeptText[]>;
  /** Resolves when all that was written before the call survives a power cut. Calls at the same time share one sync. */
  durable(): Promise<void>;
  /** Entries `from`..`from + limit - 1`, oldest first; fewer at the end. */
  read(id: ExecutionId, from: number, limit: number): Promise<readonly Entry[]>;
  /** Folds what is written so far into a snapshot, off the main thread; a later fold begins there. */
  makeSnapshot(id: ExecutionId): Promise<void>;
  /** The newest snapshot's state as JSON text, and the entry it includes. */
  snapshot(id: ExecutionId): Promise<{ readonly seq: number; readonly text: string } | undefined>;
}

/** Where large values are read. Writing is part of a {@link Turn}. */
export interface ValuePort {
  /** The JSON text of a stored value; a Bug when there is none. Read here and now: for small texts. */
  textNow(id: ExecutionId, value: string): string;
  /** The same through the store's thread: for large texts. */
  text(id: ExecutionId, value: string): Promise<string>;
  /** A whole value as JSON, sensitive parts `[REDACTED]`; read and parsed in the store's thread. */
  json(id: ExecutionId, value: Value): Promise<Json>;
}

/**
 * Where sensitive values lie, encrypted. Writing is part of a {@link Turn}; entries whose id begins with `secret:` are the workspace's
 * secrets.
 */
export interface VaultPort {
  /** The plain JSON text; `undefined` when the entry is gone (the execution ended, the secret was deleted, another machine's key). */
  open(id: ExecutionId, entry: string): string | undefined;
}

/** What an attempt asks the workspace for. */
export interface Wanted {
  readonly type: string;
  /** A key of the evaluated config, when nothing in it is kept elsewhere. */
  readonly config: (key: string) => Json | undefined;
  readonly environment?: string;
  readonly env: { readonly [name: string]: string };
  /** The workflow's `permissions`, as written. */
  readonly permissions?: JsonObject;
}

/** What the workspace gave: services, and the plain texts in them that must not come out again. */
export interface Given {
  readonly services?: TaskServices;
  readonly sensitive: readonly string[];
}

/** Looks up connections and secrets for an attempt, each time anew: what was rotated is used at once. Nothing of it is journalled. */
export interface ServicesPort {
  /** The error says which connection or secret is missing and where to add it, or what the workflow's permissions forbid. */
  provide(wanted: Wanted): Result<Given, ComponentError>;
  /** Why the secret `name` cannot be had by a workflow with these permissions; `undefined` when it can. */
  refusal(name: string, permissions: JsonObject | undefined): ComponentError | undefined;
}

/** The executions of the workspace. */
export interface ExecutionsPort {
  /** What is needed to take an execution up again. */
  head(
    id: ExecutionId,
  ):
    | (ExecutionHead & { readonly status: ExecutionStatus; readonly events: number; readonly settlement?: Settlement })
    | undefined;
  /** Executions that have not settled, oldest first. */
  unfinished(): readonly ExecutionId[];
  /** Calls `listener` soon after another process wrote to the workspace; returns the way to stop. */
  onOutsideChange(listener: () => void): () => void;
  /** What lists show while the execution is under way: running or paused. */
  setStatus(id: ExecutionId, status: ExecutionStatus): void;
  saveBreakpoints(workflowId: string, breakpoints: readonly Breakpoint[]): void;
  breakpoints(workflowId: string): readonly Breakpoint[];
}

/** One owning host an execution, by an operating system's lock that vanishes with the process. */
export interface OwnersPort {
  /** This host's id. */
  readonly host: string;
  /** Makes this host the owner unless a living one has it, in one transaction. A new execution is claimed by its first turn. */
  claim(id: ExecutionId): boolean;
  /** Makes this host the owner of all executions that have left memory and have no living owner, in one transaction. */
  claimParked(): void;
  /** Whether a living host (this one too) owns it. */
  owned(id: ExecutionId): boolean;
}

/** Finds the workflow that a `workflow_call` names. */
export interface DefinitionsPort {
  /** `range` is a semantic version range; absent means any. */
  resolve(
    workflowId: string,
    range: string | undefined,
  ): Promise<{ readonly definition: Workflow; readonly text?: string; readonly folder?: string } | undefined>;
}

/** Time and chance for the driver; the core gets both as arguments. */
export interface Clock {
  now(): AtMs;
  /** Calls `fire` after `delay`; returns the way to stop it. */
  after(delay: Ms, fire: () => void): () => void;
  /** `bytes` random bytes in lower-case hexadecimal. */
  random(bytes: number): string;
}

/** Where a carrier does the work: a worker thread each, a thread shared by tasks that mostly wait, or a process that can be killed. */
export type Lane = "thread" | "remote" | "child";

/** Who shows what a `notify` tells the person at the screen. */
export interface NoticesPort {
  /** Never at the price of the execution: a notice nobody sees is lost. */
  readonly show: (id: ExecutionId, notice: Notice) => void;
}

/** Carries out attempts outside the main thread. */
export interface Carrier {
  /** Never rejects: limits, crashes and aborts are failed outcomes. Ends within 1 s of an abort. */
  carry(
    work: Work,
    lane: Lane,
    signal: AbortSignal,
    progress: (text: string, fraction?: number) => void,
  ): Promise<Finished>;
  /**
   * Carries out a group in a thread, perhaps after other quick ones. `done` gets the answer; or nothing when it was stopped; or the
   * error of the thread that died of it. Never at once. Returns the way to stop it.
   */
  group(job: GroupJob, done: (answer: GroupAnswer | undefined, error?: unknown) => void): () => void;
  /** Runs `job` (a kind the worker entry knows) in a thread; rejects when the thread dies. */
  think<T>(job: object, signal?: AbortSignal): Promise<T>;
  /** Starts a thread before there is work for it. */
  warm(): void;
  info(): { readonly workers: number; readonly busy: number };
  close(): Promise<void>;
}

/**
 * What stands between an execution (and those it calls) and the engine's own parts: faults on purpose, time that jumps.
 *
 * It ends with its host. An execution that another host takes up is stopped, unless it may go on without: what faults stood for is
 * not to be done in earnest.
 */
export interface Laboratory {
  /** Whether what starts in it may go on without it: nobody rehearses, and its faults do no more than kill the host. */
  readonly isOutlived: boolean;
  readonly clock: Clock;
  /** Whether pure components may be carried out as groups, where neither faults nor its time reach them. */
  readonly grouping: boolean;
  /** Its own: nothing that goes wrong on purpose opens a breaker or fills a cache of the workspace. */
  readonly breakers: BreakersPort;
  readonly cache: CachePort;
  /** Takes in what a turn changed of the two, once it is written. */
  share(change: SharedChange): void;
  carrier(own: Carrier): Carrier;
  /** Whose turn it is among its executions: those of the workspace do not count. */
  readonly queue: QueuePort;
  enter(execution: LabExecution): void;
  leave(id: ExecutionId): void;
  /** Has `one` have its say before time is put forward; returns the way to leave. */
  attend(one: Attendant): () => void;
  /** An execution has nothing left to do by itself: perhaps only time can make it go on. */
  quiet(): void;
  /** The components of those faults that have fitted no attempt so far; none while somebody attends, who starts more. */
  unmet(): readonly string[];
}

/** An execution as a laboratory sees it. */
export interface LabExecution {
  readonly id: ExecutionId;
  readonly parts: { readonly head: Pick<ExecutionHead, "workflowId" | "parent" | "rootId" | "queue"> };
  /** The attempts being carried out, with the execution that a call started; `undefined` while there is something to decide or write. */
  underWay(): readonly { readonly path: ComponentPath; readonly childId?: ExecutionId }[] | undefined;
}

/** Whoever starts executions of a laboratory while its time goes on. */
export interface Attendant {
  /** Whether it is at work: time is not put forward meanwhile. */
  isBusy(): boolean;
  /** Nothing goes on any more and time has nothing left to bring: what is under way waits for people or events. */
  stranded(): void;
}
