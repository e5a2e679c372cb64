import type { AtMs, Ms } from "@shared/base/units";
import type { Clock } from "./ports";

/** What fires when. An absolute one is a moment, which comes whether the execution is held or not. */
export interface Timer {
  readonly due: AtMs;
  readonly absolute: boolean;
  readonly fire: () => void;
}

interface Armed {
  readonly absolute: boolean;
  readonly fire: () => void;
  due: AtMs;
  stop: (() => void) | undefined;
  /** Since when it stands by itself. */
  since?: AtMs;
}

/** One execution's timers. Spans stand still while the execution is held, and go on with what was left. */
export class Timers {
  private readonly armed = new Map<string, Armed>();
  private stoppedAt: AtMs | undefined;

  constructor(private readonly clock: Clock) {}

  /** When the next one fires, all standing still aside. */
  get nextDue(): AtMs | undefined {
    let next: AtMs | undefined;
    for (const { due, absolute, since } of this.armed.values())
      if ((absolute || this.stoppedAt === undefined) && since === undefined && due < (next ?? Infinity)) next = due;
    return next;
  }

  set(name: string, { due, absolute, fire }: Timer): void {
    this.clear(name);
    const armed: Armed = { fire, absolute, due, stop: undefined };
    this.armed.set(name, armed);
    if (absolute || this.stoppedAt === undefined) this.arm(name, armed);
  }

  clear(name: string): void {
    this.armed.get(name)?.stop?.();
    this.armed.delete(name);
  }

  /** Stops all spans, or lets them go on; saying the same again changes nothing. */
  hold(held: boolean): void {
    const now = this.clock.now();
    if (held === (this.stoppedAt !== undefined)) return;
    if (held) {
      this.stoppedAt = now;
      for (const armed of this.armed.values()) if (!armed.absolute) armed.stop?.();
      return;
    }
    const stood: Ms = now - (this.stoppedAt ?? now);
    this.stoppedAt = undefined;
    for (const [name, armed] of this.armed) {
      if (armed.absolute || armed.since !== undefined) continue;
      armed.due += stood;
      this.arm(name, armed);
    }
  }

  /** Has the span `name` stand still, if it is set, or go on with what was left. */
  stand(name: string, standing: boolean): void {
    const armed = this.armed.get(name);
    if (armed === undefined || armed.absolute || standing === (armed.since !== undefined)) return;
    if (standing) {
      armed.since = this.stoppedAt ?? this.clock.now();
      armed.stop?.();
      return;
    }
    // While all stand still the rest is made good when they go on.
    armed.due += Math.max(0, (this.stoppedAt ?? this.clock.now()) - (armed.since ?? Infinity));
    delete armed.since;
    if (this.stoppedAt === undefined) this.arm(name, armed);
  }

  close(): void {
    for (const armed of this.armed.values()) armed.stop?.();
    this.armed.clear();
  }

  private arm(name: string, armed: Armed): void {
    armed.stop = this.clock.after(Math.max(0, armed.due - this.clock.now()), () => {
      // Very long waits are woken early.
      if (this.clock.now() < armed.due - 1) return this.arm(name, armed);
      this.armed.delete(name);
      armed.fire();
    });
  }
}
