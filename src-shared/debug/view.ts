import type { ComponentPath } from "../base/ids";
import type { AtMs } from "../base/units";
import { edgeState } from "../execution/edge-state";
import type { ComponentError } from "../execution/error";
import type { PlanEdge, PlanNode } from "../execution/node";
import type { Plan } from "../execution/plan";
import { framesOf, type PlacedFrame } from "../execution/read";
import { framePath, memberPath, routeOf } from "../execution/route";
import { RECOVERY } from "../execution/undo-plan";
import {
  type ComponentState,
  type ExecutionState,
  type Frame,
  isComponentSettled,
  type Tally,
} from "../execution/state";
import type { ComponentStatus, ExecutionStatus } from "../execution/status";
import { talliesOf } from "../execution/tally";
import type { Value } from "../execution/value";
import type { Hold } from "./breakpoint";
import { type UndoFacts, undoFacts, type WaitingFor, waitingFor } from "./facts";

/** What a debugger shows of one component: facts, no words. */
export interface ComponentView {
  readonly id: string;
  /** In the frame that is shown: of several rounds the one looked at. */
  readonly path: ComponentPath;
  readonly type: string;
  readonly status: ComponentStatus;
  readonly held?: Hold["reason"];
  readonly attempts: number;
  /** How many attempts its policy allows. */
  readonly maxAttempts: number;
  readonly error?: ComponentError;
  readonly tolerated: boolean;
  /** What the behaviour said about its result, e.g. `412 records`. */
  readonly facts?: string;
  readonly chosen?: string;
  /** A cache had its output, fresh or the last good one. */
  readonly from?: "cache" | "last-good";
  readonly startedAt?: AtMs;
  readonly settledAt?: AtMs;
  /** When a waiting component tries again. */
  readonly retryAt?: AtMs;
  /** What a waiting component waits for. */
  readonly waiting?: WaitingFor;
  /** What became of taking back what it did. */
  readonly undo?: UndoFacts;
  /** Predecessors that have not settled, while it is pending. */
  readonly waitsFor: number;
  /** An owner's branches or rounds: how many are over, of how many; a `while` loop has no end to count. */
  readonly progress?: { readonly done: number; readonly failed: number; readonly total?: number };
  /** The round its frame belongs to, when it is a loop's member. */
  readonly round?: { readonly index: number; readonly total?: number; readonly item: Value };
  /** Over the rounds that are over. */
  readonly tally?: Tally;
  /** The execution a `workflow_call` started. */
  readonly childId?: string;
}

/** One step of undoing. Its path is the one its events have; its id ends in `~undo` or is `~recovery` or `~notify`. */
export interface UndoView extends ComponentView {
  /** `undo` takes back what `of` did; then the recovery workflow is called and the channels are told. */
  readonly kind: "undo" | "recovery" | "notice";
  /** The component it undoes; absent for the two that follow. */
  readonly of?: ComponentPath;
}

/** What a debugger shows of one connection. */
export interface ConnectionView {
  /** In the plan. */
  readonly index: number;
  /** In `workflow.connections`; absent for implied ones. */
  readonly listed?: number;
  readonly source: string;
  readonly target: string;
  readonly type: PlanEdge["type"];
  /** `flowing`: taken, and its target is at work. */
  readonly state: "pending" | "taken" | "dead" | "flowing";
  /** How its condition came out. */
  readonly judged?: boolean;
}

/** A line of the tree of branches: the execution, a component that was reached, a branch or a round. */
export interface TreeItem {
  readonly kind: "execution" | "component" | "branch" | "round";
  readonly path: ComponentPath;
  /** The component's or branch's id; a round's number. */
  readonly label: string;
  readonly status: ComponentStatus | ExecutionStatus;
  readonly held?: Hold["reason"];
  readonly tolerated?: boolean;
  readonly startedAt?: AtMs;
  readonly settledAt?: AtMs;
  /** The execution a `workflow_call` started. */
  readonly childId?: string;
  readonly children: readonly TreeItem[];
}

/** One moment of an execution, laid over its workflow. */
export interface ExecutionView {
  readonly status: ExecutionStatus;
  /** By component id; each id once, in the frame looked at. */
  readonly components: { readonly [id: string]: ComponentView };
  readonly connections: readonly ConnectionView[];
  readonly tree: TreeItem;
  /** The steps of undoing, in their order; absent where nothing is undone. */
  readonly undos?: readonly UndoView[];
  /** How many components are in each status, over all frames held; `held` counts apart. */
  readonly counts: { readonly [status in ComponentStatus | "held"]: number };
}

/** What to look at: the holds of the gate, and the path whose rounds are to be shown. */
export interface Focus {
  readonly holds?: readonly Hold[];
  /** A component, branch or round; where it leads into a loop, that round is shown. */
  readonly path?: ComponentPath;
}

