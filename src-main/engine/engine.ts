import type { Json } from "@shared/base/json";
import type { BreakersPort, CachePort } from "./sharing";
import type { AtMs } from "@shared/base/units";
import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import type { FollowItem } from "@shared/contract/executions";
import type { Breakpoint } from "@shared/debug/breakpoint";
import type { ComponentError } from "@shared/execution/error";
import type { Parent, UndoCount } from "@shared/execution/event";
import type { ExecutionStatus } from "@shared/execution/status";
import type { Value } from "@shared/execution/value";
import type { Finished, Work } from "@shared/execution/work";
import type { Workflow } from "@shared/workflow/workflow";
import type {
  Carrier,
  Clock,
  DefinitionsPort,
  ExecutionsPort,
  JournalPort,
  Laboratory,
  Lane,
  NoticesPort,
  OwnersPort,
  Place,
  ServicesPort,
  ValuePort,
  VaultPort,
  WaitingPort,
} from "./ports";

/** All that a start needs. The caller has checked the workflow; the engine checks the parameters. */
export interface StartRequest extends Place {
  readonly definition: Workflow;
  /** The text `definition` was read from, for the debugger's text view. */
  readonly definitionText?: string;
  readonly input: Json;
  /** What started it, where a trigger did: `event` in expressions. */
  readonly event?: Json;
  /** The execution's id, where it was settled beforehand so that a start made twice is one. */
  readonly id?: ExecutionId;
  readonly correlationId?: string;
  readonly parameters: { readonly [name: string]: Json };
  readonly env: { readonly [name: string]: string };
  /** The environment whose connections are used; without one those for all. */
  readonly environment?: string;
  /** Whether the gate holds at breakpoints and obeys debug commands. */
  readonly debug?: boolean;
  readonly breakpoints?: readonly Breakpoint[];
  /** Hold before the first component. */
  readonly pauseAtStart?: boolean;
  /** Where this start's `workflow_call`s look; else the engine's own. Whoever takes it up again looks beside its `neighbours`. */
  readonly definitions?: DefinitionsPort;
  readonly parent?: Parent;
  /** In the queue higher goes first; the workflow's `concurrency.priority` unless said. */
  readonly priority?: number;
  /** What becomes of it when as many of its workflow run as may; the workflow's `concurrency.overlap` unless said. */
  readonly overlap?: "queue" | "skip" | "cancel_previous";
  /** Of `random()`, `uuid()` and jitter; by chance unless said. */
  readonly seed?: string;
  /** Faults on purpose and time that jumps, for this execution and those it calls. */
  readonly lab?: Laboratory;
}

/** Why an execution did not start, or a command was refused. */
export type EngineProblem =
  | {
      readonly kind: "invalid-parameters";
      readonly type: "validation_error";
      readonly message: string;
      readonly parameters: readonly { readonly name: string; readonly message: string }[];
    }
  | {
      readonly kind: "invalid-workflow";
      readonly message: string;
      readonly problems: readonly { readonly message: string; readonly component?: string }[];
    }
  | { readonly kind: "unknown-execution"; readonly id: ExecutionId }
  /** Another living host has it. */
  | { readonly kind: "owned-elsewhere"; readonly id: ExecutionId }
  | { readonly kind: "already-settled"; readonly id: ExecutionId; readonly status: ExecutionStatus }
  /** As many executions of the workflow run as may, and further ones are to be skipped. */
  | { readonly kind: "overlap-skipped"; readonly workflowId: string; readonly limit?: number }
  /** There is no task for a person at `path`. */
  | { readonly kind: "no-task"; readonly id: ExecutionId; readonly path: ComponentPath }
  /** Somebody was faster, or the task was withdrawn. */
  | { readonly kind: "task-answered"; readonly id: ExecutionId; readonly path: ComponentPath }
  /** The answer is not what the form asks for. */
  | {
      readonly kind: "invalid-answer";
      readonly id: ExecutionId;
      readonly path: ComponentPath;
      readonly message: string;
    }
  | { readonly kind: "not-held"; readonly id: ExecutionId; readonly path?: ComponentPath }
  | { readonly kind: "not-debugged"; readonly id: ExecutionId };

/** How an execution ended. */
export interface Ended {
  readonly id: ExecutionId;
  readonly status: ExecutionStatus;
  readonly output: Value;
  readonly error?: ComponentError;
  readonly warnings: readonly string[];
  /** Something it did can be undone should its caller fail. */
  readonly undoable?: true;
  /** How undoing went, where there was something to undo. */
  readonly undo?: UndoCount;
}

/** A command's answer: done, or why not. */
export type Answer<T = null> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: EngineProblem };

/** Result of an expression looked at in the debugger. */
export type Evaluated =
  | { readonly ok: true; readonly json: Json; readonly redacted: boolean }
  | { readonly ok: false; readonly message: string };

