import type { AtMs, Ms } from "@shared/base/units";
import { dueBetween, MOST_MISSED, nextDue } from "@shared/workflow/triggers/schedule";
import type { ScheduleTrigger } from "@shared/workflow/triggers/trigger";
import type { Able, Directory } from "./directory";
import type { Brought, Fires } from "./fire";
import { Line } from "./line";
import type { TriggersPorts } from "./ports";

/** A start that is this late was missed: no host was there, or the machine slept. */
const LATE: Ms = 60_000;
/** Timers stand still while a machine sleeps: what is due meanwhile is seen this soon after it woke. */
const LOOK_AGAIN: Ms = 30_000;

/** Fires schedules when they are due, with one timer for all. */
export class Schedules {
  private stop: () => void = () => undefined;
  private readonly line = new Line();
  private closed = false;

  constructor(
    private readonly ports: TriggersPorts,
    private readonly directory: Directory,
    private readonly fires: Fires,
    private readonly changed: () => void,
  ) {}

  /** Looks at all schedules: fires what is due, and sets the timer for what comes next. */
  look(): Promise<void> {
    return this.line.next(() => this.once());
  }

  private async once(): Promise<void> {
    if (this.closed) return;
    for (const known of this.directory.on("schedule")) {
      // One that cannot be fired just now (the disk is full) is tried again, and holds up no other.
      await this.catchUp(known, this.ports.clock.now()).catch(this.ports.trouble);
    }
    this.stop();
    if (this.closed) return;
    const now = this.ports.clock.now();
    const next = this.directory
      .on("schedule")
      .map((known) => nextDue(known.trigger.value, known.row.accountedUntil))
      .filter((at) => at !== undefined);
    if (next.length === 0) return;
    const soonest = next.reduce((a, b) => Math.min(a, b));
    const wait = soonest > now ? Math.min(soonest - now, LOOK_AGAIN) : LOOK_AGAIN;
    this.stop = this.ports.clock.after(wait, () => void this.look().catch(this.ports.trouble));
  }

  private async catchUp(known: Able<ScheduleTrigger>, now: AtMs): Promise<void> {
    const { triggers } = this.ports;
    const { starts, missed, hasOlder } = startsDue(known.trigger.value, known.row.accountedUntil, now);
    if (starts.length === 0 && missed.length === 0) return;
    for (const each of starts) await this.fires.fire(known, each);
    // Noted last: a host that dies in between finds the keys of what it fired.
    triggers.account(known.row.id, now);
    const isSkip = starts.every(({ event }) => event["missed"] === 0);
    if (starts.length === 0 || (hasOlder && !isSkip)) {
      const message = isSkip ? skippedText(missed.length, hasOlder) : leftOutText(known.trigger.value);
      triggers.said(known.row.id, { at: now, outcome: "skipped", message });
      this.changed();
    }
  }

  close(): void {
    this.closed = true;
    this.stop();
  }
}

/**
 * What a schedule that was looked after until `after` is to start at `now`, and when it missed a start, oldest first.
 * `hasOlder`: it missed more than are looked at.
 */
export function startsDue(
  trigger: ScheduleTrigger,
  after: AtMs,
  now: AtMs,
): { readonly starts: readonly Brought[]; readonly missed: readonly AtMs[]; readonly hasOlder: boolean } {
  const lateUntil = now - LATE - 1;
  const inTime = dueBetween(trigger, Math.max(after, lateUntil), now, MOST_MISSED);
  const late = after >= lateUntil ? [] : dueBetween(trigger, after, lateUntil, MOST_MISSED + 1);
  const missed = late.slice(-MOST_MISSED);
  const made = trigger.missed === "run_all" ? missed : trigger.missed === "run_once" ? missed.slice(-1) : [];
  const each = trigger.missed === "run_all" ? 1 : missed.length;
  return {
    starts: [...made.map((at) => brought(trigger, at, each)), ...inTime.map((at) => brought(trigger, at, 0))],
    missed,
    hasOlder: late.length > MOST_MISSED,
  };
}

/** That `count` starts were missed and `missed: skip` makes up for none. */
function skippedText(count: number, hasOlder: boolean): string {
  const many = `${hasOlder ? "More than " : ""}${count.toLocaleString("en")} starts were`;
  return `${count === 1 ? "A start was" : many} missed while no host ran; missed is skip.`;
}

/** That there were more missed starts than are made up for. */
function leftOutText({ missed }: ScheduleTrigger): string {
  const most = MOST_MISSED.toLocaleString("en");
  const made = missed === "run_all" ? `The newest ${most} were started` : `The newest one was started for ${most}`;
  return `More than ${most} starts were missed while no host ran. ${made}; the older ones are left out.`;
}

function brought(trigger: ScheduleTrigger, at: AtMs, missed: number): Brought {
  const scheduledAt = new Date(at).toISOString();
  const event = {
    type: "schedule",
    scheduled_at: scheduledAt,
    cron: trigger.cron,
    timezone: trigger.timezone ?? null,
    missed,
  };
  return { key: `schedule/${scheduledAt}`, event, input: { scheduled_at: scheduledAt, missed } };
}
