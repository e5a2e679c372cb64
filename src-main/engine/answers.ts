import { decide, needsOf, type Question } from "@shared/execution/decide";
import { isAwaited } from "@shared/execution/pending";
import type { Value } from "@shared/execution/value";
import type { Course } from "./course";
import { sizeOf } from "./texts";

/** Questions that read more than this are answered in a worker thread. */
const LARGE = 64 * 1024;

/** Answers the questions of one execution: small ones here and now, large ones in a worker thread. */
export class Answers {
  private elsewhere = 0;

  constructor(private readonly course: Course) {}

  /** Whether nothing is being worked out elsewhere. */
  get isIdle(): boolean {
    return this.elsewhere === 0;
  }

  /** Part of a turn. */
  answer(question: Question): void {
    const { course } = this;
    const { plan, state } = course;
    if (course.stores) {
      const needs = needsOf(plan, state, question);
      if (sizeOf(needs) > LARGE) {
        this.elsewhere += 1;
        course.afterwards(() => void this.think(question, needs));
        return;
      }
    }
    const { event, kept } = decide(
      plan,
      state,
      question,
      (kind, id) => course.text(kind, id),
      course.rooms.clock.now(),
      () => performance.now(),
    );
    course.take(event, kept);
  }

  private async think(question: Question, needs: readonly Value[]): Promise<void> {
    const { course } = this;
    try {
      const decided = await course.rooms.decideElsewhere(course, question, needs);
      course.post(() => {
        this.elsewhere -= 1;
        if (isAwaited(course.plan, course.state, question)) course.take(decided.event, decided.kept);
      });
    } catch (error) {
      course.fail(error);
    }
  }
}
