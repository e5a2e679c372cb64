import type { Json } from "../../base/json";

/** What events of executions' ends begin with; nobody else posts such events. */
export const ENDINGS = "execution.";

const MOST_CHARACTERS = 1_000_000;

/** Why nobody can post such an event, in a sentence. */
export function eventProblem(type: string, payload: Json): string | undefined {
  if (JSON.stringify(payload).length > MOST_CHARACTERS)
    return `The payload is larger than ${MOST_CHARACTERS} characters; put what is large in a file and say where.`;
  return eventTypeProblem(type);
}

function eventTypeProblem(type: string): string | undefined {
  if (!/^\S{1,200}$/.test(type))
    return "An event's type is a text of up to 200 characters without spaces, e.g. order.paid.";
  if (type.startsWith(ENDINGS))
    return `Events that begin with ${ENDINGS} are posted by the studio alone, when executions end.`;
  return undefined;
}
