import type { Json } from "@shared/base/json";
import { ok, type Result } from "@shared/base/result";
import { decide, type Decided, Gone, type Question } from "@shared/execution/decide";
import type { ComponentError } from "@shared/execution/error";
import { partOf, plainJson } from "@shared/execution/parts";
import { referredBy } from "@shared/execution/opened";
import { secretName } from "@shared/execution/secret-ref";
import type { Value } from "@shared/execution/value";
import type { Work } from "@shared/execution/work";
import type { Course, SessionRooms } from "./course";
import type { Given } from "./ports";

/** What the workspace provides for an attempt of this course. */
export function provide(
  course: Course,
  rooms: SessionRooms,
  { type, config }: Pick<Work, "type" | "config">,
): Result<Given, ComponentError> {
  if (rooms.services === undefined) return ok({ sensitive: [] });
  const { environment } = course.parts.head;
  const { permissions } = course.plan.workflow;
  return rooms.services.provide({
    type,
    config: (key) => plainPart(config, key),
    ...(environment === undefined ? {} : { environment }),
    env: course.state.facts.env,
    ...(permissions === undefined ? {} : { permissions }),
  });
}

/** Why the sensitive value `id` cannot be had by this course, when it is a secret of the workspace. */
export function refusalOf(course: Course, id: string): ComponentError | undefined {
  const name = secretName(id);
  return name === undefined ? undefined : course.rooms.services?.refusal(name, course.plan.workflow.permissions);
}

/** The sensitive text `id`; throws {@link Gone} when it cannot be had. */
export function sealedText(course: Course, id: string): string {
  const refusal = refusalOf(course, id);
  const text = refusal === undefined ? course.rooms.texts.sealed(course.id, id) : undefined;
  if (text === undefined) throw new Gone(id, refusal);
  return text;
}

/** The answer to a question that would read the sensitive value `id`, which cannot be had. */
export function decideWithout(course: Course, question: Question, id: string): Decided {
  const gone = (): never => {
    throw new Gone(id, refusalOf(course, id));
  };
  return decide(course.plan, course.state, question, gone, course.rooms.clock.now(), () => performance.now());
}

/** Why one of the workspace's secrets among `values` cannot be had. */
export function refusedSecret(course: Course, values: readonly Value[]): ComponentError | undefined {
  const ids = { stored: new Set<string>(), sensitive: new Set<string>() };
  for (const value of values) referredBy(value, ids);
  for (const id of ids.sensitive) {
    const refusal = refusalOf(course, id);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function plainPart(config: Value, key: string): Json | undefined {
  const part = partOf(config, key);
  return part === undefined ? undefined : plainJson(part);
}
