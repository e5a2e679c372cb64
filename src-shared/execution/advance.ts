import { unreachable } from "../base/bug";
import type { AtMs } from "../base/units";
import { toBeJudged } from "./edge-state";
import type { Event, ExecutionStarted } from "./event";
import type { ComponentError } from "./error";
import { attemptTimer, clearAttemptTimer } from "./attempt-timer";
import {
  attemptFailed,
  attemptTimedOut,
  componentFailed,
  failedForGood,
  judgementFailed,
  stop,
  stoppedEnded,
  timedOut,
} from "./failure";
import { frameDone, frameFailed } from "./frame-end";
import { startFallback } from "./lookup";
import { roundJudged, startLoop } from "./loop";
import { startParallel } from "./parallel";
import { complete, settle } from "./settle";
import { itemCount, partOf } from "./parts";
import type { Plan } from "./plan";
import { beginUndo, stopUndo } from "./undo";
import { arrive, enter } from "./ready";
import { recalled } from "./recall";
import { type ComponentState, type ExecutionState, isComponentSettled } from "./state";
import { branchTimedOut, executionTimedOut, executionTimer } from "./time-limits";
import { emptyFrame, type Spot, type Step, Turn } from "./turn";
import { eventReceived, startWaiting, taskAnswered, waitOver } from "./wait";

export type { Step } from "./turn";

/** The state after the first event of a journal, and what is to be done first. */
export function start(plan: Plan, event: ExecutionStarted): Step {
  const { executionId, rules, at, input, parameters, env, seed, correlationId, parent, rootId } = event;
  const started = event.event;
  const turn = new Turn(
    plan,
    {
      seq: 0,
      facts: {
        executionId,
        rules,
        startedAt: at,
        input,
        ...(started === undefined ? {} : { event: started }),
        parameters,
        env,
        seed,
        correlationId,
        ...(parent === undefined ? {} : { parent }),
        rootId,
      },
      status: event.queued === true ? "queued" : "running",
      root: emptyFrame(plan, 0),
      warnings: [],
      warned: 0,
    },
    at,
  );
  return event.queued === true ? turn.finish() : entered(turn);
}

/** The turn of a queued execution has come. */
function begun(plan: Plan, state: ExecutionState, at: AtMs): Step {
  if (state.status !== "queued" || state.ending !== undefined)
    return { state: { ...state, seq: state.seq + 1 }, effects: [], settled: [] };
  return entered(new Turn(plan, { ...state, status: "running", begunAt: at }, at));
}

function entered(turn: Turn): Step {
  const limit = executionTimer(turn.plan, turn.before.facts.rules, turn.at);
  if (limit !== undefined) turn.effect(limit);
  enter(turn, turn.root);
  return end(turn);
}

/**
 * The state after `event`, and what the driver is to do because of it. Pure and synchronous; `state` is not changed.
 *
 * Events that come too late (an outcome of what was stopped, a timer that was cleared) are counted and change nothing,
 * so whatever a driver journals can be folded.
 */
export function advance(plan: Plan, state: ExecutionState, event: Event): Step {
  if (event.kind === "execution-settled") return settleExecution(state, event);
  if (event.kind === "execution-begun") return begun(plan, state, event.at);
  if (event.kind === "undo-requested") return undoRequested(plan, state, event);
  const turn = new Turn(plan, state, event.at);
  if (state.settledAt === undefined) {
    if (state.ending !== undefined) takeAtTheEnd(turn, event);
    else if (state.undoing !== undefined) takeWhileUndoing(turn, event);
    else take(turn, event);
  }
  return end(turn);
}

/** The components have settled, `outputs` were still to be evaluated. */
function takeAtTheEnd(turn: Turn, event: Event): void {
  if (event.kind !== "outputs-failed" || turn.undoing !== undefined) return;
  turn.ending = undefined;
  stop(turn, "failed", event.error);
}

/** Only the step under way has a say, and whoever stops it. */
function takeWhileUndoing(turn: Turn, event: Event): void {
  if (event.kind === "cancel-requested") {
    stopUndo(turn, event.mode);
    return;
  }
  if (!("path" in event)) return;
  const spot = turn.spot(event.path);
  if (spot?.node.undo !== undefined) takeAt(turn, spot, turn.slot(spot), event);
}

