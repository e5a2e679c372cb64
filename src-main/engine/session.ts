import { Bug } from "@shared/base/bug";
import type { ExecutionId } from "@shared/base/ids";
import type { AtMs } from "@shared/base/units";
import type { GateCommand } from "@shared/debug/gate";
import { advance, start } from "@shared/execution/advance";
import type { Effect } from "@shared/execution/effect";
import type { Event, ExecutionStarted } from "@shared/execution/event";
import type { GroupAnswer } from "@shared/execution/jobs";
import { eventsIn } from "@shared/execution/journal-text";
import { isAwaited, pendingEffects } from "@shared/execution/pending";
import type { Plan } from "@shared/execution/plan";
import type { ExecutionState } from "@shared/execution/state";
import type { Kept } from "@shared/execution/work";
import { Answers } from "./answers";
import { AtHand } from "./at-hand";
import { AtGate } from "./at-gate";
import { Attempts } from "./attempts";
import { SessionCache } from "./caching";
import type { Course, SessionParts, SessionRooms, Settling } from "./course";
import { enter } from "./entering";
import { OpenWaits } from "./open-waits";
import type { Settlement } from "./ports";
import { Rest } from "./rest";
import type { SharedChange } from "./sharing";
import { Timers } from "./timers";
import { TurnEnds } from "./turn-ends";
import { TurnLog } from "./turn-log";
import { endedBy, settlementOf } from "./ended";

/** The longest a turn goes on before it writes what it has and lets others run. */
const SLICE_MS = 5;
/** A snapshot is made after this many entries. */
const SNAPSHOT_EVERY = 1000;

/**
 * One execution under way: the only loop that takes events.
 *
 * A turn takes what has happened, asks the core what follows, answers what can be answered here, writes all of it as one row, and
 * only then carries out what leaves the turn.
 */
export class Session implements Course {
  readonly id: ExecutionId;
  private folded: ExecutionState | undefined;
  private log: TurnLog;
  private readonly timers: Timers;
  private readonly attempts: Attempts;
  private readonly cache: SessionCache;
  private readonly answers: Answers;
  private readonly waits: OpenWaits;
  private readonly rest: Rest;
  private readonly ends: TurnEnds;
  readonly gate: AtGate;
  readonly texts: AtHand;
  private todo: Effect[] = [];
  private inbox: (() => void)[] = [];
  private actions: (() => void)[] = [];
  private scheduled = false;
  private turning = false;
  private settlement: Settlement | undefined;
  private settling: Settling | undefined;
  private snapshotAt = 0;
  private closed = false;
  /** The start as text, without the definition; of an execution that began in this host. */
  startText: string | undefined;
  private begun: ((error?: unknown) => void) | undefined;
  private failure: { readonly error: unknown } | undefined;
  /** A folder for temporary files was made. */
  usesScratch = false;

  constructor(
    readonly parts: SessionParts,
    readonly rooms: SessionRooms,
  ) {
    this.id = parts.head.id;
    this.log = new TurnLog(this.id, 0, parts.head);
    this.timers = new Timers(rooms.clock);
    this.cache = new SessionCache(this, rooms);
    this.attempts = new Attempts(this, rooms, this.cache, this.timers);
    this.answers = new Answers(this);
    this.waits = new OpenWaits(this);
    this.texts = new AtHand(this);
    this.rest = new Rest(this, this.timers, this.waits, this.attempts);
    this.ends = new TurnEnds(this, this.rest);
    this.gate = new AtGate(this, this.timers, (path, attempt) => enter(this, this.attempts, path, attempt));
  }

  get state(): ExecutionState {
    if (this.folded === undefined) throw new Bug(`${this.id} has not begun`);
    return this.folded;
  }

  get plan(): Plan {
    return this.parts.plan;
  }

  /** Whether any value of it lies in the store or the vault. */
  get keeps(): boolean {
    return this.texts.keeps;
  }

  get stores(): boolean {
    return this.texts.stores;
  }

  /** Whether its end has been decided. */
  get isSettled(): boolean {
    return this.settlement !== undefined;
  }

  get isClosed(): boolean {
    return this.closed;
  }

  /** Journals the start and goes as far as it can at once. With `written` that is done with others' turns, soon. */
  begin(event: ExecutionStarted, kept: Kept, written?: (error?: unknown) => void): void {
    this.begun = written;
    this.keep(kept);
    this.startText = this.log.addStart(event, this.parts.definition);
    const step = start(this.plan, event);
    this.folded = step.state;
    this.todo.push(...step.effects);
    this.turn();
    if (written !== undefined) return;
    // A start returns only when it is written; what others have waiting goes with it.
    this.rooms.commits.flush();
    if (this.failure !== undefined) throw this.failure.error;
  }

