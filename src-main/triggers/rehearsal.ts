import { isJsonObject } from "@shared/base/json";
import type { AtMs } from "@shared/base/units";
import { MOST_FIRINGS, type RehearsedEnd, type RehearsedFiring } from "@shared/contract/rehearsals";
import type { DueSpan } from "@shared/workflow/triggers/due";
import { schedulesOf } from "@shared/workflow/triggers/read";
import { nextDue } from "@shared/workflow/triggers/schedule";
import type { ScheduleTrigger } from "@shared/workflow/triggers/trigger";
import type { Workflow } from "@shared/workflow/workflow";
import type { Attendant, Clock } from "../engine/ports";
import type { Able } from "./directory";
import { Fires } from "./fire";
import { Line } from "./line";
import { type Noted, NotedFirings } from "./noted";
import type { FirePorts } from "./ports";
import { startsDue } from "./schedules";

const STRANDED = "It waits for a person or an event; a rehearsal brings neither, and stopped it.";
const ASLEEP = "The machine slept; missed is skip.";

/** What a rehearsal needs of the other rooms; composition hands it in. */
export interface RehearsalPorts extends Pick<FirePorts, "newId" | "cancel" | "env" | "start"> {
  /** The laboratory's, in virtual time. */
  readonly clock: Clock;
  readonly attend: (one: Attendant) => () => void;
  /** Has the laboratory look whether time can go on. */
  readonly quiet: () => void;
  /** Whether an execution waits for its turn. */
  readonly isQueued: (executionId: string) => boolean;
  /** Resolves when the execution has settled; at once when it has. */
  readonly settled: (executionId: string) => Promise<RehearsedEnd>;
}

/** What of the time is rehearsed. */
export interface Span extends DueSpan {
  /** How many firings it takes; 10,000 unless said. */
  readonly most?: number;
}

/** A rehearsal under way. */
export interface Rehearsing {
  /** Resolves when the span is over and all that was started has ended. `cut`: there were more firings than a rehearsal takes. */
  readonly done: Promise<{ readonly cut: boolean }>;
  /** Starts nothing any more, and stops what is under way; the second time ends undoing as well. */
  stop(reason: string): void;
}

interface Schedule {
  readonly known: Able<ScheduleTrigger>;
  accountedUntil: AtMs;
}

/**
 * Fires the schedules of `workflow` in virtual time, as a studio would that runs from `from` to `until` with all of them on.
 *
 * @param tell told of every firing when it is known what it came to.
 */
export function rehearse(
  ports: RehearsalPorts,
  workflow: Workflow,
  span: Span,
  tell: (firing: RehearsedFiring) => void,
): Rehearsing {
  return new Rehearsal(ports, workflow, span, tell);
}

class Rehearsal implements Rehearsing, Attendant {
  readonly done: Promise<{ readonly cut: boolean }>;
  private readonly schedules: readonly Schedule[];
  private readonly firings: NotedFirings;
  private readonly fires: Fires;
  private readonly line = new Line();
  private readonly strandedIds = new Set<string>();
  /** The times that a start makes up for, by its schedule and its own time. */
  private readonly madeUp = new Map<string, { readonly times: readonly AtMs[]; readonly hasOlder: boolean }>();
  private readonly leave: () => void;
  private finish: (how: { readonly cut: boolean }) => void = () => undefined;
  private reject: (error: unknown) => void = () => undefined;
  private disarm: () => void = () => undefined;
  private atWork = 0;
  private count = 0;
  private isOver = false;
  /** Why it was stopped; absent while it was not. */
  private stopped: string | undefined;
  private cut = false;

  constructor(
    private readonly ports: RehearsalPorts,
    workflow: Workflow,
    private readonly span: Span,
    private readonly tell: (firing: RehearsedFiring) => void,
  ) {
    this.schedules = schedulesOf(workflow).map(({ index, trigger }) => ({
      known: knownOf(workflow, index, trigger),
      // Due at the very beginning is due.
      accountedUntil: span.from - 1,
    }));
    this.firings = new NotedFirings((firing) => this.came(firing));
    const { clock, newId, cancel, env, start } = ports;
    const said = (): void => undefined;
    this.fires = new Fires(
      { clock, newId, cancel, env, start, exists: () => false, firings: this.firings, triggers: { said } },
      { byId: (id) => this.schedules.find(({ known }) => known.row.id === id)?.known },
      said,
    );
    this.done = new Promise((resolve, reject) => {
      this.finish = resolve;
      this.reject = reject;
    });
    this.leave = ports.attend(this);
    this.work(async () => this.arm());
  }

  isBusy(): boolean {
    return this.atWork > 0;
  }

  stranded(): void {
    for (const id of this.firings.executions) {
      if (this.strandedIds.has(id) || this.ports.isQueued(id)) continue;
      this.strandedIds.add(id);
      this.ports.cancel(id, STRANDED);
    }
  }

  stop(reason: string): void {
    this.over();
    this.stopped = reason;
    this.firings.giveUp(reason);
    for (const id of this.firings.executions) this.ports.cancel(id, reason);
    this.work(async () => undefined);
  }

