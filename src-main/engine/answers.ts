import { decide, needsOf, type Question } from "@shared/execution/decide";
import { isAwaited } from "@shared/execution/pending";
import type { Value } from "@shared/execution/value";
import type { Session } from "./session";
import { sizeOf } from "./texts";

/** Questions that read more than this are answered in a worker thread. */
const LARGE = 64 * 1024;

/** Answers the questions of one execution: small ones here and now, large ones in a worker thread. */
export class Answers {
  private elsewhere = 0;

  constructor(private readonly session: Session) {}

  /** Whether nothing is being worked out elsewhere. */
  get isIdle(): boolean {
    return this.elsewhere === 0;
  }

  /** Part of a turn. */
  answer(question: Question): void {
    const { session } = this;
    const { plan, state } = session;
    if (session.texts.stores) {
      const needs = needsOf(plan, state, question);
      if (sizeOf(needs) > LARGE) {
        this.elsewhere += 1;
        session.afterwards(() => void this.think(question, needs));
        return;
      }
    }
    const { event, kept } = decide(
      plan,
      state,
      question,
      (kind, id) => session.text(kind, id),
      session.rooms.clock.now(),
      () => performance.now(),
    );
    session.take(event, kept);
  }

  private async think(question: Question, needs: readonly Value[]): Promise<void> {
    const { session } = this;
    try {
      const decided = await session.rooms.decideElsewhere(session, question, needs);
      session.post(() => {
        this.elsewhere -= 1;
        if (isAwaited(session.plan, session.state, question)) session.take(decided.event, decided.kept);
      });
    } catch (error) {
      session.fail(error);
    }
  }
}
