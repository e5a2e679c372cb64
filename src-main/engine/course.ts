import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import type { AtMs } from "@shared/base/units";
import type { Decided, Question } from "@shared/execution/decide";
import type { Effect } from "@shared/execution/effect";
import type { Event } from "@shared/execution/event";
import type { GroupAnswer } from "@shared/execution/jobs";
import type { Plan } from "@shared/execution/plan";
import type { ExecutionState } from "@shared/execution/state";
import type { Value } from "@shared/execution/value";
import type { Finished, Kept } from "@shared/execution/work";
import type { Commits } from "./commits";
import type { Ended } from "./engine";
import type { Flights } from "./flights";
import type { Gatekeeper } from "./gatekeeper";
import type {
  Carrier,
  Clock,
  DefinitionsPort,
  ExecutionHead,
  ExecutionsPort,
  JournalPort,
  Laboratory,
  NoticesPort,
  ServicesPort,
  WaitingPort,
} from "./ports";
import type { Shares } from "./shares";
import type { BreakersPort, CachePort, SharedChange } from "./sharing";
import type { Slots } from "./slots";
import type { Texts } from "./texts";
import type { Watchers } from "./watchers";

/** What makes a session. */
export interface SessionParts {
  readonly head: ExecutionHead;
  readonly plan: Plan;
  /** The workflow as JSON text, for workers. */
  readonly definition: string;
  readonly definitions: DefinitionsPort;
  /** How many calls lead to this execution. */
  readonly depth: number;
  readonly gate?: Gatekeeper;
  readonly lab?: Laboratory;
}

export type Settling = Extract<Event, { readonly kind: "execution-settled" }>;

/**
 * One execution under way, as whatever takes part in its turns sees it: what is known of it, and what may be done about it. Each of
 * them sees this and none the session, which is made of them.
 */
export interface Course {
  readonly id: ExecutionId;
  readonly parts: SessionParts;
  readonly rooms: SessionRooms;
  readonly plan: Plan;
  readonly state: ExecutionState;
  /** Whether any value of it lies in the store or the vault. */
  readonly keeps: boolean;
  /** Whether any value of it lies in the store. */
  readonly stores: boolean;
  /** Whether its end has been decided. */
  readonly isSettled: boolean;
  /** Whether this host carries it no more. */
  readonly isClosed: boolean;
  /** Whether nothing is under way: only timers and what comes from outside lead on. */
  readonly isQuiet: boolean;
  /** The start as text, without the definition; of an execution that began in this host. */
  readonly startText: string | undefined;
  /** A folder for temporary files was made. */
  usesScratch: boolean;
  /** A text of this execution, whether it is written yet or not. */
  text(kind: "texts" | "secrets", id: string): string;
  /** Has `happening` take part in the next turn, very soon. */
  post(happening: () => void): void;
  /** Part of a turn: journals `event` with what came beside it, and folds it. */
  take(event: Event, kept?: Kept): void;
  /** Part of a turn: the events of a group. With `settled` they end the execution and need not be folded any more. */
  takeGroup(answer: Extract<GroupAnswer, { kind: "done" }>, settled: Settling | undefined): void;
  /** Part of a turn: effects that are to be looked at again. */
  again(effects: readonly Effect[]): void;
  /** Part of a turn: changes what executions share, together with what led to it. */
  share(change: SharedChange): void;
  /** Has `action` follow once this turn is written. */
  afterwards(action: () => void): void;
  /** The host itself failed: the execution stays as it was last written, for the next host. */
  fail(error: unknown): void;
}

/** What every session of an engine works with. */
export interface SessionRooms {
  readonly journal: JournalPort;
  readonly commits: Commits;
  readonly executions: ExecutionsPort;
  readonly waiting: WaitingPort;
  readonly carrier: Carrier;
  /** Absent: the workspace provides nothing. */
  readonly services?: ServicesPort;
  readonly notices?: NoticesPort;
  readonly clock: Clock;
  readonly texts: Texts;
  readonly slots: Slots;
  readonly shares: Shares;
  readonly breakers: BreakersPort;
  readonly cache: CachePort;
  readonly flights: Flights;
  readonly watchers: Watchers;
  /** This host's id. */
  readonly host: string;
  readonly scratch: string;
  readonly grouping: boolean;
  /** Answers a question whose values are large in a worker thread. */
  decideElsewhere(session: Course, question: Question, needs: readonly Value[]): Promise<Decided>;
  /** Starts the execution `child` that a `workflow_call` asks for, or takes it up; the outcome is that of the attempt. */
  call(
    session: Course,
    path: ComponentPath,
    attempt: number,
    child: ExecutionId,
    signal: AbortSignal,
  ): Promise<Finished>;
  /** `once`: what it did is undone; `final`: not even that. */
  cancelCall(child: ExecutionId, mode: "once" | "final"): void;
  /** Waits until the execution `child`, whose caller's attempt was stopped, has ended and undone what it did. */
  stoppedCall(child: ExecutionId, signal: AbortSignal): Promise<void>;
  /** The clocks of `child` stand still or go on, and so do those of `caller`. */
  childStands(caller: ExecutionId, child: ExecutionId, stands: boolean): void;
  /** Undoes what the `workflow_call` at `of` started. */
  undoCall(session: Course, path: ComponentPath, signal: AbortSignal): Promise<Finished>;
  /** The session only waits and has left memory; the store has when it is to come back. */
  parked(session: Course, wakeAt: AtMs | undefined): void;
  /** Whether the execution a call waits for has left memory too. */
  isParked(child: ExecutionId): boolean;
  ended(session: Course, ended: Ended): void;
  failed(session: Course, error: unknown): void;
  trouble(id: ExecutionId, error: unknown): void;
}
