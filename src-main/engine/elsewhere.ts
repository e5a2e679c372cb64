import type { Decided, Question } from "@shared/execution/decide";
import type { DecideJob } from "@shared/execution/jobs";
import type { Value } from "@shared/execution/value";
import { decideWithout } from "./providing";
import type { Session } from "./session";

/** Answers a question whose values are large in a worker thread. */
export async function decideElsewhere(session: Session, question: Question, needs: readonly Value[]): Promise<Decided> {
  const { carrier, texts } = session.rooms;
  const referred = await texts.referred(session.id, needs);
  if ("kind" in referred) return decideWithout(session, question, referred.id);
  const job: DecideJob = {
    kind: "decide",
    definition: session.parts.definition,
    state: session.state,
    question,
    referred,
  };
  return carrier.think<Decided>(job);
}
