import type { ComponentPath } from "../base/ids";
import type { AtMs, Ms } from "../base/units";
import type { ValueAccess } from "./access";
import type { ComponentError } from "./error";
import { holds, neededByCondition } from "./evaluate-shape";
import type { Event } from "./event";
import type { Json } from "../base/json";
import type { Plan } from "./plan";
import { readingAt } from "./scope";
import { sightFrom, sightOfRound } from "./sight";
import type { ExecutionState } from "./state";
import type { Value } from "./value";

/** Answers `judge-connections`: whether the conditions of these outgoing connections hold. */
export function judgeConnections(
  plan: Plan,
  state: ExecutionState,
  path: ComponentPath,
  connections: readonly number[],
  access: ValueAccess,
  at: AtMs,
  clock?: () => Ms,
): Extract<Event, { kind: "connections-judged" }> {
  const reading = readingAt(sightFrom(plan, state, path), access, at, "connections", clock);
  const active: { [connection: number]: boolean } = {};
  const errors: { [connection: number]: ComponentError } = {};
  for (const index of connections) {
    const edge = plan.edges[index];
    const place = `connections[${edge?.listed ?? index}].condition`;
    const held = holds(edge?.condition, place, reading);
    active[index] = held.ok && held.value;
    if (!held.ok) errors[index] = held.problem;
  }
  const failed = Object.keys(errors).length > 0;
  return { kind: "connections-judged", at, path, active, ...(failed ? { errors } : {}) };
}

/** Answers `judge-round`: whether a loop's `while` holds before `round`. */
export function judgeRound(
  plan: Plan,
  state: ExecutionState,
  path: ComponentPath,
  round: number,
  access: ValueAccess,
  at: AtMs,
  clock?: () => Ms,
): Extract<Event, { kind: "round-judged" }> {
  const sight = sightOfRound(plan, state, path, round);
  const held = holds(
    whileOf(sight.node?.component.config?.while),
    "config.while",
    readingAt(sight, access, at, `while/${round}`, clock),
  );
  return held.ok
    ? { kind: "round-judged", at, path, round, go: held.value }
    : { kind: "round-judged", at, path, round, go: false, error: held.problem };
}

/** The stored and sensitive values that judging these connections would read. */
export function connectionsNeed(
  plan: Plan,
  state: ExecutionState,
  path: ComponentPath,
  connections: readonly number[],
): readonly Value[] {
  const sight = sightFrom(plan, state, path);
  return connections.flatMap((index) => neededByCondition(plan.edges[index]?.condition, sight));
}

/** The stored and sensitive values that judging `while` before `round` would read. */
export function roundNeeds(plan: Plan, state: ExecutionState, path: ComponentPath, round: number): readonly Value[] {
  const sight = sightOfRound(plan, state, path, round);
  return neededByCondition(whileOf(sight.node?.component.config?.while), sight);
}

function whileOf(condition: Json | undefined): string | boolean {
  return typeof condition === "string" || typeof condition === "boolean" ? condition : false;
}