/** The caller of a completed execution failed: the execution is taken up again and undone. */
function undoRequested(plan: Plan, state: ExecutionState, event: Extract<Event, { kind: "undo-requested" }>): Step {
  const { settledAt, ending: _ending, output: _output, ...open } = state;
  const isOver = state.status === "completed" || state.status === "completed_with_warnings";
  const turn = new Turn(plan, isOver ? open : state, event.at);
  const error = { type: "cancelled", message: event.reason } as const;
  const begins =
    isOver && settledAt !== undefined && beginUndo(turn, { status: "cancelled", error, stops: 0, recovers: false });
  return begins ? turn.finish() : { state: { ...state, seq: state.seq + 1 }, effects: [], settled: [] };
}

function take(turn: Turn, event: Exclude<Event, { kind: "execution-settled" }>): void {
  switch (event.kind) {
    case "execution-started":
    case "group-started":
    case "log-written":
    case "execution-begun":
    case "execution-recovered":
    case "undo-requested":
    case "outputs-failed":
      return;
    case "cancel-requested":
      stop(turn, "cancelled", { type: "cancelled", message: event.reason }, event.mode ?? "asked");
      return;
    case "timer-fired":
      if (event.timer === "execution-timeout") return executionTimedOut(turn);
      if (event.timer === "branch-timeout") return branchTimedOut(turn, event.path);
      return placed(turn, event);
    case "component-prepared":
    case "preparation-failed":
    case "input-edited":
    case "attempt-started":
    case "attempt-completed":
    case "attempt-failed":
    case "connections-judged":
    case "round-judged":
    case "cache-missed":
    case "recalled":
    case "event-received":
    case "task-answered":
      return placed(turn, event);
    default:
      unreachable(event);
  }
}

function placed(turn: Turn, event: PlacedEvent): void {
  const spot = turn.spot(event.path);
  if (spot !== undefined) takeAt(turn, spot, turn.slot(spot), event);
}

type PlacedEvent = Extract<Event, { path: string }>;

function takeAt(turn: Turn, spot: Spot, slot: ComponentState, event: PlacedEvent): void {
  switch (event.kind) {
    case "component-prepared":
      if (isUnprepared(slot)) prepared(turn, spot, event);
      return;
    case "preparation-failed":
      if (!isUnprepared(slot)) return;
      turn.set(spot, { input: event.input });
      componentFailed(turn, spot, event.error);
      return;
    case "input-edited":
      if (slot.status === "ready" && slot.config !== undefined) edited(turn, spot, event);
      return;
    case "attempt-started":
      if (slot.status === "ready" && slot.config !== undefined) attemptStarted(turn, spot, slot, event);
      return;
    case "attempt-completed":
      if (!isRunning(slot, event.attempt)) return;
      clearAttemptTimer(turn, spot);
      complete(turn, spot, event.output, {
        ...(event.chosen === undefined ? {} : { chosen: event.chosen }),
        ...(event.facts === undefined ? {} : { facts: event.facts }),
        ...(event.from === undefined ? {} : { from: event.from }),
        ...(event.undoable === undefined ? {} : { undoable: event.undoable }),
        ...(event.warnings === undefined ? {} : { warnings: event.warnings }),
        error: undefined,
      });
      return;
    case "attempt-failed":
      if (slot.stopping === true) return stoppedEnded(turn, spot);
      if (!isRunning(slot, event.attempt)) return;
      clearAttemptTimer(turn, spot);
      attemptFailed(turn, spot, event.error);
      return;
    case "connections-judged":
      judged(turn, spot, slot, event);
      return;
    case "round-judged":
      if (slot.status === "running" && slot.recalling !== true)
        roundJudged(turn, spot, event.round, event.go, event.error);
      return;
    case "timer-fired":
      if (event.timer === "component-timeout") {
        if (slot.startedAt !== undefined && !isComponentSettled(slot.status)) timedOut(turn, spot);
      } else if (event.timer === "attempt-timeout") {
        attemptTimedOut(turn, spot);
      } else if (slot.awaits !== undefined) {
        waitOver(turn, spot, event.timer);
      } else if (slot.status === "waiting") {
        turn.set(spot, { status: "ready", retryAt: undefined });
        turn.effect({ kind: "attempt", path: event.path, attempt: slot.attempts.length + 1 });
      }
      return;
    case "event-received":
      eventReceived(turn, spot, event.event);
      return;
    case "task-answered":
      taskAnswered(turn, spot, event.answer, event.by);
      return;
    case "cache-missed":
      if (isRunning(slot, event.attempt) && spot.node.owns.length > 0) startFallback(turn, spot);
      return;
    case "recalled":
      if (slot.recalling !== true || isComponentSettled(slot.status)) return;
      if (event.output === undefined) failedForGood(turn, spot, slot.error as ComponentError);
      else recalled(turn, spot, event.output, event.storedAt);
      return;
    case "log-written":
      return;
    default:
      unreachable(event);
  }
}

