import { mkdirSync } from "node:fs";
import { Bug } from "@shared/base/bug";
import type { ComponentPath, ExecutionId } from "@shared/base/ids";
import type { Effect } from "@shared/execution/effect";
import { idempotencyKey } from "@shared/execution/key";
import { NOTHING_KEPT } from "@shared/execution/keep";
import { outcomeEvents } from "@shared/execution/outcome";
import { isAwaited } from "@shared/execution/pending";
import { componentAt, components } from "@shared/execution/read";
import type { Finished } from "@shared/execution/work";
import { writtenAhead } from "./ahead";
import type { SessionCache } from "./caching";
import type { Course, SessionRooms } from "./course";
import { failing } from "./failing";
import { type Pass, passed, passFor } from "./guarding";
import { Groups } from "./groups";
import type { LabExecution } from "./ports";
import { provide, refusedSecret } from "./providing";
import type { Timers } from "./timers";
import { readyFor } from "./working";

interface Running {
  readonly controller: AbortController;
  /** A breaker let it through, and is told how it ends. */
  pass?: Pass;
  readonly child?: ExecutionId;
  /** Called when it has ended after it was stopped. */
  stopped?: () => void;
}

/** A `cache_lookup` found nothing, and its fallback is to get the value. */
const MISSED = Symbol("missed");
const STOPPED = { type: "cancelled", message: "It was stopped." } as const;

/** The name of the timer that limits a component with all its attempts. */
function limitOf(path: ComponentPath): string {
  return `component-timeout/${path}`;
}

/** A `cache_lookup` found nothing, and has nobody to get the value. */
function nothingCached(): Finished {
  const output = { kind: "inline", json: { hit: false, value: null } } as const;
  return { kind: "completed", output, facts: "miss", kept: NOTHING_KEPT };
}

/** The attempts of one execution that are being carried out, and those that wait for a slot. */
export class Attempts {
  private readonly running = new Map<ComponentPath, Running>();
  private readonly queued = new Map<ComponentPath, () => void>();
  private readonly groups: Groups;
  /** How many were stopped and have not ended yet. */
  private stopping = 0;
  private whenQuiet: (() => void)[] = [];

  constructor(
    private readonly course: Course,
    private readonly rooms: SessionRooms,
    private readonly cache: SessionCache,
    private readonly timers: Pick<Timers, "stand">,
  ) {
    this.groups = new Groups(course, rooms);
  }

  /** Whether nothing is being carried out but calls of executions that have left memory. */
  get isIdle(): boolean {
    if (this.queued.size > 0 || this.stopping > 0 || !this.groups.isIdle) return false;
    for (const { child } of this.running.values()) if (child === undefined || !this.rooms.isParked(child)) return false;
    return true;
  }

  /** Whether a called execution is waited for. */
  get isCalling(): boolean {
    return this.running.size > 0;
  }

  /** The attempts being carried out; `undefined` while some wait for a slot or are in a group. */
  underWay(): ReturnType<LabExecution["underWay"]> {
    if (this.queued.size > 0 || !this.groups.isIdle) return undefined;
    return [...this.running].map(([path, { child }]) => ({ path, ...(child === undefined ? {} : { childId: child }) }));
  }

  /** How many of `todo` from `at` on were taken for a group. */
  group(todo: readonly Effect[], at: number): number {
    return this.groups.take(todo, at);
  }

  /** Part of a turn: journals that an attempt starts. */
  started(path: ComponentPath, attempt: number, childId?: ExecutionId): void {
    const key = idempotencyKey(this.course.id, path);
    this.course.take({
      kind: "attempt-started",
      at: this.rooms.clock.now(),
      path,
      attempt,
      key,
      ...(childId === undefined ? {} : { childId }),
    });
  }

