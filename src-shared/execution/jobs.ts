import type { ComponentPath } from "../base/ids";
import type { Decided, Question } from "./decide";
import type { Effect, TaskPlace } from "./effect";
import type { Event } from "./event";
import type { ExecutionState } from "./state";
import type { Kept, Referred } from "./work";

/** A group of pure components as a worker gets it. Nothing in `state` refers to stored or sensitive values. */
export interface GroupJob {
  readonly kind: "group";
  /** The workflow as JSON text; workers keep plans by it. */
  readonly definition: string;
  readonly state: ExecutionState;
  readonly effects: readonly Effect[];
  readonly paths: readonly ComponentPath[];
  readonly place: TaskPlace;
}

/** What a group gave. */
export type GroupAnswer =
  | {
      readonly kind: "done";
      /** The events as JSON text with commas between them, and how many they are. */
      readonly text: string;
      readonly count: number;
      readonly kept: Kept;
      /** The execution ends with the group: one more event, valid if nothing else happened meanwhile. */
      readonly settled?: Extract<Event, { readonly kind: "execution-settled" }>;
    }
  /** A member needs a process of its own: each is to be carried out by itself. */
  | { readonly kind: "split" };

/** A question whose values are too large for the main thread. */
export interface DecideJob {
  readonly kind: "decide";
  readonly definition: string;
  readonly state: ExecutionState;
  readonly question: Question;
  readonly referred: Referred;
}

/** The answer to a {@link DecideJob}. */
export type DecideAnswer = Decided;