function prepared(turn: Turn, spot: Spot, event: Extract<Event, { kind: "component-prepared" }>): void {
  const { input, config, items } = event;
  turn.set(spot, { input, config, ...(items === undefined ? {} : { items }) });
  if (!event.run) settle(turn, spot, { status: "skipped" });
  else if (spot.node.disabled) complete(turn, spot, input);
  else turn.effect({ kind: "attempt", path: event.path, attempt: 1 });
}

function edited(turn: Turn, spot: Spot, event: Extract<Event, { kind: "input-edited" }>): void {
  const { input, config } = event;
  const items = config === undefined ? undefined : partOf(config, "items");
  const count = event.items ?? (items === undefined ? undefined : itemCount(items));
  turn.set(spot, {
    ...(input === undefined ? {} : { input }),
    ...(config === undefined ? {} : { config }),
    ...(count === undefined ? {} : { items: count }),
  });
}

function attemptStarted(
  turn: Turn,
  spot: Spot,
  slot: ComponentState,
  event: Extract<Event, { kind: "attempt-started" }>,
): void {
  const { node } = spot;
  const { attempt, at, childId, path } = event;
  turn.set(spot, {
    status: "running",
    startedAt: slot.startedAt ?? at,
    attempts: [...slot.attempts, { attempt, startedAt: at, ...(childId === undefined ? {} : { childId }) }],
  });
  if (attempt === 1 && node.timeoutMs !== undefined) {
    turn.effect({ kind: "set-timer", path, timer: "component-timeout", from: at, delayMs: node.timeoutMs });
  }
  const limit = attemptTimer(turn.before.facts.rules, path, node, turn.slot(spot));
  if (limit !== undefined) turn.effect(limit);
  if (node.kind === "parallel") startParallel(turn, spot);
  else if (node.kind === "loop") startLoop(turn, spot);
  else if (node.kind === "await" && turn.before.facts.rules >= 2) startWaiting(turn, spot);
}

function judged(
  turn: Turn,
  spot: Spot,
  slot: ComponentState,
  event: Extract<Event, { kind: "connections-judged" }>,
): void {
  if (slot.status !== "completed" && slot.status !== "failed") return;
  const [error] = Object.values(event.errors ?? {});
  turn.set(spot, { judged: { ...slot.judged, ...event.active } });
  if (error !== undefined) judgementFailed(turn, spot, error);
  else {
    for (const edge of spot.node.judged) {
      const target = turn.plan.edges[edge]?.target;
      const node = target === undefined ? undefined : turn.plan.nodes[target];
      if (node !== undefined) turn.work.push({ kind: "arrive", spot: { in: spot.in, node } });
    }
  }
}

/** Decides all that follows from what happened, in order, until nothing is left to decide. */
function end(turn: Turn): Step {
  for (let at = 0; at < turn.work.length; at += 1) {
    const work = turn.work[at];
    if (work === undefined) break;
    switch (work.kind) {
      case "arrive":
        arrive(turn, work.spot);
        break;
      case "frame-done":
        frameDone(turn, work.in);
        break;
      case "frame-failed":
        frameFailed(turn, work.in, work.error);
        break;
      default:
        unreachable(work);
    }
  }
  for (const spot of turn.judging) {
    const connections = toBeJudged(turn.plan, spot.in.frame.slots, spot.node);
    if (connections.length > 0) turn.effect({ kind: "judge-connections", path: turn.path(spot), connections });
  }
  return turn.finish();
}

function settleExecution(state: ExecutionState, event: Extract<Event, { kind: "execution-settled" }>): Step {
  const { status, output, error, at } = event;
  const settled = { status, output, settledAt: at, ...(error === undefined ? {} : { error }) };
  return { state: { ...state, seq: state.seq + 1, ...settled }, effects: [], settled: [] };
}

function isUnprepared(slot: ComponentState): boolean {
  return slot.status === "ready" && slot.config === undefined;
}

function isRunning(slot: ComponentState, attempt: number): boolean {
  if (slot.status !== "running" || slot.owner !== undefined) return false;
  if (slot.recalling === true || slot.stopping === true) return false;
  return slot.attempts.length === attempt;
}
