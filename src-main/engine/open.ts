import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Bug } from "@shared/base/bug";
import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import type { Json } from "@shared/base/json";
import type { AtMs } from "@shared/base/units";
import { fail, ok } from "@shared/base/result";
import type { FollowItem } from "@shared/contract/executions";
import type { Breakpoint } from "@shared/debug/breakpoint";
import type { Value } from "@shared/execution/value";
import type { Finished } from "@shared/execution/work";
import { Commits } from "./commits";
import { callWorkflow, type CallRooms } from "./calling";
import type { Course, SessionParts, SessionRooms } from "./course";
import { Debugging } from "./debugging";
import { Ends } from "./ends";
import { decideElsewhere } from "./elsewhere";
import type { Answer, Ended, Engine, EngineOptions, Evaluated, StartRequest } from "./engine";
import { Flights } from "./flights";
import { follow } from "./follow";
import { Gatekeeper } from "./gatekeeper";
import { machineClock } from "./identity";
import { look } from "./looking";
import { Outside } from "./outside";
import type { Clock, DefinitionsPort } from "./ports";
import { probe } from "./probe";
import { limitOf, Queues, type Queue, turnsOf } from "./queue";
import { foldJournal } from "./recover";
import { Recovery } from "./recovery";
import { inLab } from "./rooms";
import { Session } from "./session";
import { Shares } from "./shares";
import { Slots } from "./slots";
import { startOf, type Called } from "./starting";
import { Texts } from "./texts";
import { endedBy } from "./ended";
import { undoCalled, undoStopped, type UndoRooms } from "./undoing";
import { Watchers } from "./watchers";

/** Makes an engine over a workspace. Nothing runs until it is told. */
export function openEngine(options: EngineOptions): Engine {
  return new Executor(options);
}

class Executor implements Engine {
  private readonly sessions = new Map<ExecutionId, Session>();
  private readonly ends = new Ends();
  private readonly outside: Outside;
  private readonly recovery: Recovery;
  private readonly queues: Queues;
  private readonly debugging: Debugging;
  private readonly closing = new AbortController();
  private readonly watchers = new Watchers();
  private readonly clock: Clock;
  private readonly texts: Texts;
  private readonly slots: Slots;
  private readonly rooms: SessionRooms;
  private readonly calls: CallRooms & UndoRooms;
  private readonly trouble: (id: ExecutionId, error: unknown) => void;
  private readonly stopListening: () => void;
  readonly warm = (): void => this.options.carrier.warm();

  constructor(private readonly options: EngineOptions) {
    const { journal, executions, waiting, carrier, services, values, vault, owners, scratch } = options;
    this.clock = options.clock ?? machineClock;
    this.texts = new Texts(values, vault);
    this.slots = new Slots(options.concurrency ?? 64 * availableParallelism());
    this.trouble = options.trouble ?? ((id, error) => console.error(`execution ${id}:`, error));
    const flights = new Flights(this.clock);
    this.rooms = {
      journal,
      commits: new Commits(journal),
      executions,
      waiting,
      carrier,
      ...(services === undefined ? {} : { services }),
      ...(options.notices === undefined ? {} : { notices: options.notices }),
      clock: this.clock,
      texts: this.texts,
      slots: this.slots,
      shares: new Shares(availableParallelism()),
      breakers: options.breakers,
      cache: options.cache,
      flights,
      watchers: this.watchers,
      host: owners.host,
      scratch,
      grouping: options.grouping ?? true,
      decideElsewhere: (session, question, needs) => decideElsewhere(session, question, needs),
      call: (session, path, attempt, child, signal) => callWorkflow(this.calls, session, path, attempt, child, signal),
      cancelCall: (child, mode) => this.stopCalled(child, mode),
      stoppedCall: (child, signal) => undoStopped(this.calls, child, signal),
      childStands: (caller, child, stands) => this.sessions.get(caller)?.childStands(child, stands),
      undoCall: (session, path, signal) => undoCalled(this.calls, session, path, signal),
      parked: (session, wakeAt) => this.parked(session, wakeAt),
      isParked: (child) => this.outside.isParked(child),
      ended: (session, ended) => this.ended(session, ended),
      failed: (session, error) => this.failed(session, error),
      trouble: this.trouble,
    };
    this.calls = {
      executions,
      texts: this.texts,
      definitions: options.definitions,
      start: (request, called, depth, definitions) => {
        const started = this.startAs(request, called, depth, definitions);
        return started.ok ? undefined : started.problem;
      },
      resume: async (id) => {
        const resumed = await this.resume(id);
        // Another host may have it; whoever waits for its end will hear of it all the same.
        if (!resumed.ok && resumed.problem.kind !== "owned-elsewhere" && resumed.problem.kind !== "already-settled")
          throw new Bug(`${id}: ${resumed.problem.kind}`);
      },
      settled: (id: ExecutionId, signal?: AbortSignal) => this.settled(id, signal),
      stop: (id, mode) => this.stopCalled(id, mode),
      reopen: (id, reason) => this.recovery.reopen(id, reason),
      isLive: (id) => this.isLive(id),
    };
    this.debugging = new Debugging(this.sessions, executions, (id) => this.isLive(id));
    this.outside = new Outside({
      waiting,
      executions,
      owners,
      clock: this.clock,
      definitions: options.definitions,
      session: (id) => this.sessions.get(id),
      resume: (id) => this.resume(id),
      trouble: (id, error) => void (this.closing.signal.aborted || this.trouble(id, error)),
    });
    this.recovery = new Recovery({
      options,
      outside: this.outside,
      isHere: (id) => this.sessions.has(id),
      isLive: (id) => this.isLive(id),
      isClosing: () => this.closing.signal.aborted,
      enter: (parts) => this.enter(parts),
      queueAdded: () => this.queues.of(undefined).added(),
    });
    this.queues = new Queues(
      waiting,
      options.executionLimit ?? (() => undefined),
      (id) => this.beginQueued(id),
      (id) => this.sessions.get(id)?.parts.lab,
      (id) => executions.setStatus(id, "running"),
    );
    this.stopListening = executions.onOutsideChange(() => {
      this.watchers.allGrown();
      this.outside.look();
      this.queues.next(undefined);
      flights.outsideChanged();
    });
  }

