import { Bug } from "../base/bug";
import type { ComponentPath } from "../base/ids";
import type { AtMs } from "../base/units";
import type { Effect } from "./effect";
import type { ComponentError } from "./error";
import type { PlanNode, PlanScope } from "./node";
import type { Plan } from "./plan";
import { framePath, memberPath, routeOf } from "./route";
import { type ComponentState, type ExecutionState, type Frame, type OwnerState, PENDING, WARNINGS_KEPT } from "./state";
import { currentStep, withStep } from "./undo-steps";
import type { Value } from "./value";

/** One event's consequences: the next state and what the driver is to do. */
export interface Step {
  readonly state: ExecutionState;
  readonly effects: readonly Effect[];
  /** The components that settled with this event, in order. */
  readonly settled: readonly ComponentPath[];
}

/** A frame while a turn works on it. `frame` is the turn's own copy once `owned`. */
export interface FrameSpot {
  readonly scope: PlanScope;
  readonly path: ComponentPath;
  readonly up?: { readonly spot: Spot; readonly at: number };
  frame: MutableFrame;
  owned: boolean;
}

/** A component while a turn works on it. */
export interface Spot {
  readonly in: FrameSpot;
  readonly node: PlanNode;
}

/** What is left to decide within a turn. A queue rather than calls, so that long chains need no deep stack. */
export type Work =
  | { readonly kind: "arrive"; readonly spot: Spot }
  | { readonly kind: "frame-done"; readonly in: FrameSpot }
  | { readonly kind: "frame-failed"; readonly in: FrameSpot; readonly error: ComponentError };

type MutableFrame = { -readonly [key in keyof Frame]: key extends "slots" ? ComponentState[] : Frame[key] };

/** The workings of one call of `advance`: copies what it changes once, shares all else with the state before. */
export class Turn {
  readonly effects: Effect[] = [];
  readonly settled: ComponentPath[] = [];
  readonly work: Work[] = [];
  /** Components whose outgoing conditions are asked for at the end, when it is known who still waits for them. */
  readonly judging: Spot[] = [];
  readonly #aborted: ComponentPath[] = [];
  readonly #root: FrameSpot;
  #inner: Map<ComponentPath, FrameSpot> | undefined;
  #warnings: readonly string[];
  #warned: number;
  ending: ExecutionState["ending"];
  undoing: ExecutionState["undoing"];
  /** How many components were done that can be undone. */
  done: number;

  constructor(
    readonly plan: Plan,
    readonly before: ExecutionState,
    readonly at: AtMs,
  ) {
    this.#root = { scope: plan.scopes[0] as PlanScope, path: "", frame: before.root as MutableFrame, owned: false };
    this.#warnings = before.warnings;
    this.#warned = before.warned;
    this.ending = before.ending;
    this.undoing = before.undoing;
    this.done = before.done ?? 0;
  }

  get root(): FrameSpot {
    return this.#root;
  }

  get warned(): number {
    return this.#warned;
  }

  /** Where `path` is; undefined when its frame is not open. */
  spot(path: ComponentPath): Spot | undefined {
    const route = routeOf(this.plan, path);
    if (route?.node === undefined) return undefined;
    if (route.node.undo !== undefined) return this.#undoSpot(path, route.node);
    let spot: FrameSpot | undefined = this.#root;
    for (const step of route.steps) {
      spot = this.inner({ in: spot, node: step.owner }, step.at);
      if (spot === undefined) return undefined;
    }
    return { in: spot, node: route.node };
  }

  /** The frame at `path`: a branch or round; undefined when it is not open. */
  frame(path: ComponentPath): FrameSpot | undefined {
    const route = routeOf(this.plan, path);
    if (route === undefined || route.node !== undefined) return undefined;
    let spot: FrameSpot | undefined = this.#root;
    for (const step of route.steps) {
      spot = this.inner({ in: spot, node: step.owner }, step.at);
      if (spot === undefined) return undefined;
    }
    return spot;
  }

  /** The open frame `at` of an owner: a branch's, or a round's that is not over. */
  inner(owner: Spot, at: number): FrameSpot | undefined {
    const path = framePath(this.plan, this.path(owner), owner.node, at);
    const known = this.#inner?.get(path);
    if (known !== undefined) return known;
    const held = this.slot(owner).owner;
    const frame = held?.kind === "loop" ? held.open.find((round) => round.round === at) : held?.branches[at];
    if (frame === undefined || frame === null) return undefined;
    return this.#place(owner, at, path, frame as MutableFrame, false);
  }

  /** A fresh frame of an owner; it belongs to the state once the owner's state holds `frame`. */
  fresh(owner: Spot, at: number, scope: number, round?: { readonly round: number; readonly item: Value }): FrameSpot {
    const path = framePath(this.plan, this.path(owner), owner.node, at);
    return this.#place(owner, at, path, { ...emptyFrame(this.plan, scope), ...round } as MutableFrame, true);
  }

