import { Bug } from "../base/bug";
import type { ComponentPath } from "../base/ids";
import type { PlanEdge, PlanNode } from "./node";
import { objectOf } from "./parts";
import type { Plan } from "./plan";
import { heldFrame } from "./read";
import { memberPath, routeOf, type RouteStep } from "./route";
import { type ComponentState, type ExecutionState, type Frame, isComponentSettled } from "./state";
import { inline, NULL_VALUE, type Value } from "./value";
import { elementAt } from "./vector";

/** A frame seen from inside, with the owner it belongs to. */
interface Level {
  readonly frame: Frame;
  readonly path: ComponentPath;
  /** How this frame was entered; absent for the root. */
  readonly step?: RouteStep;
  /** The owner's state. */
  readonly owner?: ComponentState;
}

/** A point of an execution from which names are looked up: a component in its frames. */
export interface Sight {
  readonly plan: Plan;
  readonly state: ExecutionState;
  readonly path: ComponentPath;
  /** The component looked from; absent for the end of the execution. May be a step of undoing. */
  readonly node?: PlanNode;
  /** The component that is undone. */
  readonly undone?: Undone;
  /** From the root inwards. */
  readonly levels: readonly Level[];
  /** The event that is looked at, where one is. */
  readonly event?: Value;
}

/** What a step of undoing sees of the component it undoes. */
export interface Undone {
  readonly path: ComponentPath;
  readonly state: ComponentState;
}

/** What the component at `path` can see; from an empty path what `outputs` see. */
export function sightFrom(plan: Plan, state: ExecutionState, path: ComponentPath): Sight {
  const route = routeOf(plan, path);
  if (route === undefined) throw new Bug(`the plan has no ${path}`);
  const levels: Level[] = [{ frame: state.root, path: "" }];
  for (const step of route.steps) {
    const outer = levels[levels.length - 1] as Level;
    const owner = outer.frame.slots[step.owner.position] as ComponentState;
    const frame = owner.owner === undefined ? undefined : heldFrame(owner.owner, step.at);
    if (frame === undefined) throw new Bug(`${path} is not open`);
    const ownerPath = memberPath(outer.path, step.owner.id);
    const segment = step.owner.kind === "loop" ? step.at : (plan.scopes[step.scope]?.id ?? step.at);
    levels.push({ frame, path: `${ownerPath}/${segment}`, step, owner });
  }
  const undone = route.node?.undo === undefined ? undefined : undoneBy(plan, path, route.node, levels);
  return {
    plan,
    state,
    path,
    levels,
    ...(route.node === undefined ? {} : { node: route.node }),
    ...(undone === undefined ? {} : { undone }),
  };
}

function undoneBy(plan: Plan, path: ComponentPath, step: PlanNode, levels: readonly Level[]): Undone | undefined {
  if (step.undo === undefined || !("of" in step.undo)) return undefined;
  const node = plan.nodes[step.undo.of] as PlanNode;
  const state = levels[levels.length - 1]?.frame.slots[node.position];
  return state === undefined ? undefined : { path: path.slice(0, node.id.length - step.id.length), state };
}

/** What a loop's `while` sees before `round`: the round before, whose output is the item. */
export function sightOfRound(plan: Plan, state: ExecutionState, path: ComponentPath, round: number): Sight {
  const sight = sightFrom(plan, state, path);
  const outer = sight.levels[sight.levels.length - 1] as Level;
  const owner = outer.frame.slots[(sight.node as PlanNode).position] as ComponentState;
  const scope = (sight.node as PlanNode).owns[0] as number;
  const held = owner.owner?.kind === "loop" ? owner.owner : undefined;
  const item = (round === 0 ? owner.input : held && elementAt(held.outputs, round - 1)) ?? NULL_VALUE;
  const slots = held?.last?.slots ?? [];
  const frame: Frame = { scope, slots, open: 0, round, item };
  const step: RouteStep = { owner: sight.node as PlanNode, at: round, scope };
  return { ...sight, levels: [...sight.levels, { frame, path: `${path}/${round}`, step, owner }] };
}