  start(request: StartRequest): Answer<{ readonly id: ExecutionId }> {
    return this.startAs(request, undefined, 0, request.definitions ?? this.options.definitions);
  }

  begin(request: StartRequest): Promise<Answer<{ readonly id: ExecutionId }>> {
    return new Promise((resolve, reject) => {
      const definitions = request.definitions ?? this.options.definitions;
      const started = this.startAs(request, undefined, 0, definitions, (error) =>
        error === undefined ? resolve(started) : reject(error),
      );
      if (!started.ok) resolve(started);
    });
  }

  private startAs(
    request: StartRequest,
    called: Called | undefined,
    depth: number,
    definitions: DefinitionsPort,
    written?: (error?: unknown) => void,
  ): Answer<{ readonly id: ExecutionId }> {
    const { lab } = request;
    // What an execution calls is part of it and never waits behind it.
    const turns = called === undefined ? turnsOf(request.definition, request) : undefined;
    const line = this.queues.of(lab);
    const queue = turns !== undefined && line.applies(turns) ? turns : undefined;
    if (queue?.overlap === "skip" && line.isFull(request.definition.id, queue))
      return fail({ kind: "overlap-skipped", workflowId: request.definition.id, ...limitOf(queue) });
    const worked = startOf(request, lab?.clock ?? this.clock, called, queue);
    if (!worked.ok) return worked;
    if (queue?.overlap === "cancel_previous") this.stopPrevious(line, request.definition.id);
    const { head, recipe, event, kept } = worked.value;
    const gate =
      request.debug === true
        ? new Gatekeeper(head.id, this.breakpointsFor(request), request.pauseAtStart === true ? "pause" : undefined)
        : undefined;
    const session = this.enter({
      head,
      plan: recipe.plan,
      definition: recipe.definition,
      definitions,
      depth,
      ...(gate === undefined ? {} : { gate }),
      ...(lab === undefined ? {} : { lab }),
    });
    const queued = (): void => void (queue === undefined || line.added());
    const told = (error?: unknown): void => {
      written?.(error);
      queued();
    };
    session.begin(event, kept, written === undefined ? undefined : told);
    if (written === undefined) queued();
    return ok({ id: head.id });
  }

  private stopPrevious(line: Queue, workflowId: string): void {
    // Undoing is never ended by further starts.
    for (const id of line.underWay(workflowId))
      this.cancel(id, "The workflow was started again, which stops what ran before.", "once");
  }

  private beginQueued(id: ExecutionId): void {
    const session = this.sessions.get(id);
    if (session !== undefined) session.beginQueued();
    else this.outside.errand(id, (back) => back.beginQueued());
  }

  private breakpointsFor(request: StartRequest): readonly Breakpoint[] {
    return request.breakpoints ?? this.breakpoints(request.definition.id);
  }

  private enter(parts: SessionParts): Session {
    const session = new Session(parts, inLab(this.rooms, parts.lab));
    this.sessions.set(session.id, session);
    parts.lab?.enter(session);
    return session;
  }

  async *follow(id: ExecutionId, from = 1): AsyncGenerator<FollowItem, void, void> {
    const { journal, executions } = this.options;
    yield* follow(
      {
        journal,
        executions,
        watchers: this.watchers,
        gateOf: (one) => this.sessions.get(one)?.gate.shown,
        closing: this.closing.signal,
      },
      id,
      from,
    );
  }

  cancel(id: ExecutionId, reason = "It was stopped.", mode?: "once" | "final"): Answer {
    const session = this.sessions.get(id);
    if (session !== undefined) session.cancel(reason, mode);
    else if (!this.isLive(id)) return this.outside.stop(id, reason, mode);
    else this.outside.errand(id, (back) => back.cancel(reason, mode));
    return ok(null);
  }