  /** Part of a turn: the attempt begins when a slot is free, which may be now. */
  admit(path: ComponentPath, attempt: number): void {
    let isNow = true;
    const giveUp = this.rooms.slots.take(() => {
      this.queued.delete(path);
      this.timers.stand(limitOf(path), false);
      if (isNow) this.begin(path, attempt);
      else if (this.course.isClosed) this.rooms.slots.free();
      else this.course.post(() => this.begin(path, attempt));
    });
    isNow = false;
    if (this.running.has(path)) return;
    this.queued.set(path, giveUp);
    // Of a later attempt: the first begins the component's time.
    this.timers.stand(limitOf(path), true);
  }

  private begin(path: ComponentPath, attempt: number): void {
    const { course } = this;
    if (!isAwaited(course.plan, course.state, { kind: "attempt", path, attempt })) return this.rooms.slots.free();
    const running: Running = { controller: new AbortController() };
    this.running.set(path, running);
    // A recovered attempt was journalled before the host died: it runs again as the same attempt.
    if (componentAt(course.plan, course.state, path)?.state.status !== "running") this.started(path, attempt);
    course.afterwards(() => void this.carry(path, attempt, running));
  }

  private async carry(path: ComponentPath, attempt: number, running: Running): Promise<void> {
    const { course, rooms } = this;
    const startedAt = rooms.clock.now();
    let finished: Finished | typeof MISSED;
    try {
      finished = await this.carried(path, attempt, running);
      if (finished !== MISSED && !running.controller.signal.aborted) {
        const ahead = writtenAhead(course, rooms, finished.kept);
        if (ahead !== undefined) finished = { ...finished, kept: await ahead };
      }
    } catch (error) {
      // What has been let go of fails because of that.
      if (!course.isClosed) rooms.trouble(course.id, error);
      finished = failing("component_error", "The host failed to carry it out.");
    }
    rooms.slots.free();
    running.stopped?.();
    course.post(() => this.finish(path, attempt, running, finished, startedAt));
  }

  private async carried(path: ComponentPath, attempt: number, running: Running): Promise<Finished | typeof MISSED> {
    const { course, rooms } = this;
    const { signal } = running.controller;
    const ready = readyFor(course.plan, course.state, path, attempt, course.parts.head.place, rooms.scratch);
    if (ready === undefined) return failing("cancelled", "It was stopped.");
    const forbidden = refusedSecret(course, ready.values);
    if (forbidden !== undefined) return { kind: "failed", error: forbidden, kept: NOTHING_KEPT };
    const referred = await rooms.texts.referred(course.id, ready.values);
    if ("kind" in referred) return failing("expression_error", "A sensitive value it needs is no longer in the vault.");
    const { config, limits } = ready.work;
    const cached = await this.cache.answer(path, attempt, config, referred, signal, limits.timeoutMs);
    if (cached !== undefined) return cached;
    const node = componentAt(course.plan, course.state, path)?.node;
    if (node === undefined || signal.aborted) return failing("cancelled", "It was stopped.");
    if (node.kind === "lookup") return node.owns.length > 0 ? MISSED : nothingCached();
    // The turn that stops it may not be written yet; a trial that began meanwhile would be nobody's.
    if (this.running.get(path) !== running) return failing("cancelled", "It was stopped.");
    const pass = passFor(course, rooms, node);
    if (pass !== undefined && "kind" in pass) return pass;
    if (pass !== undefined) running.pass = pass;
    if (ready.leaves) await rooms.journal.durable();
    const provided = ready.leaves ? provide(course, rooms, ready.work) : undefined;
    if (provided?.ok === false) return { kind: "failed", error: provided.problem, kept: NOTHING_KEPT };
    if (signal.aborted) return failing("cancelled", "It was stopped.");
    if (ready.lane === "child") {
      mkdirSync(ready.work.place.scratch, { recursive: true });
      course.usesScratch = true;
    }
    const work = { ...ready.work, ...referred, ...provided?.value };
    const progress = (text: string, fraction?: number): void => {
      for (const watcher of rooms.watchers.of(course.id))
        watcher.progress({ kind: "progress", path, text, ...(fraction === undefined ? {} : { fraction }) });
    };
    return rooms.shares.during(ready.cores, signal, async () =>
      signal.aborted
        ? failing("cancelled", "It was stopped.")
        : rooms.carrier.carry(work, ready.lane, signal, progress),
    );
  }

