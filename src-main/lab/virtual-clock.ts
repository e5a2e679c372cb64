import type { AtMs, Ms } from "@shared/base/units";
import type { Clock } from "../engine/ports";

interface Armed {
  readonly due: AtMs;
  readonly fire: () => void;
  readonly stop: () => void;
}

/** A clock that goes on with the real one and can be put forward to the next thing that is due. */
export class VirtualClock implements Clock {
  private ahead: Ms = 0;
  private readonly armed = new Set<Armed>();

  constructor(private readonly real: Clock) {}

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
    this.ahead += Math.max(0, next.due - this.now());
    next.fire();
    return true;
  }
}