  private stopCalled(child: ExecutionId, mode: "once" | "final"): void {
    this.cancel(child, "The workflow that called it was stopped.", mode);
    // One that left memory, or its host, with its caller is not left to the next host.
    if (this.sessions.get(child) === undefined) void this.outside.wake(child);
  }

  resume(id: ExecutionId): Promise<Answer> {
    return this.recovery.resume(id);
  }

  resumeUnfinished(): Promise<readonly ExecutionId[]> {
    return this.recovery.resumeUnfinished();
  }

  deliver(type: string, event: Json): number {
    return this.outside.deliver(type, event);
  }

  answer(...given: Parameters<Engine["answer"]>): Answer {
    return this.outside.answer(...given);
  }

  private parked(session: Course, wakeAt: AtMs | undefined): void {
    this.sessions.delete(session.id);
    session.parts.lab?.leave(session.id);
    this.outside.parked(session, wakeAt);
    if (this.sessions.size === 0) this.texts.forget();
  }

  nextDue(): AtMs | undefined {
    let next = this.outside.nextDue;
    for (const { nextDue } of this.sessions.values())
      if (nextDue !== undefined && nextDue < (next ?? Infinity)) next = nextDue;
    return next;
  }

  isQuiet(): boolean {
    if (!this.recovery.isIdle || !this.rooms.commits.isIdle) return false;
    for (const { isQuiet } of this.sessions.values()) if (!isQuiet) return false;
    return true;
  }

  async settled(id: ExecutionId, signal?: AbortSignal): Promise<Ended> {
    if (this.isLive(id)) return this.ends.of(id, signal);
    for await (const item of this.follow(id, Math.max(1, this.options.executions.head(id)?.events ?? 1))) {
      const last = item.kind === "entries" ? item.entries.at(-1)?.event : undefined;
      if (last?.kind === "execution-settled") return endedBy(id, last);
    }
    throw new Bug(`the engine closed while ${id} was waited for`);
  }

  private ended(session: Course, ended: Ended): void {
    this.sessions.delete(session.id);
    session.parts.lab?.leave(session.id);
    if (this.sessions.size === 0) this.texts.forget();
    this.ends.ended(ended);
    this.queues.next(session.parts.lab);
    this.watchers.grown(session.id);
    const { parent } = session.parts.head;
    if (parent !== undefined && this.outside.isParked(parent.executionId)) void this.outside.wake(parent.executionId);
    if (session.usesScratch) void rm(join(this.options.scratch, session.id), { recursive: true, force: true });
  }

  private failed(session: Course, error: unknown): void {
    this.sessions.delete(session.id);
    session.parts.lab?.leave(session.id);
    this.trouble(session.id, error);
    this.ends.failed(session.id, error);
  }

  setBreakpoints(workflowId: string, breakpoints: readonly Breakpoint[]): void {
    this.debugging.setBreakpoints(workflowId, breakpoints);
  }

  breakpoints(workflowId: string): readonly Breakpoint[] {
    return this.options.executions.breakpoints(workflowId);
  }

  pause(id: ExecutionId): Answer {
    return this.debugging.command(id, { kind: "pause" });
  }

  continue(id: ExecutionId): Answer {
    return this.debugging.command(id, { kind: "continue" });
  }

  stepOver(id: ExecutionId, path?: ComponentPath): Answer {
    return this.debugging.stepOver(id, path);
  }

  edit(id: ExecutionId, path: ComponentPath, change: { readonly input?: Json; readonly config?: Json }): Answer {
    return this.debugging.edit(id, path, change);
  }

  async evaluate(id: ExecutionId, expression: string, seq?: number, path: ComponentPath = ""): Promise<Evaluated> {
    const live = seq === undefined ? this.sessions.get(id) : undefined;
    if (live !== undefined) return look(this.texts, id, expression, { plan: live.plan, state: live.state, path });
    const folded = await foldJournal(this.options.journal, id, seq);
    if (!folded.ok) return { ok: false, message: `The journal cannot be read: ${folded.problem.kind}.` };
    return look(this.texts, id, expression, { plan: folded.value.plan, state: folded.value.state, path });
  }

  read(id: ExecutionId, value: Value): Promise<Json> {
    return this.options.values.json(id, value);
  }

  probe(...[work, lane, signal]: Parameters<Engine["probe"]>): Promise<Finished> {
    return probe(this.options.carrier, this.clock, work, lane, signal);
  }

  info(): {
    readonly running: number;
    readonly waiting: number;
    readonly held: number;
    readonly workers: number;
    readonly busy: number;
  } {
    let held = 0;
    for (const { parts } of this.sessions.values()) held += parts.gate?.held ?? 0;
    return { running: this.sessions.size, waiting: this.outside.size, held, ...this.options.carrier.info() };
  }

  isLive(id: ExecutionId): boolean {
    return this.sessions.has(id) || this.outside.isParked(id) || this.recovery.isUnderWay(id);
  }

  async close(): Promise<void> {
    this.rooms.commits.flush();
    this.closing.abort();
    this.stopListening();
    this.outside.close();
    for (const session of this.sessions.values()) session.close();
    this.sessions.clear();
    this.ends.close();
    await this.options.carrier.close();
  }
}