  /** Part of a turn: an outcome came, unless nobody waits for it any more. */
  private finish(
    path: ComponentPath,
    attempt: number,
    running: Running,
    finished: Finished | typeof MISSED,
    startedAt: number,
  ): void {
    if (this.running.get(path) !== running) return;
    this.running.delete(path);
    const { course } = this;
    if (finished !== MISSED && running.pass !== undefined)
      passed(course, this.rooms, running.pass, finished.kind === "failed" ? finished.error : undefined);
    if (!isAwaited(course.plan, course.state, { kind: "attempt", path, attempt })) return;
    const at = this.rooms.clock.now();
    if (finished === MISSED) return course.take({ kind: "cache-missed", at, path, attempt });
    const events = outcomeEvents(path, attempt, at, at - startedAt, finished);
    for (const [index, event] of events.entries()) course.take(event, index === 0 ? finished.kept : undefined);
    if (finished.kind === "failed") return;
    for (const notice of finished.notices ?? []) course.afterwards(() => this.rooms.notices?.show(course.id, notice));
  }

  /** A `workflow_call`: the attempt is another execution. */
  call(path: ComponentPath, attempt: number, child: ExecutionId): void {
    // The turn in which it began may have stopped it.
    if (!isAwaited(this.course.plan, this.course.state, { kind: "attempt", path, attempt })) return;
    const running: Running = { controller: new AbortController(), child };
    const startedAt = this.rooms.clock.now();
    this.running.set(path, running);
    const node = componentAt(this.course.plan, this.course.state, path)?.node;
    const pass = node === undefined ? undefined : passFor(this.course, this.rooms, node);
    if (pass !== undefined && "kind" in pass)
      return this.course.post(() => this.finish(path, attempt, running, pass, startedAt));
    if (pass !== undefined) running.pass = pass;
    const called = this.rooms
      .call(this.course, path, attempt, child, running.controller.signal)
      .catch((error: unknown) => {
        if (!this.course.isClosed && !running.controller.signal.aborted) this.rooms.trouble(this.course.id, error);
        return failing("component_error", "The host failed to carry it out.");
      });
    void called.then((finished) => this.course.post(() => this.finish(path, attempt, running, finished, startedAt)));
  }

  /**
   * Part of a turn: calls `then` in one, once `earlier` has ended and undone what it did. An attempt whose time was up started it, and
   * two of them are never at work side by side.
   */
  callAfter(path: ComponentPath, attempt: number, earlier: ExecutionId, then: () => void): void {
    this.afterStopped({ kind: "attempt", path, attempt }, earlier, then);
  }

  /** Part of a turn: the call at `path` fails in one, once what its last attempt called has ended and undone what it did. */
  outlast(path: ComponentPath): void {
    const { course } = this;
    const slot = componentAt(course.plan, course.state, path)?.state;
    const last = slot?.attempts.at(-1);
    const error = slot?.error;
    if (last === undefined || error === undefined) throw new Bug(`${path} is stopped and was not called`);
    const { attempt, startedAt } = last;
    this.afterStopped({ kind: "await-stopped", path }, last.childId, () => {
      const at = this.rooms.clock.now();
      course.take({ kind: "attempt-failed", at, path, attempt, error, durationMs: at - startedAt });
    });
  }

