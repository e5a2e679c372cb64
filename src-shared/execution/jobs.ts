import type { ComponentPath } from "../base/ids";
import type { AtMs, Ms } from "../base/units";
import type { Decided, Question } from "./decide";
import type { Effect, TaskPlace } from "./effect";
import type { Event } from "./event";
import type { ExecutionState } from "./state";
import type { Kept, Referred } from "./work";

/** A group of pure components. Nothing in its state refers to stored or sensitive values. */
export interface GroupJob {
  /** The workflow as JSON text; workers keep plans by it. */
  readonly definition: string;
  /** Where the execution stands. One that has just begun is told by its start as text, the definition aside. */
  readonly from:
    | { readonly kind: "begun"; readonly start: string; readonly at: AtMs }
    | { readonly kind: "state"; readonly state: ExecutionState; readonly effects: readonly Effect[] };
  readonly paths: readonly ComponentPath[];
  readonly place: TaskPlace;
}

/** Groups of one or several executions as a worker gets them, to be carried out one after another. */
export interface GroupsJob {
  readonly kind: "groups";
  readonly definitions: readonly string[];
  readonly groups: readonly (Omit<GroupJob, "definition"> & {
    /** Which of the definitions it is of. */
    readonly of: number;
  })[];
}

/** The answer to a {@link GroupsJob}, in its order. */
export type GroupsAnswer = readonly { readonly answer: GroupAnswer; readonly took: Ms }[];

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
  /** When it is asked, by the execution's clock. */
  readonly at: AtMs;
}

/** The answer to a {@link DecideJob}. */
export type DecideAnswer = Decided;
