import type { FollowItem, GateState } from "@shared/contract/executions";
import type { Json } from "@shared/base/json";
import type { Breakpoint, HoldReason } from "@shared/debug/breakpoint";
import { viewOf, type ExecutionView } from "@shared/debug/view";
import type { Entry, LogLine } from "@shared/execution/event";
import type { Plan } from "@shared/execution/plan";
import { fold, planOf } from "@shared/execution/replay";
import type { ExecutionState } from "@shared/execution/state";
import type { ExecutionStatus } from "@shared/execution/status";
import type { Workflow } from "@shared/workflow/workflow";
import { ask, client, follow, type Fault } from "../bridge";
import { unreadable } from "../text/run";
import { lasting } from "./lasting.svelte";
import type { RunOptions } from "./run-input.svelte";
import { Moments } from "./moments";

/** What starts a run: the editor's text, saved or not. */
export interface StartRequest {
  readonly workflowId: string;
  readonly text: string;
  readonly format: "yaml" | "json";
  readonly input?: Json;
  readonly parameters?: { readonly [name: string]: Json };
  readonly debug?: boolean;
  readonly breakpoints?: readonly Breakpoint[];
  readonly options?: RunOptions;
}

/** A hold as this window saw it: the journal does not tell who waited at the gate. */
export interface HoldSeen {
  readonly path: string;
  readonly reason: HoldReason;
  readonly from: number;
  /** Absent while it lasts. */
  readonly to?: number;
}

/** A line a component wrote, with its place in the journal. */
export interface LoggedLine extends LogLine {
  readonly key: string;
  readonly seq: number;
  readonly at: number;
  readonly path: string;
}

/** One execution as this window follows it: its journal folded, with the gate's state. */
export class Session {
  executionId = $state<string | undefined>();
  entries = $state.raw<readonly Entry[]>([]);
  state = $state.raw<ExecutionState | undefined>();
  gate = $state.raw<GateState | undefined>();
  progress = $state.raw<{ readonly [path: string]: string }>({});
  ended = $state<ExecutionStatus | undefined>();
  fault = $state.raw<Fault | undefined>();
  /** The components of the faults on purpose that fitted no attempt. */
  unmetFaults = $state.raw<readonly string[]>([]);
  starting = $state(false);
  plan = $state.raw<Plan | undefined>();
  holdsSeen = $state.raw<readonly HoldSeen[]>([]);
  #moments: Moments | undefined;
  #stop: (() => void) | undefined;

  readonly workflow = $derived<Workflow | undefined>(
    this.entries[0]?.event.kind === "execution-started" ? this.entries[0].event.definition : undefined,
  );
  readonly view = $derived<ExecutionView | undefined>(
    this.plan && this.state ? viewOf(this.plan, this.state, this.gate ? { holds: this.gate.holds } : {}) : undefined,
  );
  readonly running = $derived(this.executionId !== undefined && this.ended === undefined);
  /** What components wrote, oldest first. */
  logs = $state.raw<readonly LoggedLine[]>([]);
  /** Whether something was changed while it was held. */
  edited = $state(false);

  /** Starts a run and follows it. The id, or nothing when the host refused; `fault` says why. */
  async start(request: StartRequest): Promise<string | undefined> {
    if (this.starting) return undefined;
    this.starting = true;
    this.fault = undefined;
    const started = await ask(
      client.executions.start({
        workflowId: request.workflowId,
        text: request.text,
        format: request.format,
        input: request.input ?? null,
        parameters: { ...request.parameters },
        debug: request.debug ?? false,
        breakpoints: [...(request.breakpoints ?? [])],
        ...optionsOf(request.options),
      }),
    );
    this.starting = false;
    if (!started.ok) {
      this.fault = started.problem;
      return undefined;
    }
    this.follow(started.value.id);
    return started.value.id;
  }

