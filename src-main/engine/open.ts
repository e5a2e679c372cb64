import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Bug } from "@shared/base/bug";
import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import type { Json } from "@shared/base/json";
import { fail, ok } from "@shared/base/result";
import type { FollowItem } from "@shared/contract/executions";
import type { Breakpoint } from "@shared/debug/breakpoint";
import type { GateCommand } from "@shared/debug/gate";
import { keeper, type Keeper } from "@shared/execution/keep";
import { openerOf } from "@shared/execution/opened";
import { configAfterEdit } from "@shared/execution/prepare";
import { componentAt } from "@shared/execution/read";
import { isUndoable } from "@shared/execution/undo";
import type { Value } from "@shared/execution/value";
import type { Finished } from "@shared/execution/work";
import { Commits } from "./commits";
import { callWorkflow, type CallRooms } from "./calling";
import { edited, editedConfig } from "./edited";
import { decideElsewhere } from "./elsewhere";
import type { Answer, Ended, Engine, EngineOptions, EngineProblem, Evaluated, StartRequest } from "./engine";
import { Flights } from "./flights";
import { follow } from "./follow";
import { Gatekeeper } from "./gatekeeper";
import { machineClock } from "./identity";
import { look } from "./looking";
import type { Clock, DefinitionsPort, ExecutionHead } from "./ports";
import { probe } from "./probe";
import { foldJournal, type Folded } from "./recover";
import type { SessionRooms } from "./rooms";
import { Session, type SessionParts } from "./session";
import { Slots } from "./slots";
import { startOf, type Called } from "./starting";
import { Texts } from "./texts";
import { endedBy } from "./ended";
import { undoCalled, type UndoRooms } from "./undoing";
import { Watchers } from "./watchers";

/** Makes an engine over a workspace. Nothing runs until it is told. */
export function openEngine(options: EngineOptions): Engine {
  return new Executor(options);
}

