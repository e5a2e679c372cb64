import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import type { AtMs } from "@shared/base/units";
import type { Decided, Question } from "@shared/execution/decide";
import type { Value } from "@shared/execution/value";
import type { Finished } from "@shared/execution/work";
import type { Commits } from "./commits";
import type { Ended } from "./engine";
import type {
  Carrier,
  Clock,
  ExecutionsPort,
  JournalPort,
  Laboratory,
  NoticesPort,
  ServicesPort,
  WaitingPort,
} from "./ports";
import { Flights } from "./flights";
import type { Session } from "./session";
import type { BreakersPort, CachePort } from "./sharing";
import type { Shares } from "./shares";
import type { Slots } from "./slots";
import type { Texts } from "./texts";
import type { Watchers } from "./watchers";

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
  decideElsewhere(session: Session, question: Question, needs: readonly Value[]): Promise<Decided>;
  /** Starts the execution `child` that a `workflow_call` asks for, or takes it up; the outcome is that of the attempt. */
  call(
    session: Session,
    path: ComponentPath,
    attempt: number,
    child: ExecutionId,
    signal: AbortSignal,
  ): Promise<Finished>;
  /** `once`: what it did is undone; `final`: not even that. */
  cancelCall(child: ExecutionId, mode: "once" | "final"): void;
  /** Undoes what the `workflow_call` at `of` started. */
  undoCall(session: Session, path: ComponentPath, signal: AbortSignal): Promise<Finished>;
  /** The session only waits and has left memory; the store has when it is to come back. */
  parked(session: Session, wakeAt: AtMs | undefined): void;
  /** Whether the execution a call waits for has left memory too. */
  isParked(child: ExecutionId): boolean;
  ended(session: Session, ended: Ended): void;
  failed(session: Session, error: unknown): void;
  trouble(id: ExecutionId, error: unknown): void;
}

/** What a session works with, in a laboratory where it has one. */
export function inLab(rooms: SessionRooms, lab: Laboratory | undefined): SessionRooms {
  if (lab === undefined) return rooms;
  const { clock, grouping, breakers, cache } = lab;
  return {
    ...rooms,
    clock,
    carrier: lab.carrier(rooms.carrier),
    grouping: rooms.grouping && grouping,
    breakers,
    cache,
    flights: flightsOf(lab),
  };
}

const flights = new WeakMap<Laboratory, Flights>();

/** Executions of one laboratory wait for each other's fetches, and for nobody else's. */
function flightsOf(lab: Laboratory): Flights {
  let own = flights.get(lab);
  if (own === undefined) flights.set(lab, (own = new Flights(lab.clock)));
  return own;
}
