import type { AtMs, Ms } from "@shared/base/units";
import type { Clock } from "../engine/ports";

interface Armed {
  readonly due: AtMs;
  readonly fire: () => void;
  readonly stop: () => void;
}

/** A stretch of time in which the machine sleeps. */
export interface Sleep {
  readonly from: AtMs;
  readonly until: AtMs;
}

/** A clock that goes on with the real one and can be put forward to the next thing that is due. */
export class VirtualClock implements Clock {
  private ahead: Ms;
  private readonly armed = new Set<Armed>();

  /**
   * @param from the time it begins at; the real one's unless said.
   * @param asleep nothing fires in these: what is due then fires when they end.
   */
  constructor(
    private readonly real: Clock,
    from?: AtMs,
    private readonly asleep: readonly Sleep[] = [],
  ) {
    this.ahead = from === undefined ? 0 : from - real.now();
  }

  now(): AtMs {
    return this.real.now() + this.ahead;
  }

  after(delay: Ms, fire: () => void): () => void {
    const due = this.now() + delay;
    const one: Armed = {
      due,
      fire,
      stop: this.real.after(delay, () => {
        this.armed.delete(one);
        fire();
      }),
    };
    this.armed.add(one);
    return () => {
      one.stop();
      this.armed.delete(one);
    };
  }

  random(bytes: number): string {
    return this.real.random(bytes);
  }

  /** Goes on to the moment of the next timer and fires it; false when none is armed. */
  jump(): boolean {
    let next: Armed | undefined;
    for (const one of this.armed) if (next === undefined || one.due < next.due) next = one;
    if (next === undefined) return false;
    this.armed.delete(next);
    next.stop();
    this.ahead += Math.max(0, this.awakeAt(next.due) - this.now());
    next.fire();
    return true;
  }

  /** The first moment from `at` on at which the machine is awake. */
  private awakeAt(at: AtMs): AtMs {
    const sleep = this.asleep.find(({ from, until }) => from <= at && at < until);
    return sleep === undefined ? at : this.awakeAt(sleep.until);
  }
}