  /**
   * Takes up an execution whose journal was folded to `state`.
   *
   * @param parked how it left memory, if it did.
   */
  recover(
    state: ExecutionState,
    entries: number,
    parked?: { readonly wakeAt?: AtMs; readonly isForeign?: boolean },
  ): void {
    this.takeUp(state, entries, parked);
    this.ends.takeUp(state);
    this.post(() => {
      if (parked?.isForeign !== false)
        this.take({ kind: "execution-recovered", at: this.rooms.clock.now(), host: this.rooms.host });
      this.waits.receive();
      // All that is pending, what those messages led to included; and what they stopped.
      this.todo = [...this.attempts.leftOver(), ...pendingEffects(this.plan, this.state)];
    });
  }

  /** Takes up a settled execution, to undo what it did. */
  reopen(state: ExecutionState, entries: number, reason: string): void {
    this.takeUp(state, entries, undefined);
    this.ends.reopen();
    this.post(() => this.take({ kind: "undo-requested", at: this.rooms.clock.now(), reason }));
  }

  private takeUp(state: ExecutionState, entries: number, parked: { readonly wakeAt?: AtMs } | undefined): void {
    this.log = new TurnLog(this.id, entries, undefined);
    this.snapshotAt = entries;
    this.folded = state;
    this.usesScratch = true;
    this.rest.takeUp(parked);
    this.texts.takeUp(state);
    this.waits.takeUp();
  }

  /** Takes in what has come for it. */
  receive(): void {
    this.post(() => this.waits.receive());
  }

  /** Has `happening` take part in the next turn, very soon. */
  post(happening: () => void): void {
    if (this.closed) return;
    this.inbox.push(happening);
    if (this.scheduled || this.turning) return;
    this.scheduled = true;
    queueMicrotask(() => this.turn());
  }

  /** Part of a turn: journals `event` with what came beside it, and folds it. */
  take(event: Event, kept?: Kept): void {
    if (kept !== undefined) this.keep(kept);
    this.log.add(event);
    this.fold(event);
  }

  private fold(event: Event): void {
    const step = advance(this.plan, this.state, event);
    this.folded = step.state;
    for (const effect of step.effects) this.todo.push(effect);
    if (this.plan.caches) {
      for (const path of step.settled) this.cache.settled(path);
      if (event.kind === "attempt-failed") this.cache.failed(event.path, event.error);
    }
    if (event.kind === "execution-settled") this.settle(event, this.state.warned);
  }

  private settle(event: Settling, warned: number): void {
    this.settling = event;
    this.settlement = settlementOf(event, warned, this.parts);
  }

  /** Part of a turn: the events of a group. With `settled` they end the execution and need not be folded any more. */
  takeGroup({ text, count, kept }: Extract<GroupAnswer, { kind: "done" }>, settled: Settling | undefined): void {
    this.keep(kept);
    this.log.addText(text, count);
    if (settled === undefined) {
      for (const event of eventsIn(`[${text}]`)) this.fold(event);
    } else {
      this.log.add(settled);
      this.settle(settled, settled.warnings.length);
    }
  }

  /** Part of a turn: effects that are to be looked at again. */
  again(effects: readonly Effect[]): void {
    this.todo.push(...effects);
  }

  private keep(kept: Kept): void {
    this.log.keep(kept);
    this.texts.keep(kept);
  }

  /** Part of a turn: changes what executions share, together with what led to it. */
  share(change: SharedChange): void {
    const { lab } = this.parts;
    if (lab === undefined) this.log.share(change);
    else this.afterwards(() => lab.share(change));
  }

  /** Has `action` follow once this turn is written. */
  afterwards(action: () => void): void {
    this.actions.push(action);
  }

  private turn(): void {
    this.scheduled = false;
    if (this.closed) return;
    this.turning = true;
    try {
      for (const happening of this.inbox.splice(0)) happening();
      const until = performance.now() + SLICE_MS;
      let at = 0;
      while (at < this.todo.length && (at % 16 !== 15 || performance.now() < until)) {
        const grouped = this.attempts.group(this.todo, at);
        if (grouped === 0) this.act(this.todo[at] as Effect);
        at += Math.max(1, grouped);
      }
      this.todo = at === this.todo.length ? [] : this.todo.slice(at);
    } catch (error) {
      this.fail(error);
      return;
    }
    if (this.log.isEmpty) {
      this.rest.quietly();
      return this.written();
    }
    const turn = this.log.take(this.ends.next(this.log.seq === 0, this.settlement));
    this.rooms.commits.add(turn, (error) => {
      if (error === undefined) return this.written();
      this.fail(error);
      for (const { key, trial } of turn.breakers ?? []) if (trial === true) this.rooms.breakers.giveBack(key);
    });
  }