/** The view of `state`. Of a loop the round in focus is shown, else the oldest open one, else the last. */
export function viewOf(plan: Plan, state: ExecutionState, focus: Focus = {}): ExecutionView {
  const held = new Map((focus.holds ?? []).map((hold) => [hold.path, hold.reason]));
  const chosen = new Map(
    (focus.path === undefined ? [] : (routeOf(plan, focus.path)?.steps ?? [])).map(({ owner, at }) => [
      owner.number,
      at,
    ]),
  );
  const components: { [id: string]: ComponentView } = {};
  const connections: ConnectionView[] = [];
  const undoing = undoingOf(plan, state);
  const look = (
    placed: PlacedFrame,
    round: ComponentView["round"],
    tallies: { readonly [id: string]: Tally },
  ): void => {
    for (const [position, number] of (plan.scopes[placed.frame.scope]?.members ?? []).entries()) {
      const node = plan.nodes[number] as PlanNode;
      const slot = placed.frame.slots[position] as ComponentState;
      const path = memberPath(placed.path, node.id);
      components[node.id] = componentView(plan, placed.frame, {
        node,
        slot,
        path,
        held: held.get(path),
        undo: undoing.of.get(path),
        round,
        tally: tallies[node.id],
      });
      for (const edge of node.outgoing) connections.push(connectionView(plan, placed.frame, edge));
      const inner = slot.owner?.kind === "loop" ? { ...tallies, ...talliesOf(plan, slot) } : tallies;
      for (const { at, frame } of shown(slot, chosen.get(node.number))) {
        look({ path: framePath(plan, path, node, at), frame }, roundOf(slot, frame) ?? round, inner);
      }
    }
  };
  look({ path: "", frame: state.root }, undefined, {});
  const counts = {
    pending: 0,
    ready: 0,
    running: 0,
    waiting: 0,
    completed: 0,
    failed: 0,
    skipped: 0,
    cancelled: 0,
    compensated: 0,
    held: held.size,
  };
  const children = treeOf(plan, { path: "", frame: state.root }, held, counts);
  const tree: TreeItem = {
    kind: "execution",
    path: "",
    label: state.facts.executionId,
    status: state.status,
    startedAt: state.facts.startedAt,
    ...optional("settledAt", state.settledAt),
    children,
  };
  return {
    status: state.status,
    components,
    connections: [...connections].sort((a, b) => a.index - b.index),
    tree,
    ...(undoing.steps.length === 0 ? {} : { undos: undoing.steps }),
    counts,
  };
}

interface Seen {
  readonly node: PlanNode;
  readonly slot: ComponentState;
  readonly path: ComponentPath;
  readonly held?: Hold["reason"] | undefined;
  readonly undo?: UndoFacts | undefined;
  readonly round?: ComponentView["round"];
  readonly tally?: Tally | undefined;
}

function componentView(plan: Plan, frame: Frame, { node, slot, path, held, undo, round, tally }: Seen): ComponentView {
  return {
    ...ownView(node, slot, path),
    waitsFor: slot.status === "pending" ? waitsFor(plan, frame, node) : 0,
    ...optional("held", held),
    ...optional("undo", undo),
    ...optional("progress", progressOf(slot)),
    ...optional("round", round),
    ...optional("tally", tally),
  };
}

/** What a component's own state tells. */
function ownView(node: PlanNode | undefined, slot: ComponentState, path: ComponentPath): ComponentView {
  const { status, attempts, error, tolerated, facts, chosen, from, startedAt, settledAt, retryAt } = slot;
  return {
    id: node?.id ?? path.slice(path.lastIndexOf("/") + 1),
    path,
    type: node?.type ?? "",
    status,
    attempts: attempts.length,
    maxAttempts: node?.retry?.maxAttempts ?? 1,
    ...optional("error", error),
    tolerated: tolerated !== undefined,
    ...optional("facts", facts),
    ...optional("chosen", chosen),
    ...optional("from", from),
    ...optional("startedAt", startedAt),
    ...optional("settledAt", settledAt),
    ...optional("retryAt", retryAt),
    ...optional("waiting", waitingFor(slot)),
    waitsFor: 0,
    ...optional("childId", attempts[attempts.length - 1]?.childId),
  };
}

/** The steps in their order, and what became of each component by its path. */
function undoingOf(plan: Plan, { undoing }: ExecutionState) {
  const of = new Map<ComponentPath, UndoFacts>();
  const steps = (undoing?.steps ?? []).map((step): UndoView => {
    const { path, slot } = step;
    const node = plan.undo.nodes.get(path.slice(path.lastIndexOf("/") + 1));
    if (step.of !== undefined) of.set(step.of, undoFacts(node, slot));
    return {
      ...ownView(node, slot, path),
      kind: step.of !== undefined ? "undo" : path === RECOVERY ? "recovery" : "notice",
      ...optional("of", step.of),
    };
  });
  return { steps, of };
}