  /** Does `then` in a turn once `child`, which was stopped, has ended, if `effect` is still awaited by then. */
  private afterStopped(
    effect: Extract<Effect, { kind: "attempt" | "await-stopped" }>,
    child: ExecutionId | undefined,
    then: () => void,
  ): void {
    const { course } = this;
    const { path } = effect;
    const running: Running = { controller: new AbortController(), ...(child === undefined ? {} : { child }) };
    this.running.set(path, running);
    course.afterwards(() => {
      const ended = child === undefined ? Promise.resolve() : this.rooms.stoppedCall(child, running.controller.signal);
      const told = ended.catch((error: unknown) => {
        if (!course.isClosed && !running.controller.signal.aborted) this.rooms.trouble(course.id, error);
      });
      void told.then(() =>
        course.post(() => {
          if (this.running.get(path) !== running) return;
          this.running.delete(path);
          if (isAwaited(course.plan, course.state, effect)) then();
        }),
      );
    });
  }

  /** A `workflow_call` is undone: the executions it started undo themselves. */
  undoCall(path: ComponentPath, attempt: number): void {
    const running: Running = { controller: new AbortController() };
    const startedAt = this.rooms.clock.now();
    this.running.set(path, running);
    const undone = this.rooms.undoCall(this.course, path, running.controller.signal).catch((error: unknown) => {
      if (!this.course.isClosed) this.rooms.trouble(this.course.id, error);
      return failing("component_error", "The host failed to carry it out.");
    });
    void undone.then((finished) => {
      running.stopped?.();
      this.course.post(() => this.finish(path, attempt, running, finished, startedAt));
    });
  }

  /** Calls `then` once nothing that was stopped is still at work: at once, or within a second. */
  quiet(then: () => void): void {
    if (this.stopping === 0) then();
    else this.whenQuiet.push(() => this.course.post(then));
  }

  /** Of an execution that is taken up: calls that were stopped by what came meanwhile, or by a host that died before it said so. */
  leftOver(): readonly Effect[] {
    const { plan, state } = this.course;
    if (!plan.nodes.some(({ kind }) => kind === "call")) return [];
    const paths: ComponentPath[] = [];
    for (const { path, node, state: slot } of components(plan, state))
      if (node.kind === "call" && slot.status === "cancelled") paths.push(path);
    return paths.length === 0 ? [] : [{ kind: "abort", paths }];
  }

  /** Part of a turn: stops what runs at `path`; its outcome is no longer awaited. */
  abort(path: ComponentPath): void {
    this.queued.get(path)?.();
    this.queued.delete(path);
    const running = this.running.get(path);
    this.running.delete(path);
    if (running === undefined) {
      const left = componentAt(this.course.plan, this.course.state, path)?.state.attempts.at(-1)?.childId;
      if (left !== undefined) this.course.afterwards(() => this.rooms.cancelCall(left, "once"));
    } else {
      this.stopped(path, running);
      const { child } = running;
      if (child === undefined) this.awaitEnd(running);
      this.course.afterwards(() => {
        running.controller.abort();
        // What undoes is stopped for good; anything else is undone in its turn.
        if (child !== undefined) this.rooms.cancelCall(child, path.includes("~") ? "final" : "once");
      });
    }
    this.groups.abort(path);
  }

  /** What was stopped says nothing of the system it called, unless its time was up. */
  private stopped(path: ComponentPath, { pass }: Running): void {
    if (pass === undefined) return;
    const slot = componentAt(this.course.plan, this.course.state, path)?.state;
    const error = slot?.attempts.at(-1)?.error;
    passed(this.course, this.rooms, pass, error?.type === "timeout" ? error : STOPPED);
  }

  private awaitEnd(running: Running): void {
    this.stopping += 1;
    running.stopped = () => {
      this.stopping -= 1;
      if (this.stopping === 0) for (const then of this.whenQuiet.splice(0)) then();
    };
  }

  /** Stops everything without telling anybody. */
  close(): void {
    for (const giveUp of this.queued.values()) giveUp();
    for (const { controller, pass } of this.running.values()) {
      controller.abort();
      if (pass?.about.trial === true) this.rooms.breakers.giveBack(pass.about.key);
    }
    this.queued.clear();
    this.running.clear();
    this.groups.close();
  }
}
