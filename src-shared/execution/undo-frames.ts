import type { ComponentPath } from "../base/ids";
import type { PlanNode } from "./node";
import type { Plan } from "./plan";
import { heldFrame, type PlacedFrame } from "./read";
import { framePath, memberPath, routeOf, type RouteStep } from "./route";
import type { ComponentState, Frame, LoopState, OwnerState } from "./state";
import { elementAt, elementsOf, emptyVector, setAt } from "./vector";

/** A component that can be undone. */
export interface Undoable {
  readonly path: ComponentPath;
  readonly node: PlanNode;
  readonly slot: ComponentState;
  readonly done: number;
}

/** Everything in the frames from `root` on that can be undone, the latest first. */
export function undoables(plan: Plan, root: Frame): readonly Undoable[] {
  const found: Undoable[] = [];
  collect(plan, { path: "", frame: root }, found);
  return found.sort((a, b) => b.done - a.done);
}

function collect(plan: Plan, { path, frame }: PlacedFrame, found: Undoable[]): void {
  for (const [position, number] of (plan.scopes[frame.scope]?.members ?? []).entries()) {
    const slot = frame.slots[position] as ComponentState;
    const node = plan.nodes[number] as PlanNode;
    const own = memberPath(path, node.id);
    if (slot.done !== undefined) found.push({ path: own, node, slot, done: slot.done });
    if (slot.owner === undefined) continue;
    for (const at of numbersOf(slot.owner)) {
      const inner = heldFrame(slot.owner, at);
      if (inner !== undefined) collect(plan, { path: framePath(plan, own, node, at), frame: inner }, found);
    }
  }
}

/** The branches or rounds an owner holds anything of, each once. */
function numbersOf(owner: OwnerState): readonly number[] {
  if (owner.kind === "parallel") return owner.branches.map((_, at) => at);
  const open = owner.open.map(({ round }) => round ?? 0);
  const last = owner.last?.round ?? -1;
  const kept = owner.kept === undefined ? [] : elementsOf<Frame | undefined>(owner.kept, undefined);
  const rest = kept.flatMap((frame) => (frame === undefined || frame.round === last ? [] : [frame.round ?? 0]));
  return [...rest, ...(last < 0 ? [] : [last]), ...open];
}

/** `loop` with as much of a finished round as undoing reads; unchanged when nothing in it can be undone. */
export function withKept(plan: Plan, loop: LoopState, frame: Frame): LoopState {
  if (!holdsDone(frame)) return loop;
  return { ...loop, kept: setAt(loop.kept ?? emptyVector<Frame>(), frame.round as number, trimmed(plan, frame)) };
}

function holdsDone({ slots }: Frame): boolean {
  return slots.some(({ done, owner }) => done !== undefined || (owner !== undefined && ownerHoldsDone(owner)));
}

function ownerHoldsDone(owner: OwnerState): boolean {
  if (owner.kind === "parallel") return owner.branches.some((frame) => frame !== null && holdsDone(frame));
  return owner.kept !== undefined || owner.open.some(holdsDone);
}

function trimmed(plan: Plan, frame: Frame): Frame {
  const members = plan.scopes[frame.scope]?.members ?? [];
  const slots = frame.slots.map((slot, position) => {
    const node = plan.nodes[members[position] as number] as PlanNode;
    const isRead = slot.done !== undefined || plan.undo.read === "all" || plan.undo.read.has(node.id);
    const { owner, ...own } = slot;
    const kept: ComponentState = isRead ? own : { status: slot.status, attempts: [] };
    return owner !== undefined && ownerHoldsDone(owner) ? { ...kept, owner: trimmedOwner(plan, owner) } : kept;
  });
  return { ...frame, slots };
}

function trimmedOwner(plan: Plan, owner: OwnerState): OwnerState {
  if (owner.kind === "parallel")
    return { ...owner, branches: owner.branches.map((frame) => (frame === null ? null : trimmed(plan, frame))) };
  const { last: _last, ...rest } = owner;
  return { ...rest, outputs: emptyVector(), tallies: {}, open: owner.open.map((frame) => trimmed(plan, frame)) };
}

/** `root` with the component at `path` changed, wherever its frame is held. */
export function withComponent(plan: Plan, root: Frame, path: ComponentPath, patch: Partial<ComponentState>): Frame {
  const route = routeOf(plan, path);
  return route?.node === undefined ? root : changed(root, route.steps, route.node.position, patch);
}

function changed(frame: Frame, steps: readonly RouteStep[], position: number, patch: Partial<ComponentState>): Frame {
  const [step, ...inner] = steps;
  const at = step === undefined ? position : step.owner.position;
  const slot = frame.slots[at];
  if (slot === undefined) return frame;
  const slots = frame.slots.slice();
  if (step === undefined) slots[at] = { ...slot, ...patch };
  else if (slot.owner !== undefined) {
    const change = (one: Frame): Frame => changed(one, inner, position, patch);
    slots[at] = { ...slot, owner: withInner(slot.owner, step.at, change) };
  }
  return { ...frame, slots };
}

function withInner(owner: OwnerState, at: number, change: (frame: Frame) => Frame): OwnerState {
  if (owner.kind === "parallel")
    return {
      ...owner,
      branches: owner.branches.map((frame, n) => (n === at && frame !== null ? change(frame) : frame)),
    };
  const kept = owner.kept === undefined ? undefined : elementAt(owner.kept, at);
  return {
    ...owner,
    open: owner.open.map((frame) => (frame.round === at ? change(frame) : frame)),
    ...(owner.last?.round === at ? { last: change(owner.last) } : {}),
    ...(owner.kept === undefined || kept === undefined ? {} : { kept: setAt(owner.kept, at, change(kept)) }),
  };
}
