import type { ExecutionState } from "@shared/execution/state";
import type { Course } from "./course";
import type { Settlement } from "./ports";
import type { Rest } from "./rest";
import type { TurnEnd } from "./turn-log";

/** What lists are to show of one execution from each of its turns on. */
export class TurnEnds {
  /** Lists show that it is being undone. */
  private told = false;
  /** It had settled and goes on with the next turn. */
  private reopens = false;

  constructor(
    private readonly course: Course,
    private readonly rest: Rest,
  ) {}

  takeUp({ undoing }: ExecutionState): void {
    this.told = undoing !== undefined;
  }

  reopen(): void {
    this.reopens = true;
  }

  /** At the end of a turn; `isFirst`: nothing of the execution was written before. */
  next(isFirst: boolean, settlement: Settlement | undefined): TurnEnd {
    const { reopens, course } = this;
    const { state, parts } = course;
    const { parent } = parts.head;
    const isUndoing = state.undoing !== undefined && !this.told;
    this.told ||= isUndoing;
    this.reopens = false;
    return {
      ...this.rest.turn(),
      ...(reopens ? { reopens } : {}),
      ...(isUndoing ? { status: "compensating" } : {}),
      ...(isFirst && state.status === "queued" ? { status: "queued" } : {}),
      ...(settlement === undefined ? {} : { settlement }),
      ...(settlement === undefined || parent === undefined ? {} : { wakes: parent.executionId }),
    };
  }
}