class Executor implements Engine {
  private readonly sessions = new Map<ExecutionId, Session>();
  private readonly resuming = new Map<ExecutionId, Promise<Answer>>();
  private readonly waiting = new Map<
    ExecutionId,
    { readonly resolve: (ended: Ended) => void; readonly reject: (error: unknown) => void }[]
  >();
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
    const { journal, executions, carrier, services, values, vault, owners, scratch } = options;
    this.clock = options.clock ?? machineClock;
    this.texts = new Texts(values, vault);
    this.slots = new Slots(options.concurrency ?? 64 * availableParallelism());
    this.trouble = options.trouble ?? ((id, error) => console.error(`execution ${id}:`, error));
    const flights = new Flights(this.clock);
    this.rooms = {
      journal,
      commits: new Commits(journal),
      executions,
      carrier,
      ...(services === undefined ? {} : { services }),
      ...(options.notices === undefined ? {} : { notices: options.notices }),
      clock: this.clock,
      texts: this.texts,
      slots: this.slots,
      breakers: options.breakers,
      cache: options.cache,
      flights,
      watchers: this.watchers,
      host: owners.host,
      scratch,
      grouping: options.grouping ?? true,
      decideElsewhere: (session, question, needs) => decideElsewhere(session, question, needs),
      call: (session, path, attempt, child) => callWorkflow(this.calls, session, path, attempt, child),
      cancelCall: (child, mode) => this.stopCalled(child, mode),
      undoCall: (session, of, signal) => undoCalled(this.calls, session, of, signal),
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
      settled: (id) => this.settled(id),
      stop: (id, mode) => this.stopCalled(id, mode),
      reopen: (id, reason) => this.reopen(id, reason),
      isLive: (id) => this.isLive(id),
    };
    this.stopListening = executions.onOutsideChange(() => {
      this.watchers.allGrown();
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
    const worked = startOf(request, this.clock, called);
    if (!worked.ok) return worked;
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
    });
    session.begin(event, kept, written);
    return ok({ id: head.id });
  }

  private breakpointsFor(request: StartRequest): readonly Breakpoint[] {
    return request.breakpoints ?? this.breakpoints(request.definition.id);
  }

  private enter(parts: SessionParts): Session {
    const session = new Session(parts, this.rooms);
    this.sessions.set(session.id, session);
    return session;
  }

  async *follow(id: ExecutionId, from = 1): AsyncGenerator<FollowItem, void, void> {
    const { journal, executions } = this.options;
    yield* follow(
      {
        journal,
        executions,
        watchers: this.watchers,
        gateOf: (one) => this.sessions.get(one)?.gateState(),
        closing: this.closing.signal,
      },
      id,
      from,
    );
  }

  cancel(id: ExecutionId, reason = "It was stopped."): Answer {
    const session = this.sessions.get(id);
    if (session === undefined) return this.absent(id);
    session.cancel(reason);
    return ok(null);
  }

  private stopCalled(child: ExecutionId, mode: "once" | "final"): void {
    this.sessions.get(child)?.cancel("The workflow that called it was stopped.", mode);
  }

  /** Takes up a settled execution to undo what it did; false when there is nothing to undo. */
  private async reopen(id: ExecutionId, reason: string): Promise<boolean> {
    if (this.sessions.has(id)) return true;
    const found = this.options.executions.head(id);
    const folded = await foldJournal(this.options.journal, id);
    if (found === undefined || !folded.ok || !isUndoable(folded.value.plan, folded.value.state)) return false;
    const session = await this.enterFolded(found, folded.value);
    session.reopen(folded.value.state, folded.value.seq, reason);
    return true;
  }

  private absent(id: ExecutionId): Answer<never> {
    const head = this.options.executions.head(id);
    if (head === undefined) return fail({ kind: "unknown-execution", id });
    if (head.settlement !== undefined) return fail({ kind: "already-settled", id, status: head.settlement.status });
    return fail({ kind: "owned-elsewhere", id });
  }

  async settled(id: ExecutionId): Promise<Ended> {
    if (this.sessions.has(id)) {
      return new Promise((resolve, reject) => {
        const waiting = this.waiting.get(id) ?? [];
        waiting.push({ resolve, reject });
        this.waiting.set(id, waiting);
      });
    }
    for await (const item of this.follow(id, Math.max(1, this.options.executions.head(id)?.events ?? 1))) {
      const last = item.kind === "entries" ? item.entries.at(-1)?.event : undefined;
      if (last?.kind === "execution-settled") return endedBy(id, last);
    }
    throw new Bug(`the engine closed while ${id} was waited for`);
  }

  private ended(session: Session, ended: Ended): void {
    this.sessions.delete(session.id);
    if (this.sessions.size === 0) this.texts.forget();
    for (const { resolve } of this.waiting.get(session.id) ?? []) resolve(ended);
    this.waiting.delete(session.id);
    this.watchers.grown(session.id);
    if (session.usesScratch) void rm(join(this.options.scratch, session.id), { recursive: true, force: true });
  }

  private failed(session: Session, error: unknown): void {
    this.sessions.delete(session.id);
    this.trouble(session.id, error);
    for (const { reject } of this.waiting.get(session.id) ?? []) reject(error);
    this.waiting.delete(session.id);
  }

  async resumeUnfinished(): Promise<readonly ExecutionId[]> {
    const resumed: ExecutionId[] = [];
    for (const id of this.options.executions.unfinished()) {
      if (this.closing.signal.aborted) break;
      if (this.sessions.has(id)) continue;
      const answer = await this.resume(id);
      if (answer.ok) resumed.push(id);
    }
    return resumed;
  }

  resume(id: ExecutionId): Promise<Answer> {
    const under = this.resuming.get(id);
    if (under !== undefined) return under;
    const resuming = this.takeUp(id).finally(() => this.resuming.delete(id));
    this.resuming.set(id, resuming);
    return resuming;
  }

  private async takeUp(id: ExecutionId): Promise<Answer> {
    const { executions, owners, journal } = this.options;
    if (this.sessions.has(id)) return ok(null);
    const found = executions.head(id);
    if (found === undefined) return fail({ kind: "unknown-execution", id });
    if (found.settlement !== undefined) return fail({ kind: "already-settled", id, status: found.settlement.status });
    if (!owners.claim(id)) return fail({ kind: "owned-elsewhere", id });
    const folded = await foldJournal(journal, id);
    if (!folded.ok)
      return fail({
        kind: "invalid-workflow",
        message: `The journal of ${id} cannot be taken up: ${folded.problem.kind}.`,
        problems: [],
      });
    const session = await this.enterFolded(found, folded.value);
    session.recover(folded.value.state, folded.value.seq);
    return ok(null);
  }

  private async enterFolded(found: ExecutionHead, { plan }: Folded): Promise<Session> {
    const hosts = (await this.options.hosts?.(plan.workflow)) ?? {};
    const head = { ...found, place: { ...found.place, hosts: { ...found.place.hosts, ...hosts } } };
    const gate = head.debug ? new Gatekeeper(head.id, this.breakpoints(head.workflowId), "recovered") : undefined;
    return this.enter({
      head,
      plan,
      definition: JSON.stringify(plan.workflow),
      definitions: this.options.definitions,
      depth: this.depthOf(head.id),
      ...(gate === undefined ? {} : { gate }),
    });
  }

  private depthOf(id: ExecutionId): number {
    let depth = 0;
    for (
      let at = this.options.executions.head(id)?.parent;
      at !== undefined;
      at = this.options.executions.head(at.executionId)?.parent
    )
      depth += 1;
    return depth;
  }

  setBreakpoints(workflowId: string, breakpoints: readonly Breakpoint[]): void {
    this.options.executions.saveBreakpoints(workflowId, breakpoints);
    for (const session of this.sessions.values()) {
      const { gate, head } = session.parts;
      if (gate !== undefined && head.workflowId === workflowId) gate.breakpoints = breakpoints;
    }
  }

  breakpoints(workflowId: string): readonly Breakpoint[] {
    return this.options.executions.breakpoints(workflowId);
  }

  pause(id: ExecutionId): Answer {
    return this.command(id, { kind: "pause" });
  }

  continue(id: ExecutionId): Answer {
    return this.command(id, { kind: "continue" });
  }

  stepOver(id: ExecutionId, path?: ComponentPath): Answer {
    const gate = this.sessions.get(id)?.parts.gate;
    if (gate !== undefined && path !== undefined && !gate.isHeld(path)) return fail({ kind: "not-held", id, path });
    return this.command(id, { kind: "step-over", ...(path === undefined ? {} : { path }) });
  }

  private command(id: ExecutionId, command: GateCommand): Answer {
    const session = this.debugged(id);
    if (!session.ok) return session;
    session.value.command(command);
    return ok(null);
  }

  private debugged(
    id: ExecutionId,
  ): { readonly ok: true; readonly value: Session } | { readonly ok: false; readonly problem: EngineProblem } {
    const session = this.sessions.get(id);
    if (session === undefined) return this.absent(id);
    return session.parts.gate === undefined ? fail({ kind: "not-debugged", id }) : ok(session);
  }

  edit(id: ExecutionId, path: ComponentPath, change: { readonly input?: Json; readonly config?: Json }): Answer {
    const found = this.debugged(id);
    if (!found.ok) return found;
    const session = found.value;
    if (session.parts.gate?.isHeld(path) !== true) return fail({ kind: "not-held", id, path });
    session.post(() => {
      const keep = keeper(`${path}^${session.state.seq}`);
      const before = componentAt(session.plan, session.state, path)?.state;
      const at = this.clock.now();
      const input = change.input === undefined ? {} : { input: edited(change.input, before?.input, keep) };
      const config =
        change.config === undefined
          ? this.evaluatedAgain(session, path, input, keep)
          : editedConfig(change.config, before?.config, keep);
      session.take({ kind: "input-edited", at, path, ...input, ...config }, keep.kept());
      session.gateChanged();
    });
    return ok(null);
  }

  /** A changed input changes what the config's expressions made of it. */
  private evaluatedAgain(
    session: Session,
    path: ComponentPath,
    { input }: { readonly input?: Value },
    keep: Keeper,
  ): { readonly config?: Value; readonly items?: number } {
    if (input === undefined) return {};
    const { plan, state } = session;
    const opener = openerOf((kind, text) => session.text(kind, text));
    const access = { read: opener.read, mark: keep.seal, keep: keep.shrink };
    return configAfterEdit(plan, state, path, input, access, this.clock.now(), () => performance.now()) ?? {};
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

  info(): { readonly running: number; readonly held: number; readonly workers: number; readonly busy: number } {
    let held = 0;
    for (const { parts } of this.sessions.values()) held += parts.gate?.held ?? 0;
    return { running: this.sessions.size, held, ...this.options.carrier.info() };
  }

  isLive(id: ExecutionId): boolean {
    return this.sessions.has(id);
  }

  async close(): Promise<void> {
    this.rooms.commits.flush();
    this.closing.abort();
    this.stopListening();
    for (const session of this.sessions.values()) session.close();
    this.sessions.clear();
    for (const [id, waiting] of this.waiting)
      for (const { reject } of waiting) reject(new Bug(`the engine closed while ${id} was waited for`));
    this.waiting.clear();
    await this.options.carrier.close();
  }
}
