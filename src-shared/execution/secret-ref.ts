import type { Value } from "./value";

/** What the ids of the workspace's secrets begin with; no other sensitive value's id does. */
const PREFIX = "secret:";

/** The workspace's secret `name` as a value: its text is looked up when, and only when, something is carried out with it. */
export function secretValue(name: string): Value {
  return { kind: "sensitive", id: `${PREFIX}${name}` };
}

/** The name of the secret that a sensitive value's id stands for; undefined for a value of the execution's own. */
export function secretName(id: string): string | undefined {
  return id.startsWith(PREFIX) ? id.slice(PREFIX.length) : undefined;
}
