import type { Json } from "@shared/base/json";
import { ok, type Result } from "@shared/base/result";
import { decide, type Decided, Gone, type Question } from "@shared/execution/decide";
import type { ComponentError } from "@shared/execution/error";
import { partOf, plainJson } from "@shared/execution/parts";
import { referredBy } from "@shared/execution/opened";
import { secretName } from "@shared/execution/secret-ref";
import type { Value } from "@shared/execution/value";
import type { Work } from "@shared/execution/work";
import type { Given } from "./ports";
import type { SessionRooms } from "./rooms";
import type { Session } from "./session";

/** What the workspace provides for an attempt of this session. */
export function provide(
  session: Session,
  rooms: SessionRooms,
  { type, config }: Pick<Work, "type" | "config">,
): Result<Given, ComponentError> {
  if (rooms.services === undefined) return ok({ sensitive: [] });
  const { environment } = session.parts.head;
  const { permissions } = session.plan.workflow;
  return rooms.services.provide({
    type,
    config: (key) => plainPart(config, key),
    ...(environment === undefined ? {} : { environment }),
    env: session.state.facts.env,
    ...(permissions === undefined ? {} : { permissions }),
  });
}

/** Why the sensitive value `id` cannot be had by this session, when it is a secret of the workspace. */
export function refusalOf(session: Session, id: string): ComponentError | undefined {
  const name = secretName(id);
  return name === undefined ? undefined : session.rooms.services?.refusal(name, session.plan.workflow.permissions);
}

/** The sensitive text `id`; throws {@link Gone} when it cannot be had. */
export function sealedText(session: Session, id: string): string {
  const refusal = refusalOf(session, id);
  const text = refusal === undefined ? session.rooms.texts.sealed(session.id, id) : undefined;
  if (text === undefined) throw new Gone(id, refusal);
  return text;
}

/** The answer to a question that would read the sensitive value `id`, which cannot be had. */
export function decideWithout(session: Session, question: Question, id: string): Decided {
  const gone = (): never => {
    throw new Gone(id, refusalOf(session, id));
  };
  return decide(session.plan, session.state, question, gone, session.rooms.clock.now(), () => performance.now());
}

/** Why one of the workspace's secrets among `values` cannot be had. */
export function refusedSecret(session: Session, values: readonly Value[]): ComponentError | undefined {
  const ids = { stored: new Set<string>(), sensitive: new Set<string>() };
  for (const value of values) referredBy(value, ids);
  for (const id of ids.sensitive) {
    const refusal = refusalOf(session, id);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function plainPart(config: Value, key: string): Json | undefined {
  const part = partOf(config, key);
  return part === undefined ? undefined : plainJson(part);
}