/** What flows into the component: see semantics, `input`. */
export function inputAt(sight: Sight): Value {
  const { plan, node, levels, state, undone } = sight;
  if (undone !== undefined) return undone.state.input ?? NULL_VALUE;
  const { frame, owner, step } = levels[levels.length - 1] as Level;
  if (node === undefined) return state.facts.input;
  if (node.incoming.length === 0) {
    if (step === undefined) return state.facts.input;
    return (step.owner.kind === "loop" ? frame.item : owner?.input) ?? NULL_VALUE;
  }
  const [only] = node.incoming;
  if (node.incoming.length === 1 && only !== undefined) {
    const source = plan.nodes[(plan.edges[only] as PlanEdge).source] as PlanNode;
    const slot = frame.slots[source.position] as ComponentState;
    return (slot.status === "completed" ? slot.output : undefined) ?? NULL_VALUE;
  }
  const sources = [...new Set(node.incoming.map((edge) => (plan.edges[edge] as PlanEdge).source))].map(
    (number) => plan.nodes[number] as PlanNode,
  );
  const outputs = sources.flatMap((source) => {
    const slot = frame.slots[source.position] as ComponentState;
    return slot.status === "completed" ? [[source.id, slot.output ?? NULL_VALUE] as const] : [];
  });
  if (sources.length === 1) return outputs[0]?.[1] ?? NULL_VALUE;
  return objectOf(Object.fromEntries(outputs));
}

/** The state of the component `id` as seen from here; undefined inside a loop one is not in, or before it ran. */
export function componentSeen(sight: Sight, id: string): ComponentState | undefined {
  const { plan, levels } = sight;
  const node = plan.byId.get(id);
  if (node === undefined) return undefined;
  const at = levels.findLast(({ frame }) => frame.scope === node.scope);
  if (at !== undefined) return at.frame.slots[node.position];
  const scope = plan.scopes[node.scope];
  const owner = scope?.owner === undefined ? undefined : (plan.nodes[scope.owner] as PlanNode);
  if (owner?.kind !== "parallel" && owner?.kind !== "lookup") return undefined;
  const seen = componentSeen(sight, owner.id);
  if (seen === undefined) return undefined;
  const held = seen.owner;
  const branch = held?.kind === "parallel" ? held.branches[owner.owns.indexOf(node.scope)] : undefined;
  return branch?.slots[node.position] ?? neverOpened(seen);
}

/** A member of a branch its owner has not opened: it waits, or, with an owner that is over, was passed over. */
function neverOpened(owner: ComponentState): ComponentState {
  return { status: isComponentSettled(owner.status) ? "skipped" : "pending", attempts: [] };
}

/** The item and number of the round of `loop` this is in; of the innermost loop without one. */
export function roundSeen(sight: Sight, loop?: string): { readonly item: Value; readonly index: number } | undefined {
  const level = sight.levels.findLast(
    ({ step }) => step?.owner.kind === "loop" && (loop === undefined || step.owner.id === loop),
  );
  if (level === undefined) return undefined;
  return { item: level.frame.item ?? NULL_VALUE, index: level.frame.round ?? 0 };
}

/** What an expression reads of a component: only settled ones have an output. */
export function componentValue(slot: ComponentState): Value {
  const isOver = isComponentSettled(slot.status);
  const fields: { [key: string]: Value } = {
    // How far a component is that has not settled depends on the moment, which no expression may.
    status: inline(isOver ? slot.status : "pending"),
    completed: inline(slot.status === "completed"),
    failed: inline(slot.status === "failed"),
    skipped: inline(slot.status === "skipped"),
    attempts: inline(isOver ? slot.attempts.length : 0),
  };
  if (isOver) {
    fields.output = slot.output ?? NULL_VALUE;
    const { error } = slot;
    fields.error = inline(error === undefined ? null : { type: error.type, message: error.message });
  }
  return { kind: "object", fields };
}