  /** Follows an execution from its beginning, until it ends or another is followed. */
  follow(executionId: string): void {
    this.leave();
    this.executionId = executionId;
    this.entries = [];
    this.logs = [];
    this.edited = false;
    this.state = undefined;
    this.plan = undefined;
    this.#moments = undefined;
    this.holdsSeen = [];
    this.fault = undefined;
    this.gate = undefined;
    this.progress = {};
    this.ended = undefined;
    this.unmetFaults = [];
    this.#stop = follow<FollowItem>(
      (signal) => client.executions.follow({ id: executionId, from: (this.entries.at(-1)?.seq ?? 0) + 1 }, { signal }),
      (item) => this.#take(item),
      (fault) => (this.fault = fault),
    );
  }

  /** Stops following; the execution goes on. */
  leave(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  async cancel(): Promise<void> {
    if (this.executionId === undefined) return;
    const cancelled = await ask(client.executions.cancel({ id: this.executionId }));
    if (!cancelled.ok) this.fault = cancelled.problem;
  }

  #take(item: FollowItem): void {
    switch (item.kind) {
      case "entries":
        return this.#takeEntries(item.entries);
      case "gate":
        this.holdsSeen = seen(this.holdsSeen, item.gate, Date.now());
        this.gate = item.gate;
        return;
      case "progress":
        this.progress = { ...this.progress, [item.path]: item.text };
        return;
      case "end":
        this.ended = item.status;
        this.unmetFaults = item.unmetFaults ?? [];
        this.#endHolds();
        this.#stop?.();
        return;
    }
  }

  #takeEntries(entries: readonly Entry[]): void {
    const last = this.entries.at(-1)?.seq ?? 0;
    const fresh = entries.filter((entry) => entry.seq > last);
    if (fresh.length === 0) return;
    this.entries = [...this.entries, ...fresh];
    // Read entry by entry as they come: a long journal is not walked through again at every batch.
    const lines = fresh.flatMap(linesOf);
    if (lines.length > 0) this.logs = [...this.logs, ...lines];
    if (fresh.some(({ event }) => event.kind === "input-edited")) this.edited = true;
    if (!this.plan) {
      const plan = planOf(this.entries[0]);
      if (!plan.ok) {
        this.fault = { code: "BROKEN", ...unreadable(plan.problem) };
        return;
      }
      this.plan = plan.value;
      this.#moments = new Moments(plan.value);
    }
    this.state = fold(this.plan, this.state, fresh);
  }

  /** The state after the first `count` entries. */
  stateAt(count: number): ExecutionState | undefined {
    return count >= this.entries.length ? this.state : this.#moments?.at(this.entries, count);
  }

  #endHolds(): void {
    if (this.gate) this.gate = { ...this.gate, holds: [] };
    this.holdsSeen = seen(this.holdsSeen, { mode: "free", holds: [] }, this.entries.at(-1)?.event.at ?? Date.now());
  }
}

function linesOf({ seq, event }: Entry): readonly LoggedLine[] {
  if (event.kind !== "log-written") return [];
  return event.lines.map((line, index) => ({ key: `${seq}:${index}`, seq, at: event.at, path: event.path, ...line }));
}

/** The holds after the gate said `gate` at `now`: those gone have ended, others have begun. */
function seen(before: readonly HoldSeen[], { holds }: GateState, now: number): readonly HoldSeen[] {
  const lasts = new Set(holds.map(({ path, since }) => `${path}@${since}`));
  const known = new Set(before.map(({ path, from }) => `${path}@${from}`));
  return [
    ...before.map((one) => (one.to === undefined && !lasts.has(`${one.path}@${one.from}`) ? { ...one, to: now } : one)),
    ...holds
      .filter(({ path, since }) => !known.has(`${path}@${since}`))
      .map(({ path, reason, since }) => ({ path, reason, from: since })),
  ];
}

const sessions = new Map<string, Session>();

/** The run that the editor of a workflow shows. */
export function sessionOf(workflowId: string): Session {
  const known = sessions.get(workflowId);
  if (known) return known;
  const session = lasting(() => new Session());
  sessions.set(workflowId, session);
  return session;
}

function optionsOf(options: RunOptions | undefined) {
  if (options === undefined) return {};
  const { environment, pauseAtStart, faults, virtualTime, priority, seed } = options;
  return {
    pauseAtStart,
    virtualTime,
    ...(environment === undefined ? {} : { environment }),
    ...(priority === undefined ? {} : { priority }),
    ...(faults.trim() === "" ? {} : { faults }),
    ...(seed.trim() === "" ? {} : { seed: seed.trim() }),
  };
}
