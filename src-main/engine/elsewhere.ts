import type { Decided, Question } from "@shared/execution/decide";
import type { DecideJob } from "@shared/execution/jobs";
import type { Value } from "@shared/execution/value";
import type { Course } from "./course";
import { decideWithout } from "./providing";

/** Answers a question whose values are large in a worker thread. */
export async function decideElsewhere(course: Course, question: Question, needs: readonly Value[]): Promise<Decided> {
  const { carrier, texts, clock } = course.rooms;
  const referred = await texts.referred(course.id, needs);
  if ("kind" in referred) return decideWithout(course, question, referred.id);
  const job: DecideJob = {
    kind: "decide",
    definition: course.parts.definition,
    state: course.state,
    question,
    referred,
    at: clock.now(),
  };
  return carrier.think<Decided>(job);
}
