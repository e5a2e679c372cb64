import type { Json } from "@shared/base/json";
import {
  admission,
  breakerAfter,
  breakerKey,
  breakerMode,
  breakerRefusal,
  breakerResult,
  type BreakerRule,
  type BreakerState,
  CLOSED,
} from "@shared/execution/breaker";
import type { ValueAccess } from "@shared/execution/access";
import { advance, start, type Step } from "@shared/execution/advance";
import { conclude } from "@shared/execution/conclude";
import type { Effect, Outcome } from "@shared/execution/effect";
import { type Entry, type Event, RULES, type TimerKind } from "@shared/execution/event";
import { foldEvents, groupFrom, runGroup } from "@shared/execution/group";
import { judgeConnections, judgeRound } from "@shared/execution/judge";
import { idempotencyKey } from "@shared/execution/key";
import type { PlanNode } from "@shared/execution/node";
import { type AttemptOutcome, outcomeEvents } from "@shared/execution/outcome";
import { isAwaited, pendingEffects } from "@shared/execution/pending";
import { compilePlan, type Plan } from "@shared/execution/plan";
import { prepare } from "@shared/execution/prepare";
import { receive } from "@shared/execution/deliver";
import { componentAt, components } from "@shared/execution/read";
import type { ExecutionState } from "@shared/execution/state";
import { inline, type Value } from "@shared/execution/value";
import type { Workflow } from "@shared/workflow/workflow";
import { decide, forget, type Gate, obey, openGate } from "@shared/debug/gate";
import { jsonOf } from "./json-of";
import { orderedRank } from "./order";

/** One attempt as a script sees it. */
export interface ScriptedAttempt {
  readonly path: string;
  readonly type: string;
  readonly attempt: number;
  readonly input: Json;
  readonly config: Json;
}

/** What an execution is to be given, and who decides what. */
export interface MemoryRun {
  readonly definition: Workflow;
  readonly input?: Json;
  readonly parameters?: { readonly [name: string]: Json };
  readonly env?: { readonly [name: string]: string };
  readonly sensitive?: readonly string[];
  /** The outcome of an attempt. */
  readonly script: (attempt: ScriptedAttempt) => Outcome;
  /** Whether an attempt of a call goes on until it is stopped. */
  readonly late?: (path: string, attempt: number) => boolean;
  /** Which of `count` things waiting to happen comes next; the oldest unless given. */
  readonly pick?: (count: number) => number;
  /** Paths or ids whose outcomes arrive in this order; the rest as they come. */
  readonly order?: readonly string[];
  /** Whether a component is held when it arrives; what is held is released by `pick`. */
  readonly holds?: (path: string) => boolean;
  /** `wide`: all that is ready at once goes into one group. */
  readonly grouping?: boolean | "wide";
  /** After these many events the host dies: everything but the journal is lost. */
  readonly kills?: readonly number[];
  /** Events and answers from outside, by milliseconds after the start; each comes once, when nothing else is left to do before it. */
  readonly happenings?: readonly Happening[];
  /** A cancel comes after this many events; after each of several. */
  readonly cancelAfter?: number | readonly number[];
  /** The last good outputs of components, by id; four minutes old. */
  readonly lastGood?: { readonly [id: string]: Json };
  /** What the cache holds, by key; four minutes old. */
  readonly cached?: { readonly [key: string]: Json };
  /** Called after each event that was folded. */
  readonly onEvent?: (step: Step, entry: Entry) => void;
}

/** Something from outside that a waiting execution waits for. */
export type Happening =
  | { readonly after: number; readonly event: string; readonly payload: Json }
  | { readonly after: number; readonly task: string; readonly answer: Json; readonly by: string };

type Action =
  | { readonly kind: "effect"; readonly effect: Effect }
  | { readonly kind: "finish"; readonly effect: Extract<Effect, { kind: "attempt" }> }
  | { readonly kind: "release"; readonly path: string };

const START = 1_000_000;

