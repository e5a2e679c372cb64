import type { ComponentPath } from "../base/ids";
import { isJsonObject, type Json } from "../base/json";
import { isMeant } from "../base/pattern";
import { fail, ok, type Result } from "../base/result";
import type { AtMs, Ms } from "../base/units";
import type { ValueAccess } from "./access";
import type { ComponentError } from "./error";
import { holds } from "./evaluate-shape";
import type { Event } from "./event";
import type { Plan } from "./plan";
import { componentAt } from "./read";
import { readingAt } from "./scope";
import { setting } from "./settings";
import { sightFrom } from "./sight";
import type { ExecutionState } from "./state";
import type { Value } from "./value";

/**
 * What an event of `type` is to the component at `path`: an `event-received` when it waits for such events and its filter holds,
 * a line in the log when the filter cannot be judged for it, nothing otherwise.
 */
export function receive(
  plan: Plan,
  state: ExecutionState,
  path: ComponentPath,
  occurrence: { readonly type: string; readonly event: Value; readonly json: Json },
  access: ValueAccess,
  at: AtMs,
  clock?: () => Ms,
): Event | undefined {
  const awaits = componentAt(plan, state, path)?.state.awaits;
  if (awaits?.kind !== "event" || !isMeant(awaits.pattern, occurrence.type)) return undefined;
  const held = filterHeld(plan, state, path, occurrence, access, at, clock);
  if (held.ok) return held.value ? { kind: "event-received", at, path, event: occurrence.event } : undefined;
  const message = `The event ${occurrence.type} was passed over, as the filter cannot be judged for it: ${held.problem.message}`;
  return { kind: "log-written", at, path, lines: [{ level: "warning", message }] };
}

function filterHeld(
  plan: Plan,
  state: ExecutionState,
  path: ComponentPath,
  { event, json }: { readonly event: Value; readonly json: Json },
  access: ValueAccess,
  at: AtMs,
  clock: (() => Ms) | undefined,
): Result<boolean, ComponentError> {
  const slot = componentAt(plan, state, path)?.state;
  const filter = slot === undefined ? undefined : setting(slot, "filter");
  if (filter === undefined || filter === null) return ok(true);
  if (isJsonObject(filter)) return ok(hasParts(json, filter));
  if (typeof filter !== "string" && typeof filter !== "boolean")
    return fail({
      type: "validation_error",
      message: "A filter is CEL over event, or an object.",
      place: "config.filter",
    });
  const reading = readingAt({ ...sightFrom(plan, state, path), event }, access, at, "filter", clock);
  return holds(filter, "config.filter", reading);
}

/** Whether `json` has all that `parts` has: objects field by field, everything else equal. */
export function hasParts(json: Json, parts: Json): boolean {
  if (!isJsonObject(parts)) return JSON.stringify(json) === JSON.stringify(parts);
  return (
    isJsonObject(json) &&
    Object.entries(parts).every(
      ([key, part]) => part === undefined || (Object.hasOwn(json, key) && hasParts(json[key] ?? null, part)),
    )
  );
}