function waitsFor(plan: Plan, frame: Frame, node: PlanNode): number {
  const sources = node.incoming
    .map((index) => plan.edges[index] as PlanEdge)
    .filter((edge) => edgeState(edge, sourceOf(plan, frame, edge)) === "pending");
  return new Set(sources.map(({ source }) => source)).size;
}

function connectionView(plan: Plan, frame: Frame, index: number): ConnectionView {
  const edge = plan.edges[index] as PlanEdge;
  const target = plan.nodes[edge.target] as PlanNode;
  const source = sourceOf(plan, frame, edge);
  const state = edgeState(edge, source);
  const at = frame.slots[target.position]?.status;
  // A merge may have gone on before the condition was judged; then it never is.
  const isOver = isComponentSettled(source.status) && at !== "pending";
  const isFlowing = state === "active" && (at === "ready" || at === "running" || at === "waiting");
  return {
    index,
    ...optional("listed", edge.listed),
    source: (plan.nodes[edge.source] as PlanNode).id,
    target: target.id,
    type: edge.type,
    state: state === "active" ? (isFlowing ? "flowing" : "taken") : state === "pending" && isOver ? "dead" : state,
    ...optional("judged", source.judged?.[index]),
  };
}

function sourceOf(plan: Plan, frame: Frame, edge: PlanEdge): ComponentState {
  return frame.slots[(plan.nodes[edge.source] as PlanNode).position] as ComponentState;
}

function progressOf({ owner }: ComponentState): ComponentView["progress"] {
  if (owner === undefined) return undefined;
  if (owner.kind === "parallel") return { done: owner.finished, failed: 0, total: owner.branches.length };
  return { done: owner.completed + owner.failed, failed: owner.failed, ...optional("total", owner.total) };
}

function roundOf({ owner }: ComponentState, frame: Frame): ComponentView["round"] {
  if (owner?.kind !== "loop" || frame.round === undefined || frame.item === undefined) return undefined;
  return { index: frame.round, ...optional("total", owner.total), item: frame.item };
}

/** A parallel shows all its branches; a loop one round. */
function shown(slot: ComponentState, chosen: number | undefined): ReturnType<typeof framesOf> {
  const all = framesOf(slot);
  const { owner } = slot;
  if (owner?.kind !== "loop") return all;
  const one = all.find(({ at }) => at === chosen) ?? all.find(({ frame }) => frame !== owner.last) ?? all[0];
  return one === undefined ? [] : [one];
}

type Counts = { -readonly [status in keyof ExecutionView["counts"]]: number };

function treeOf(
  plan: Plan,
  placed: PlacedFrame,
  held: ReadonlyMap<string, Hold["reason"]>,
  counts: Counts,
): TreeItem[] {
  const items: TreeItem[] = [];
  for (const [position, number] of (plan.scopes[placed.frame.scope]?.members ?? []).entries()) {
    const slot = placed.frame.slots[position] as ComponentState;
    counts[slot.status] += 1;
    // The tree shows what was reached; the canvas shows the rest.
    if (slot.status === "pending" || slot.status === "skipped") continue;
    const node = plan.nodes[number] as PlanNode;
    const path = memberPath(placed.path, node.id);
    const children = framesOf(slot).map(({ at, frame }): TreeItem => {
      const inner = { path: framePath(plan, path, node, at), frame };
      return {
        kind: node.kind === "loop" ? "round" : "branch",
        path: inner.path,
        label: inner.path.slice(path.length + 1),
        status: frameStatus(frame),
        children: treeOf(plan, inner, held, counts),
      };
    });
    items.push({
      kind: "component",
      path,
      label: node.id,
      status: slot.status,
      ...optional("held", held.get(path)),
      ...(slot.tolerated === undefined ? {} : { tolerated: true }),
      ...optional("startedAt", slot.startedAt),
      ...optional("settledAt", slot.settledAt),
      ...optional("childId", slot.attempts.at(-1)?.childId),
      children,
    });
  }
  return items;
}

function frameStatus(frame: Frame): ComponentStatus {
  if (frame.slots.some(({ status, tolerated }) => status === "failed" && tolerated === undefined)) return "failed";
  if (frame.slots.some(({ status }) => status === "cancelled")) return "cancelled";
  return frame.open > 0 ? "running" : "completed";
}

function optional<K extends string, T>(key: K, value: T | undefined): { readonly [key in K]?: T } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [key in K]?: T };
}
