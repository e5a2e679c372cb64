import { Bug } from "../base/bug";
import type { ComponentPath } from "../base/ids";
import type { AtMs, Ms } from "../base/units";
import type { ValueAccess } from "./access";
import { advance, type Step } from "./advance";
import type { Effect } from "./effect";
import type { Event } from "./event";
import { judgeConnections } from "./judge";
import { idempotencyKey } from "./key";
import type { PlanEdge, PlanNode } from "./node";
import { type AttemptOutcome, outcomeEvents } from "./outcome";
import { isAwaited } from "./pending";
import type { Plan } from "./plan";
import { prepare } from "./prepare";
import { componentAt, frameAt } from "./read";
import { memberPath } from "./route";
import { type ExecutionState, isComponentSettled } from "./state";
import type { Value } from "./value";

/** How far a group may reach. */
export interface GroupReach {
  /** Whether the component at this path may be in a group: no breakpoint on it, nothing that wants to step. */
  readonly allowed: (path: ComponentPath, node: PlanNode) => boolean;
  /** Whether to follow several ways at once; otherwise a group ends where ways part, so that they use several cores. */
  readonly wide?: boolean;
}

/**
 * The components that may be carried out as one task, beginning with those `effects` ask to prepare or attempt.
 *
 * Only pure steps of the frames they begin in, each with all its predecessors settled or in the group. In the order they
 * can run.
 */
export function groupFrom(
  plan: Plan,
  state: ExecutionState,
  effects: readonly Effect[],
  reach: GroupReach,
): readonly ComponentPath[] {
  const paths: ComponentPath[] = [];
  for (const effect of effects) {
    if (effect.kind !== "prepare" && effect.kind !== "attempt") continue;
    const placed = componentAt(plan, state, effect.path);
    if (placed === undefined || !isGroupable(placed.node) || !reach.allowed(effect.path, placed.node)) continue;
    for (const path of followed(plan, state, placed.path, placed.node, reach))
      if (!paths.includes(path)) paths.push(path);
  }
  return paths;
}

/**
 * Whether a component can run inside a group: pure, without a clock that only a driver can wind, without what executions share. Steps
 * of undoing go one by one, and stand in no frame.
 */
export function isGroupable(node: PlanNode): boolean {
  if (node.undo !== undefined) return false;
  const isAlone = node.timeoutMs === undefined && node.breaker === undefined && !node.caches;
  return node.kind === "step" && node.pure && !node.disabled && isAlone;
}

function followed(
  plan: Plan,
  state: ExecutionState,
  path: ComponentPath,
  first: PlanNode,
  reach: GroupReach,
): readonly ComponentPath[] {
  const framePath = path === first.id ? "" : path.slice(0, -first.id.length - 1);
  const frame = frameAt(plan, state, framePath);
  if (frame === undefined) return [];
  const grouped = new Set<number>([first.number]);
  for (const number of grouped) {
    const node = plan.nodes[number] as PlanNode;
    const targets = [...new Set(node.outgoing.map((edge) => (plan.edges[edge] as PlanEdge).target))];
    if (reach.wide !== true && targets.length > 1) continue;
    for (const target of targets) {
      const next = plan.nodes[target] as PlanNode;
      if (!isGroupable(next) || !reach.allowed(memberPath(framePath, next.id), next)) continue;
      const isFed = next.incoming.every((edge) => {
        const { source } = plan.edges[edge] as PlanEdge;
        const slot = frame.slots[(plan.nodes[source] as PlanNode).position];
        return grouped.has(source) || (slot !== undefined && isComponentSettled(slot.status));
      });
      if (isFed) grouped.add(target);
    }
  }
  return [...grouped].map((number) => memberPath(framePath, (plan.nodes[number] as PlanNode).id));
}

/** What running a group takes: the place of carrying out, its clock and the values at hand. */
export interface GroupRun {
  readonly paths: readonly ComponentPath[];
  readonly access: ValueAccess;
  readonly now: () => AtMs;
  /** Monotonic, for the limits of expressions. */
  readonly clock?: () => Ms;
  readonly perform: (attempt: GroupAttempt) => AttemptOutcome | Promise<AttemptOutcome>;
}