interface Timer {
  readonly path: string;
  readonly timer: TimerKind;
  readonly fireAt: number;
}

/** When an execution starts. */
const STARTED = 1_000_001;

/** A driver without threads, files or clocks: time passes by one with each event and jumps when only timers are left. */
export class MemoryDriver {
  readonly plan: Plan;
  readonly entries: Entry[] = [];
  /** Every attempt effect that was carried out, as `path#attempt`, in order. */
  readonly carried: string[] = [];
  readonly secrets = new Map<string, Json>();
  /** Circuit breakers by component id, and what happened to them. */
  readonly breakers = new Map<string, BreakerState>();
  readonly breakerSteps: string[] = [];
  state: ExecutionState | undefined;
  readonly #run: MemoryRun;
  #actions: Action[] = [];
  #timers: Timer[] = [];
  #gate: Gate = openGate("memory");
  #now = START;
  #kills: readonly number[];
  #happenings: readonly Happening[];
  #cancels: readonly number[];

  constructor(run: MemoryRun) {
    const plan = compilePlan(run.definition);
    if (!plan.ok) throw new Error(plan.problem.map(({ message }) => message).join(" "));
    this.plan = plan.value;
    this.#run = run;
    this.#kills = run.kills ?? [];
    this.#happenings = run.happenings ?? [];
    this.#cancels = [run.cancelAfter ?? []].flat();
  }

  /** Runs to the end. Fails when nothing is left to happen and the execution has not settled. */
  async run(): Promise<this> {
    this.#append(this.#started());
    while (this.#current().settledAt === undefined) {
      if (this.#kills.includes(this.entries.length)) this.#recover();
      if (this.#cancels.includes(this.entries.length)) {
        this.#cancels = this.#cancels.filter((after) => after !== this.entries.length);
        this.#append({ kind: "cancel-requested", at: this.#tick(), reason: "stopped" });
      } else if (this.#actions.length > 0) {
        const [action] = this.#actions.splice(this.#next(), 1);
        if (action !== undefined) await this.#act(action);
      } else {
        this.#fireTimer();
      }
    }
    return this;
  }

  /** The output as JSON. */
  get output(): Json {
    return jsonOf(this.#current().output ?? inline(null), this.secrets);
  }

  get status(): string {
    return this.#current().status;
  }

  #next(): number {
    if (this.#run.pick !== undefined) return this.#run.pick(this.#actions.length);
    const { order } = this.#run;
    if (order === undefined) return 0;
    // What is ordered comes when nothing else is left, so that everything that can run at the same time has started.
    const ranks = this.#actions.map((action) =>
      action.kind === "finish" ? orderedRank(order, action.effect.path) : -1,
    );
    return ranks.indexOf(Math.min(...ranks));
  }

  #current(): ExecutionState {
    if (this.state === undefined) throw new Error("not started");
    return this.state;
  }

  #tick(): number {
    return (this.#now += 1);
  }