  path({ in: frame, node }: Spot): ComponentPath {
    return memberPath(frame.path, node.id);
  }

  slot({ in: { frame }, node }: Spot): ComponentState {
    const slot = node.undo !== undefined ? this.undoing?.steps[this.undoing.at]?.slot : frame.slots[node.position];
    if (slot === undefined) throw new Bug(`no slot for ${node.id}`);
    return slot;
  }

  set(spot: Spot, patch: Partial<ComponentState>): void {
    if (spot.node.undo !== undefined) {
      if (this.undoing !== undefined)
        this.undoing = withStep(this.undoing, this.undoing.at, { ...this.slot(spot), ...patch });
      return;
    }
    const frame = this.own(spot.in);
    frame.slots[spot.node.position] = { ...(frame.slots[spot.node.position] as ComponentState), ...patch };
  }

  /** The turn's own copy of a frame, linked into the state. */
  own(spot: FrameSpot): MutableFrame {
    if (spot.owned) return spot.frame;
    const before = spot.frame;
    spot.frame = { ...before, slots: before.slots.slice() };
    spot.owned = true;
    if (spot.up !== undefined) this.#relink(spot.up.spot, before, spot.frame);
    return spot.frame;
  }

  /** Puts `frame` in the place of the root and all that it holds. */
  replaceRoot(frame: Frame): void {
    this.#root.frame = frame as MutableFrame;
    this.#root.owned = false;
    this.#inner = undefined;
  }

  effect(effect: Effect): void {
    this.effects.push(effect);
  }

  abort(path: ComponentPath): void {
    this.#aborted.push(path);
  }

  warn(message: string): void {
    if (this.#warned < WARNINGS_KEPT) this.#warnings = [...this.#warnings, message];
    this.#warned += 1;
  }

  finish(): Step {
    const effects = this.#aborted.length === 0 ? this.effects : this.#withAborts(this.#aborted);
    const { ending: _ending, ...before } = this.before;
    const state: ExecutionState = {
      ...before,
      seq: this.before.seq + 1,
      root: this.#root.frame,
      warnings: this.#warnings,
      warned: this.#warned,
      ...(this.ending === undefined ? {} : { ending: this.ending }),
      ...(this.done === 0 ? {} : { done: this.done }),
      ...(this.undoing === undefined ? {} : { undoing: this.undoing, status: "compensating" }),
    };
    return { state, effects, settled: this.settled };
  }

  /** What was asked for in this very turn and then stopped never reaches the driver. */
  #withAborts(paths: readonly ComponentPath[]): readonly Effect[] {
    const stopped = new Set(paths);
    const rest = this.effects.filter((effect) => effect.kind !== "prepare" || !stopped.has(effect.path));
    return [{ kind: "abort", paths }, ...rest];
  }

  /** The step under way: it is in the list of steps and in no frame. */
  #undoSpot(path: ComponentPath, node: PlanNode): Spot | undefined {
    if (currentStep(this.undoing, path) === undefined) return undefined;
    const scope = this.plan.scopes[node.scope] as PlanScope;
    const frame = { scope: node.scope, slots: [], open: 0 };
    return {
      in: { scope, path: path.slice(0, Math.max(0, path.length - node.id.length - 1)), frame, owned: true },
      node,
    };
  }

  #place(owner: Spot, at: number, path: ComponentPath, frame: MutableFrame, owned: boolean): FrameSpot {
    const scope = this.plan.scopes[frame.scope] as PlanScope;
    const spot: FrameSpot = { scope, path, up: { spot: owner, at }, frame, owned };
    this.#inner ??= new Map();
    this.#inner.set(path, spot);
    return spot;
  }

  #relink(owner: Spot, before: Frame, after: Frame): void {
    const held = this.slot(owner).owner;
    if (held === undefined) throw new Bug(`${owner.node.id} holds no frames`);
    this.set(owner, { owner: withFrame(held, before, after) });
  }
}

/** A frame in which nothing has happened. */
export function emptyFrame(plan: Plan, scope: number): Frame {
  const { members } = plan.scopes[scope] as PlanScope;
  return { scope, slots: new Array<ComponentState>(members.length).fill(PENDING), open: members.length };
}

function withFrame(held: OwnerState, before: Frame, after: Frame): OwnerState {
  return held.kind === "loop"
    ? { ...held, open: replaced(held.open, before, after) }
    : { ...held, branches: replaced(held.branches, before, after) };
}

/** A loop may have a thousand rounds open, so this is a copy and one search rather than a closure for each. */
function replaced<T extends Frame | null>(frames: readonly T[], before: Frame, after: Frame): readonly (T | Frame)[] {
  const copy: (T | Frame)[] = frames.slice();
  copy[(frames as readonly (Frame | null)[]).indexOf(before)] = after;
  return copy;
}
