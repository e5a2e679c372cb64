import type { Clock } from "../../src-main/engine/ports";
import { machineClock } from "../../src-main/engine/identity";

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  private at: number;
  private readonly alarms = new Set<{ readonly at: number; readonly fire: () => void }>();

  constructor(at = 1_800_000_000_000) {
    this.at = at;
  }

  readonly now = (): number => this.at;

  readonly random = (bytes: number): string => machineClock.random(bytes);

  readonly after = (delay: number, fire: () => void): (() => void) => {
    // What is due already needs no test to move the clock.
    if (delay <= 0) {
      const soon = setImmediate(fire);
      return () => clearImmediate(soon);
    }
    const alarm = { at: this.at + delay, fire };
    this.alarms.add(alarm);
    return () => this.alarms.delete(alarm);
  };

  /** How many alarms are set. */
  get armed(): number {
    return this.alarms.size;
  }

  /** Time passes; what is due fires in order. */
  pass(ms: number): void {
    const until = this.at + ms;
    for (;;) {
      const due = [...this.alarms].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.alarms.delete(due);
      this.at = Math.max(this.at, due.at);
      due.fire();
    }
    this.at = until;
  }
}