  #started(): Event {
    const { definition, input = null, parameters = {}, env = {}, sensitive = [] } = this.#run;
    const values = Object.entries(parameters).map(([name, json]): [string, Value] => [
      name,
      sensitive.includes(name) ? this.#access().mark(json) : inline(json),
    ]);
    return {
      kind: "execution-started",
      at: this.#tick(),
      executionId: "memory",
      rules: RULES,
      definition,
      input: inline(input),
      parameters: Object.fromEntries(values),
      env,
      seed: "seed",
      correlationId: "correlation",
      rootId: "memory",
    };
  }

  #append(event: Event): void {
    // A journal is text: what does not survive that must not be relied on.
    const entry: Entry = { seq: this.entries.length + 1, event: JSON.parse(JSON.stringify(event)) as Event };
    this.entries.push(entry);
    const step =
      this.state === undefined && entry.event.kind === "execution-started"
        ? start(this.plan, entry.event)
        : advance(this.plan, this.#current(), entry.event);
    this.state = step.state;
    this.#run.onEvent?.(step, entry);
    this.#accept(step.effects);
  }

  #accept(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === "set-timer") {
        this.#timers.push({ path: effect.path, timer: effect.timer, fireAt: effect.from + effect.delayMs });
      } else if (effect.kind === "clear-timer") {
        this.#timers = this.#timers.filter(({ path, timer }) => path !== effect.path || timer !== effect.timer);
      } else if (effect.kind === "abort") {
        this.#gate = forget(this.#gate, effect.paths);
      } else {
        this.#actions.push({ kind: "effect", effect });
      }
    }
  }

  async #act(action: Action): Promise<void> {
    if (action.kind === "release") {
      const { gate, released } = obey(this.#gate, { kind: "step-over", path: action.path });
      this.#gate = { ...gate, mode: "free" };
      for (const { path, attempt } of released) this.#attempt({ kind: "attempt", path, attempt });
      return;
    }
    const { effect } = action;
    if (!isAwaited(this.plan, this.#current(), effect)) return;
    if (action.kind === "finish") this.#finish(action.effect);
    else if (await this.#group(effect)) return;
    else this.#carryOut(effect);
  }

  #carryOut(effect: Effect): void {
    const state = this.#current();
    const access = this.#access();
    switch (effect.kind) {
      case "prepare":
        return this.#append(prepare(this.plan, state, effect.path, access, this.#tick()));
      case "judge-connections":
        return this.#append(judgeConnections(this.plan, state, effect.path, effect.connections, access, this.#tick()));
      case "judge-round":
        return this.#append(judgeRound(this.plan, state, effect.path, effect.round, access, this.#tick()));
      case "conclude":
        return this.#append(conclude(this.plan, state, effect, access, this.#tick()));
      case "attempt": {
        const decided = decide(this.#gate, effect, this.#run.holds?.(effect.path) === true, this.#tick());
        this.#gate = decided.gate;
        if (decided.held) this.#actions.push({ kind: "release", path: effect.path });
        else this.#attempt(effect);
        return;
      }
      case "recall": {
        const id = effect.path.slice(effect.path.lastIndexOf("/") + 1);
        const output = this.#run.lastGood?.[id];
        const found = output === undefined ? {} : { output: inline(output), storedAt: this.#now - 240_000 };
        return this.#append({ kind: "recalled", at: this.#tick(), path: effect.path, ...found });
      }
      case "await-stopped": {
        const slot = componentAt(this.plan, state, effect.path)?.state;
        const last = slot?.attempts.at(-1);
        if (slot?.error === undefined || last === undefined) throw new Error(`${effect.path} was not called`);
        const { error } = slot;
        const [{ attempt, startedAt }, at] = [last, this.#tick()];
        const durationMs = at - startedAt;
        return this.#append({ kind: "attempt-failed", at, path: effect.path, attempt, error, durationMs });
      }
      case "set-timer":
      case "clear-timer":
      case "abort":
        throw new Error(`${effect.kind} is not carried out`);
    }
  }

  #attempt(effect: Extract<Effect, { kind: "attempt" }>): void {
    const { path, attempt } = effect;
    const placed = componentAt(this.plan, this.#current(), path);
    // After a kill the attempt had started already: it is carried out again and not journalled again.
    if (placed?.state.status === "ready") {
      this.carried.push(`${path}#${attempt}`);
      this.#append({ kind: "attempt-started", at: this.#tick(), path, attempt, key: idempotencyKey("memory", path) });
    }
    if (this.#run.late?.(path, attempt) === true) return;
    if (placed !== undefined && placed.node.kind !== "parallel" && placed.node.kind !== "loop")
      this.#actions.push({ kind: "finish", effect });
  }

  #finish({ path, attempt }: Extract<Effect, { kind: "attempt" }>): void {
    const admittedAt = this.#now;
    const at = this.#tick();
    const node = componentAt(this.plan, this.#current(), path)?.node;
    const looked = node?.kind === "lookup" ? this.#look(path, node) : undefined;
    if (looked === "missed") return this.#append({ kind: "cache-missed", at, path, attempt });
    const outcome = looked ?? this.#guarded(node, admittedAt, at) ?? this.#perform(path, attempt);
    if (node?.breaker !== undefined && !isRefusal(outcome)) this.#count(node, node.breaker, admittedAt, at, outcome);
    for (const event of outcomeEvents(path, attempt, at, 1, outcome)) this.#append(event);
  }

  /** What a lookup finds in {@link MemoryRun.cached}. */
  #look(path: string, node: PlanNode): AttemptOutcome | "missed" {
    const config = jsonOf(componentAt(this.plan, this.#current(), path)?.state.config ?? inline(null), this.secrets);
    const key = String((config as { readonly [key: string]: Json }).cache_key);
    const value = this.#run.cached?.[key];
    if (value === undefined && node.owns.length > 0) return "missed";
    const output = inline({ hit: value !== undefined, value: value ?? null });
    if (value === undefined) return { kind: "completed", output, facts: "miss" };
    return { kind: "completed", output, facts: "hit · 4 min old", from: "cache" };
  }

  /** The refusal of an open breaker. */
  #guarded(node: PlanNode | undefined, admittedAt: number, at: number): AttemptOutcome | undefined {
    if (node?.breaker === undefined) return undefined;
    const before = this.breakers.get(node.id) ?? CLOSED;
    const decided = admission(before, node.breaker, admittedAt, 0);
    if (decided.admitted) return undefined;
    this.breakerSteps.push(
      `${at - STARTED} ms ${node.id} refused while ${breakerMode(before, node.breaker, admittedAt)}`,
    );
    const key = breakerKey(node.breaker, this.plan.workflow.id, node.id);
    return { kind: "failed", error: breakerRefusal(key, node.breaker, decided) };
  }

  #count(node: PlanNode, rule: BreakerRule, admittedAt: number, at: number, outcome: AttemptOutcome): void {
    const result = breakerResult(outcome.kind === "failed" ? outcome.error : undefined);
    const before = this.breakers.get(node.id) ?? CLOSED;
    if (result === undefined) return;
    const after = breakerAfter(before, rule, admittedAt, at, result);
    this.breakers.set(node.id, after);
    const from = breakerMode(before, rule, admittedAt);
    if (from !== after.mode) this.breakerSteps.push(`${at - STARTED} ms ${node.id} ${from} to ${after.mode}`);
  }

  #perform(path: string, attempt: number, state = this.#current()): AttemptOutcome {
    const placed = componentAt(this.plan, state, path);
    if (placed === undefined) throw new Error(`${path} is gone`);
    const { node, state: slot } = placed;
    const input = jsonOf(slot.input ?? inline(null), this.secrets);
    const config = jsonOf(slot.config ?? inline(null), this.secrets);
    const outcome = this.#run.script({ path, type: node.type, attempt, input, config });
    return outcome.kind === "failed" ? outcome : { ...outcome, output: inline(outcome.output) };
  }

  async #group(first: Effect): Promise<boolean> {
    const { grouping = false } = this.#run;
    if (grouping === false) return false;
    const state = this.#current();
    const wide = grouping === "wide";
    const others = wide ? this.#ready() : [];
    const effects = [first, ...others];
    const reach = { allowed: (path: string) => this.#run.holds?.(path) !== true, wide };
    const paths = groupFrom(this.plan, state, effects, reach);
    if (paths.length < 2 || !("path" in first) || !paths.includes(first.path)) return false;
    const grouped = others.filter(({ path }) => paths.includes(path));
    this.#actions = this.#actions.filter(
      (action) => !grouped.some((effect) => action.kind === "effect" && action.effect === effect),
    );
    const perform = (one: { path: string; attempt: number; state: ExecutionState }) => {
      this.carried.push(`${one.path}#${one.attempt}`);
      return this.#perform(one.path, one.attempt, one.state);
    };
    this.#record({ kind: "group-started", at: this.#tick(), paths });
    const events = await runGroup(this.plan, this.#current(), effects, {
      paths,
      access: this.#access(),
      now: () => this.#tick(),
      perform,
    });
    const before = this.#current();
    for (const event of events) this.#record(event);
    this.#accept(foldEvents(this.plan, before, events).effects);
    return true;
  }

  /** The preparations that are still awaited. */
  #ready(): readonly Extract<Effect, { kind: "prepare" }>[] {
    return this.#actions.flatMap((action) =>
      action.kind === "effect" &&
      action.effect.kind === "prepare" &&
      isAwaited(this.plan, this.#current(), action.effect)
        ? [action.effect]
        : [],
    );
  }

  /** Journals and folds; the effects are for the caller. */
  #record(event: Event): void {
    const entry: Entry = { seq: this.entries.length + 1, event: JSON.parse(JSON.stringify(event)) as Event };
    this.entries.push(entry);
    const step = advance(this.plan, this.#current(), entry.event);
    this.state = step.state;
    this.#run.onEvent?.(step, entry);
  }

  #recover(): void {
    this.#kills = this.#kills.filter((kill) => kill !== this.entries.length);
    const [first, ...rest] = this.entries;
    if (first?.event.kind !== "execution-started") throw new Error("no start");
    this.state = rest.reduce(
      (state, { event }) => advance(this.plan, state, event).state,
      start(this.plan, first.event).state,
    );
    this.#actions = [];
    this.#timers = [];
    this.#gate = openGate("memory");
    this.#accept(pendingEffects(this.plan, this.state));
  }

  #fireTimer(): void {
    const [next] = [...this.#timers].sort((a, b) => a.fireAt - b.fireAt);
    const [happening] = this.#happenings;
    if (happening !== undefined && START + happening.after <= (next?.fireAt ?? Infinity))
      return this.#happen(happening);
    if (next === undefined) throw new Error(`nothing is left to happen:\n${JSON.stringify(this.state?.root.slots)}`);
    this.#timers = this.#timers.filter((timer) => timer !== next);
    this.#now = Math.max(this.#now, next.fireAt);
    this.#append({ kind: "timer-fired", at: this.#tick(), path: next.path, timer: next.timer });
  }

  #happen(happening: Happening): void {
    this.#happenings = this.#happenings.slice(1);
    this.#now = Math.max(this.#now, START + happening.after);
    if ("task" in happening) {
      const { task: path, answer, by } = happening;
      return this.#append({ kind: "task-answered", at: this.#tick(), path, answer: inline(answer), by });
    }
    const { event: type, payload } = happening;
    const occurrence = { type, event: inline(payload), json: payload };
    for (const { path } of [...components(this.plan, this.#current())]) {
      const event = receive(this.plan, this.#current(), path, occurrence, this.#access(), this.#tick());
      if (event !== undefined) this.#append(event);
    }
  }

  #access(): ValueAccess {
    return {
      read: (value) => ({ json: jsonOf(value, this.secrets), sensitive: holdsSecret(value) }),
      mark: (json) => {
        const id = `secret-${this.secrets.size + 1}`;
        this.secrets.set(id, json);
        return { kind: "sensitive", id };
      },
      keep: (value) => value,
    };
  }
}

/** Runs a workflow in memory to its end. */
export function runInMemory(run: MemoryRun): Promise<MemoryDriver> {
  return new MemoryDriver(run).run();
}

function isRefusal(outcome: AttemptOutcome): boolean {
  return outcome.kind === "failed" && outcome.error.type === "circuit_open";
}

function holdsSecret(value: Value): boolean {
  if (value.kind === "sensitive") return true;
  if (value.kind === "part") return holdsSecret(value.of);
  if (value.kind === "object") return Object.values(value.fields).some(holdsSecret);
  return value.kind === "list" && value.items.some(holdsSecret);
}
