import type { AtMs, Ms } from "@shared/base/units";
import type { Clock } from "./ports";

interface Armed {
  readonly fire: () => void;
  due: AtMs;
  stop: (() => void) | undefined;
}

/** One execution's timers. They stand still while the execution is held, and go on with what was left. */
export class Timers {
  private readonly armed = new Map<string, Armed>();
  private stoppedAt: AtMs | undefined;

  constructor(private readonly clock: Clock) {}

  set(name: string, due: AtMs, fire: () => void): void {
    this.clear(name);
    const armed: Armed = { fire, due, stop: undefined };
    this.armed.set(name, armed);
    if (this.stoppedAt === undefined) this.arm(name, armed);
  }

  clear(name: string): void {
    this.armed.get(name)?.stop?.();
    this.armed.delete(name);
  }

  /** Stops all, or lets all go on; saying the same again changes nothing. */
  hold(held: boolean): void {
    const now = this.clock.now();
    if (held === (this.stoppedAt !== undefined)) return;
    if (held) {
      this.stoppedAt = now;
      for (const armed of this.armed.values()) armed.stop?.();
      return;
    }
    const stood: Ms = now - (this.stoppedAt ?? now);
    this.stoppedAt = undefined;
    for (const [name, armed] of this.armed) {
      armed.due += stood;
      this.arm(name, armed);
    }
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