  /** Does one thing after another; time stands meanwhile. */
  private work(act: () => Promise<void>): void {
    this.atWork += 1;
    void this.line
      .next(act)
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.atWork -= 1;
        // One that was about to start may have been told to wait instead.
        if (this.stopped !== undefined) this.firings.giveUp(this.stopped);
        if (this.atWork === 0 && this.isOver && !this.firings.isAnyLeft) {
          this.leave();
          this.finish({ cut: this.cut });
        } else this.ports.quiet();
      });
  }

  private arm(): void {
    if (this.isOver) return;
    const due = this.schedules.flatMap(
      ({ known, accountedUntil }) => nextDue(known.trigger.value, accountedUntil) ?? [],
    );
    const next = due.reduce((a, b) => Math.min(a, b), Infinity);
    if (next >= this.span.until) return this.over();
    const { clock } = this.ports;
    this.disarm = clock.after(Math.max(0, next - clock.now()), () => this.work(() => this.look()));
  }

  private fail(error: unknown): void {
    this.over();
    this.leave();
    this.reject(error);
  }

  private over(): void {
    this.isOver = true;
    this.disarm();
  }

  private async look(): Promise<void> {
    // What is due when the span is over is the next one's.
    const now = Math.min(this.ports.clock.now(), this.span.until - 1);
    for (const schedule of this.schedules) {
      const { known, accountedUntil } = schedule;
      const { starts, missed, hasOlder } = startsDue(known.trigger.value, accountedUntil, now);
      schedule.accountedUntil = Math.max(accountedUntil, now);
      const isMadeUp = starts.some(({ event }) => event["missed"] !== 0);
      if (!isMadeUp) this.missed(known, missed, hasOlder);
      for (const start of starts) {
        if (this.isOver) return;
        this.count += 1;
        const { event } = start;
        const at = Date.parse(String(event["scheduled_at"]));
        const isFirst = start === starts[0];
        if (event["missed"] !== 0)
          this.madeUp.set(`${known.row.id}/${at}`, {
            times: event["missed"] === 1 ? [at] : missed,
            // Of many starts that make up for them one by one, the oldest says that there were older ones.
            hasOlder: hasOlder && isFirst,
          });
        await this.fires.fire(known, start);
        if (this.count < (this.span.most ?? MOST_FIRINGS)) continue;
        this.cut = true;
        this.over();
      }
    }
    this.arm();
  }

  private missed({ row, trigger }: Able<ScheduleTrigger>, missedAt: readonly AtMs[], hasOlder: boolean): void {
    const [dueAt] = missedAt;
    if (dueAt === undefined) return;
    const { index } = row;
    const missed = missedAt.length;
    const older = hasOlder ? { hasOlderMissed: true as const } : {};
    this.tell({
      index,
      ...whenOf(trigger.value),
      dueAt,
      missed,
      missedAt,
      ...older,
      outcome: "missed",
      message: ASLEEP,
    });
  }

  /** A firing came to something; one that started goes on until it has ended. */
  private came(firing: Noted): void {
    if (firing.state !== "started") return this.say(firing);
    if (this.stopped !== undefined) this.ports.cancel(firing.executionId, this.stopped);
    this.ports.settled(firing.executionId).then(
      (end) =>
        this.work(async () => {
          this.firings.ended(firing);
          this.say(firing, end);
          await this.fires.takeUp();
        }),
      (error: unknown) => this.fail(error),
    );
  }

  private say({ triggerId, event, executionId, state, message }: Noted, end?: RehearsedEnd): void {
    const schedule = this.schedules.find(({ known }) => known.row.id === triggerId);
    if (schedule === undefined || !isJsonObject(event)) return;
    const { row, trigger } = schedule.known;
    const dueAt = Date.parse(String(event["scheduled_at"]));
    const made = this.madeUp.get(`${triggerId}/${dueAt}`);
    const told = this.strandedIds.has(executionId) && end?.status === "cancelled" ? STRANDED : message;
    this.tell({
      index: row.index,
      ...whenOf(trigger.value),
      dueAt,
      missed: made?.times.length ?? 0,
      ...(made === undefined ? {} : { missedAt: made.times }),
      ...(made?.hasOlder ? { hasOlderMissed: true as const } : {}),
      outcome: state === "skipped" || state === "refused" || state === "failed" ? state : "ended",
      ...(end === undefined ? {} : { executionId, end }),
      ...(told === undefined ? {} : { message: told }),
    });
  }
}

function whenOf({ cron, timezone }: ScheduleTrigger): Pick<RehearsedFiring, "cron" | "timezone"> {
  return { cron, ...(timezone === undefined ? {} : { timezone }) };
}

function knownOf(workflow: Workflow, index: number, value: ScheduleTrigger): Able<ScheduleTrigger> {
  return {
    row: { id: index, workflowId: workflow.id, index, definition: "", enabled: true, accountedUntil: 0 },
    workflowName: workflow.name ?? workflow.id,
    folder: "",
    correlates: workflow.execution_context?.["propagate_correlation_id"] !== false,
    trigger: { ok: true, value },
  };
}
