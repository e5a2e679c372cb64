import type { AtMs, Ms } from "@shared/base/units";
import type { Attempts } from "./attempts";
import type { Course } from "./course";
import type { OpenWaits } from "./open-waits";
import type { Timers } from "./timers";
import type { TurnEnd } from "./turn-log";

/** An execution that only waits leaves memory when nothing is due for this long: coming back costs more than a short wait. */
const WORTH_IT: Ms = 2000;

/** How an execution leaves memory: it only waits, until then at most. */
export interface Leave {
  readonly wakeAt?: AtMs;
}

/** Whether one execution may leave memory, and what the store knows of it. */
export class Rest {
  private stored: Leave | undefined;
  private leave: Leave | undefined;

  constructor(
    private readonly course: Course,
    private readonly timers: Timers,
    private readonly waits: OpenWaits,
    private readonly attempts: Attempts,
  ) {}

  /** The execution was taken up. Unless it is known how it had left, the store is told with the next turn that it is back. */
  takeUp(parked: Leave | undefined): void {
    this.stored = parked ?? {};
  }

  /** At the end of a turn that journals nothing. */
  quietly(): void {
    this.waits.discard();
    this.leave = this.possible();
    if (this.leave === undefined) return;
    if (this.stored === undefined || this.stored.wakeAt !== this.leave.wakeAt)
      this.course.rooms.waiting.parkNow(this.course.id, this.leave.wakeAt);
    this.stored = this.leave;
  }

  /** At the end of any other turn: what is written with it. */
  turn(): TurnEnd {
    const noted = this.waits.turn();
    const { stored } = this;
    this.leave = this.stored = this.possible();
    if (this.leave !== undefined) return { ...noted, parked: this.leave };
    return stored === undefined ? noted : { ...noted, parked: false };
  }

  /** Whether it leaves, as its turn is written: something may have come meanwhile. */
  get isDue(): boolean {
    return this.leave !== undefined && this.course.isQuiet;
  }

  get wakeAt(): AtMs | undefined {
    return this.leave?.wakeAt;
  }

  /** Nothing happens any more but what time, people and events bring. Whoever debugs it wants it here. */
  private possible(): Leave | undefined {
    const { course } = this;
    // A laboratory's clock and faults are with the course.
    if (course.parts.lab !== undefined || course.parts.gate !== undefined || !course.isQuiet) return undefined;
    if (course.state.status === "queued") return {};
    if (course.isSettled) return undefined;
    const wakeAt = this.timers.nextDue;
    if (wakeAt === undefined) return this.waits.isOpen || this.attempts.isCalling ? {} : undefined;
    return wakeAt - course.rooms.clock.now() < WORTH_IT ? undefined : { wakeAt };
  }
}