/** Runs executions: the one way in for windows, the command line and servers. */
export interface Engine {
  /** Journals the start and begins; returns as soon as that is written. */
  start(request: StartRequest): Answer<{ readonly id: ExecutionId }>;
  /** The same for hosts with many starts: those that come together are written together. Rejects when they cannot be. */
  begin(request: StartRequest): Promise<Answer<{ readonly id: ExecutionId }>>;
  /**
   * Entries from `from` on, then what happens, until the execution has settled. Works for executions of other hosts too (without
   * gate and progress) and for settled ones. Ends early, without `end`, when the engine closes.
   *
   * @throws when there is no such execution.
   */
  follow(id: ExecutionId, from?: number): AsyncIterableIterator<FollowItem>;
  /**
   * Asks to stop; no component runs a second later, then what was done is undone. The second time that ends as well, unless the mode
   * is `once`. An execution of another host is told there.
   */
  cancel(id: ExecutionId, reason?: string, mode?: "once"): Answer;
  /** Resolves when the execution settles, also one of another host. */
  settled(id: ExecutionId): Promise<Ended>;
  /**
   * Gives an event to everything in the workspace that waits for events of `type`, whichever host carries it, and says for how many;
   * filters are looked at where they run. `event` is what filters call `event` and what a `wait` gives. Durable once it returns.
   */
  deliver(type: string, event: Json): number;
  /** Answers a task of an execution, whichever host carries it; checked against the task's form first. Durable once it returns. */
  answer(id: ExecutionId, path: ComponentPath, answer: Json, by: string): Answer;
  /** When the next timer of this host's executions fires. */
  nextDue(): AtMs | undefined;
  /** Whether nothing is under way here: only timers, people and events lead on. */
  isQuiet(): boolean;
  /** Takes up every unfinished execution that no living host owns; those debugged come back held. */
  resumeUnfinished(): Promise<readonly ExecutionId[]>;
  /** Takes up one. */
  resume(id: ExecutionId): Promise<Answer>;
  /** Replaces the workflow's breakpoints, also of its executions under way, and keeps them. */
  setBreakpoints(workflowId: string, breakpoints: readonly Breakpoint[]): void;
  breakpoints(workflowId: string): readonly Breakpoint[];
  pause(id: ExecutionId): Answer;
  continue(id: ExecutionId): Answer;
  /** Releases `path`, else the oldest hold. */
  stepOver(id: ExecutionId, path?: ComponentPath): Answer;
  edit(id: ExecutionId, path: ComponentPath, change: { readonly input?: Json; readonly config?: Json }): Answer;
  /** Evaluates CEL at `seq` (default: now) with what `path` could see. */
  evaluate(id: ExecutionId, expression: string, seq?: number, path?: ComponentPath): Promise<Evaluated>;
  /** The whole value as JSON, sensitive parts `[REDACTED]`. For results on the command line. */
  read(id: ExecutionId, value: Value): Promise<Json>;
  /** Carries out one piece of work that belongs to no execution and leaves no trace: a connection that is tried. */
  probe(
    work: Omit<Work, "texts" | "secrets" | "executionId" | "workflowId" | "path" | "attempt" | "key" | "correlationId">,
    lane: Lane,
    signal?: AbortSignal,
  ): Promise<Finished>;
  /** Gets a thread ready, for a host that is about to start something. */
  warm(): void;
  /** `waiting`: executions that have left memory. */
  info(): {
    readonly running: number;
    readonly waiting: number;
    readonly held: number;
    readonly workers: number;
    readonly busy: number;
  };
  /** Whether this host carries `id` at this moment. */
  isLive(id: ExecutionId): boolean;
  /** Stops carrying without settling: what runs is aborted and taken up again by the next host. */
  close(): Promise<void>;
}

/** What composition hands in. */
export interface EngineOptions {
  readonly journal: JournalPort;
  readonly values: ValuePort;
  readonly vault: VaultPort;
  readonly executions: ExecutionsPort;
  readonly owners: OwnersPort;
  readonly breakers: BreakersPort;
  readonly cache: CachePort;
  readonly waiting: WaitingPort;
  readonly definitions: DefinitionsPort;
  /** Where an execution that is taken up looks instead, if it has neighbours; absent: in `definitions`. */
  readonly definitionsBeside?: (folder: string) => DefinitionsPort;
  readonly carrier: Carrier;
  /** Connections and secrets of the workspace; absent: there are none. */
  readonly services?: ServicesPort;
  /** Who shows what `notify` tells the desktop; absent: nobody. */
  readonly notices?: NoticesPort;
  readonly clock?: Clock;
  /** For scratch folders, one an execution. */
  readonly scratch: string;
  /** Laid over the stored host map when an execution of `definition` is taken up again: the sample API may have another port by then. */
  readonly hosts?: (
    definition: Workflow,
  ) => { readonly [host: string]: string } | Promise<{ readonly [host: string]: string }>;
  /** Attempts carried out at the same time, over all executions; default 4 × cores. */
  readonly concurrency?: number;
  /** How many executions that nobody called run at once in the workspace; the rest queue. Absent: any number. */
  readonly executionLimit?: () => number | undefined;
  /** `false` carries out every pure component by itself. */
  readonly grouping?: boolean;
  /** Told when an execution cannot go on because the host itself failed (a full disk, a bug); default: standard error. */
  readonly trouble?: (id: ExecutionId, error: unknown) => void;
}