  /** Whether nothing is under way: only timers and what comes from outside lead on. */
  get isQuiet(): boolean {
    const isDone = this.todo.length === 0 && this.inbox.length === 0 && this.actions.length === 0;
    return isDone && this.answers.isIdle && this.attempts.isIdle;
  }

  /** The attempts being carried out; `undefined` while there is something to decide or write. */
  underWay(): ReturnType<Attempts["underWay"]> {
    const isBusy = this.scheduled || this.turning || this.todo.length > 0 || this.inbox.length > 0;
    return isBusy || !this.answers.isIdle ? undefined : this.attempts.underWay();
  }

  /** When its next timer fires. */
  get nextDue(): AtMs | undefined {
    return this.timers.nextDue;
  }

  /** The turn is in the store: what it asked for may leave it. */
  private written(): void {
    this.turning = false;
    if (this.closed) return;
    this.texts.written();
    this.tellBegun();
    this.rooms.watchers.grown(this.id);
    for (const action of this.actions.splice(0)) action();
    if (this.settling !== undefined) return this.end(this.settling);
    this.snapshotWhenDue();
    // Something may have come while the turn was written.
    if (this.rest.isDue) {
      this.close();
      return this.rooms.parked(this, this.rest.wakeAt);
    }
    if (this.todo.length > 0 || this.inbox.length > 0) {
      this.scheduled = true;
      setImmediate(() => this.turn());
    } else this.parts.lab?.quiet();
  }

  private snapshotWhenDue(): void {
    if (this.log.seq - this.snapshotAt < SNAPSHOT_EVERY) return;
    this.snapshotAt = this.log.seq;
    this.rooms.journal.makeSnapshot(this.id).catch((error: unknown) => this.rooms.trouble(this.id, error));
  }

  private act(effect: Effect): void {
    switch (effect.kind) {
      case "attempt":
        if (isAwaited(this.plan, this.state, effect)) this.gate.arrive(effect.path, effect.attempt);
        return;
      case "set-timer": {
        const { path, timer, from, delayMs, absolute = false } = effect;
        const fire = (): void =>
          this.post(() => this.take({ kind: "timer-fired", at: this.rooms.clock.now(), path, timer }));
        this.timers.set(`${timer}/${path}`, { due: from + delayMs, absolute, fire });
        return;
      }
      case "clear-timer":
        this.timers.clear(`${effect.timer}/${effect.path}`);
        return;
      case "recall":
        if (isAwaited(this.plan, this.state, effect)) this.cache.recall(effect.path);
        return;
      case "await-stopped":
        if (isAwaited(this.plan, this.state, effect)) this.attempts.outlast(effect.path);
        return;
      case "abort":
        for (const path of effect.paths) this.attempts.abort(path);
        this.gate.forget(effect.paths);
        return;
      default:
        if (isAwaited(this.plan, this.state, effect)) this.answers.answer(effect);
    }
  }

  /** A text of this execution, whether it is written yet or not. */
  text(kind: "texts" | "secrets", id: string): string {
    return this.texts.text(kind, id);
  }

  /** Obeys a debug command. */
  command(command: GateCommand): void {
    this.post(() => this.gate.obey(command));
  }

  /** The clocks of `child`, which it called, stand still or go on. */
  childStands(child: ExecutionId, stands: boolean): void {
    this.post(() => this.gate.childStands(child, stands));
  }

  /** Its turn has come. */
  beginQueued(): void {
    this.post(() => {
      if (this.state.status === "queued") this.take({ kind: "execution-begun", at: this.rooms.clock.now() });
    });
  }

  /** Stops it; see `cancel-requested` for `mode`. */
  cancel(reason: string, mode?: "once" | "final"): void {
    this.post(() => {
      const at = this.rooms.clock.now();
      this.take({ kind: "cancel-requested", at, reason, ...(mode === undefined ? {} : { mode }) });
    });
  }

  private end(settling: Settling): void {
    this.close();
    this.rooms.ended(this, endedBy(this.id, settling));
  }

  /** The host itself failed: the execution stays as it was last written, for the next host. */
  fail(error: unknown): void {
    if (this.closed) return;
    this.failure = { error };
    this.close();
    this.rooms.failed(this, error);
    this.tellBegun(error);
  }

  private tellBegun(error?: unknown): void {
    this.begun?.(error);
    this.begun = undefined;
  }

  /** Lets go without settling. */
  close(): void {
    this.closed = true;
    this.timers.close();
    this.attempts.close();
    this.cache.close();
    this.gate.close();
  }
}
