/** What events of executions' ends begin with; nobody else posts such events. */
export const ENDINGS = "execution.";

/** Why nobody can post events of this type, in a sentence. */
export function eventTypeProblem(type: string): string | undefined {
  if (!/^\S{1,200}$/.test(type))
    return "An event's type is a text of up to 200 characters without spaces, e.g. order.paid.";
  if (type.startsWith(ENDINGS))
    return `Events that begin with ${ENDINGS} are posted by the studio alone, when executions end.`;
  return undefined;
}