/** One attempt within a group. */
export interface GroupAttempt {
  readonly path: ComponentPath;
  readonly node: PlanNode;
  readonly attempt: number;
  readonly key: string;
  readonly config: Value;
  readonly input: Value;
  /** As of the attempt, for what `code` sees. */
  readonly state: ExecutionState;
}

/**
 * Carries out a group: prepares, attempts and advances until nothing is left that concerns its paths.
 *
 * Gives the very events an ungrouped run would journal, in their order. Whoever folds them gets the rest of the effects
 * from {@link foldEvents}.
 */
export async function runGroup(
  plan: Plan,
  state: ExecutionState,
  effects: readonly Effect[],
  run: GroupRun,
): Promise<readonly Event[]> {
  return (await runGroupWhole(plan, state, effects, run)).events;
}

/** What a group gave: its events, and for whoever goes on where it ended the state and what is asked for beyond it. */
export interface GroupRan {
  readonly events: readonly Event[];
  readonly state: ExecutionState;
  readonly effects: readonly Effect[];
}

/** {@link runGroup}, with the state it came to: folding the events again would give the same. */
export async function runGroupWhole(
  plan: Plan,
  state: ExecutionState,
  effects: readonly Effect[],
  run: GroupRun,
): Promise<GroupRan> {
  const beyond: Effect[] = [];
  const members = new Set(run.paths);
  const events: Event[] = [];
  const waiting = effects.filter((effect) => isOurs(effect, members));
  let current = state;
  const take = (event: Event): void => {
    events.push(event);
    const step = advance(plan, current, event);
    current = step.state;
    for (const effect of step.effects) (isOurs(effect, members) ? waiting : beyond).push(effect);
  };
  for (let effect = waiting.shift(); effect !== undefined; effect = waiting.shift()) {
    // A failure on the way may have stopped what was still to do.
    if (!isAwaited(plan, current, effect)) continue;
    if (effect.kind === "prepare") {
      take(prepare(plan, current, effect.path, run.access, run.now(), run.clock));
    } else if (effect.kind === "judge-connections") {
      take(judgeConnections(plan, current, effect.path, effect.connections, run.access, run.now(), run.clock));
    } else if (effect.kind === "attempt") {
      const { path, attempt } = effect;
      const key = idempotencyKey(state.facts.executionId, path);
      const startedAt = run.now();
      take({ kind: "attempt-started", at: startedAt, path, attempt, key });
      const placed = componentAt(plan, current, path);
      if (placed?.state.config === undefined || placed.state.input === undefined)
        throw new Bug(`${path} is not prepared`);
      const { config, input } = placed.state;
      const performed = run.perform({ path, node: placed.node, attempt, key, config, input, state: current });
      const outcome = performed instanceof Promise ? await performed : performed;
      const endedAt = run.now();
      for (const event of outcomeEvents(path, attempt, endedAt, endedAt - startedAt, outcome)) take(event);
    }
  }
  const after = current;
  return { events, state: after, effects: beyond.filter((effect) => isAwaited(plan, after, effect)) };
}

/** Folds several events at once; the effects are those still awaited at the end. */
export function foldEvents(plan: Plan, state: ExecutionState, events: readonly Event[]): Step {
  let current = state;
  const effects: Effect[] = [];
  const settled: ComponentPath[] = [];
  for (const event of events) {
    const step = advance(plan, current, event);
    current = step.state;
    effects.push(...step.effects);
    settled.push(...step.settled);
  }
  return { state: current, effects: effects.filter((effect) => isAwaited(plan, current, effect)), settled };
}

function isOurs(effect: Effect, members: ReadonlySet<ComponentPath>): boolean {
  if (effect.kind !== "prepare" && effect.kind !== "attempt" && effect.kind !== "judge-connections") return false;
  return members.has(effect.path);
}
