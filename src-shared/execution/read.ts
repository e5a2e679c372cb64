import type { ComponentPath } from "../base/ids";
import type { PlanNode } from "./node";
import type { Plan } from "./plan";
import { framePath, memberPath, routeOf, type RouteStep } from "./route";
import type { ComponentState, ExecutionState, Frame, OwnerState } from "./state";
import { stepAt } from "./undo-steps";
import { elementAt } from "./vector";

/** One frame of an execution. */
export interface PlacedFrame {
  /** `""` for the root, `process/demographics` for a branch, `each_order/3` for a round. */
  readonly path: ComponentPath;
  readonly frame: Frame;
}

/** One component of an execution, in one frame. */
export interface PlacedComponent {
  readonly path: ComponentPath;
  readonly node: PlanNode;
  readonly state: ComponentState;
  /** The frame it is in. */
  readonly frame: Frame;
}

/** The frame at `path`; undefined when it was never opened or has left the state. */
export function frameAt(plan: Plan, state: ExecutionState, path: ComponentPath): Frame | undefined {
  const route = routeOf(plan, path);
  return route === undefined || route.node !== undefined ? undefined : innermost(state, route.steps);
}

/** The component at `path`; undefined when its frame was never opened or has left the state. */
export function componentAt(plan: Plan, state: ExecutionState, path: ComponentPath): PlacedComponent | undefined {
  const route = routeOf(plan, path);
  if (route?.node === undefined) return undefined;
  const frame = innermost(state, route.steps);
  if (route.node.undo !== undefined) {
    const step = stepAt(state.undoing, path);
    return step === undefined ? undefined : { path, node: route.node, state: step.slot, frame: frame ?? state.root };
  }
  const slot = frame?.slots[route.node.position];
  return frame === undefined || slot === undefined ? undefined : { path, node: route.node, state: slot, frame };
}

/** The frames from the root to the one that holds `path`, outermost first, with their paths. */
export function framesTo(plan: Plan, state: ExecutionState, path: ComponentPath): readonly PlacedFrame[] {
  const route = routeOf(plan, path);
  if (route === undefined) return [];
  const found: PlacedFrame[] = [{ path: "", frame: state.root }];
  for (const step of route.steps) {
    const outer = found[found.length - 1] as PlacedFrame;
    const frame = entered(outer.frame, step);
    if (frame === undefined) return found;
    found.push({ path: framePath(plan, memberPath(outer.path, step.owner.id), step.owner, step.at), frame });
  }
  return found;
}

/** Every frame the state holds: the root, then each owner's branches or its last and open rounds, depth first. */
export function* frames(plan: Plan, state: ExecutionState): Generator<PlacedFrame> {
  yield* below(plan, { path: "", frame: state.root });
}

/** Every component the state holds, frame by frame, members in the order listed. */
export function* components(plan: Plan, state: ExecutionState): Generator<PlacedComponent> {
  for (const placed of frames(plan, state)) yield* membersIn(plan, placed);
}

/** The components of one frame. */
export function* membersIn(plan: Plan, { path, frame }: PlacedFrame): Generator<PlacedComponent> {
  for (const [position, number] of (plan.scopes[frame.scope]?.members ?? []).entries()) {
    const node = plan.nodes[number] as PlanNode;
    yield { path: memberPath(path, node.id), node, state: frame.slots[position] as ComponentState, frame };
  }
}

/** The frames an owner holds, with the branch or round number of each. */
export function framesOf(state: ComponentState): readonly { readonly at: number; readonly frame: Frame }[] {
  const { owner } = state;
  if (owner === undefined) return [];
  if (owner.kind === "loop") {
    const rounds = owner.last === undefined ? owner.open : [owner.last, ...owner.open];
    return rounds.map((frame) => ({ at: frame.round ?? 0, frame }));
  }
  return owner.branches.flatMap((frame, at) => (frame === null ? [] : [{ at, frame }]));
}

function* below(plan: Plan, placed: PlacedFrame): Generator<PlacedFrame> {
  yield placed;
  for (const { path, node, state } of membersIn(plan, placed)) {
    if (state.owner === undefined) continue;
    for (const { at, frame } of framesOf(state)) yield* below(plan, { path: framePath(plan, path, node, at), frame });
  }
}

function innermost(state: ExecutionState, steps: readonly RouteStep[]): Frame | undefined {
  let frame: Frame | undefined = state.root;
  for (const step of steps) {
    if (frame === undefined) return undefined;
    frame = entered(frame, step);
  }
  return frame;
}

function entered(frame: Frame, { owner, at }: RouteStep): Frame | undefined {
  const held = frame.slots[owner.position]?.owner;
  return held === undefined ? undefined : heldFrame(held, at);
}

/** The frame of branch or round `at` that an owner holds; of a round that is over, as much as was kept. */
export function heldFrame(owner: OwnerState, at: number): Frame | undefined {
  if (owner.kind === "parallel") return owner.branches[at] ?? undefined;
  const open = owner.open.find((round) => round.round === at);
  if (open !== undefined) return open;
  if (owner.last?.round === at) return owner.last;
  return owner.kept === undefined ? undefined : elementAt(owner.kept, at);
}
