import { createHash } from "node:crypto";
import type { AtMs } from "@shared/base/units";
import {
  type Admission,
  admission,
  breakerAfter,
  type BreakerRule,
  type BreakerState,
  CLOSED,
} from "@shared/execution/breaker";
import type { BreakerEnd, BreakersPort, CacheChange, CacheHit, CachePort, SharedChange } from "../engine/sharing";

/** What executions of one laboratory share: nothing of it reaches the workspace. */
export class LabShared {
  readonly breakers = new LabBreakers();
  readonly cache = new LabCache();

  /** Takes in what a turn changed, once the turn is written. */
  take(change: SharedChange): void {
    if ("breaker" in change) this.breakers.take(change.breaker);
    else this.cache.take(change.cache);
  }
}

class LabBreakers implements BreakersPort {
  private readonly states = new Map<string, BreakerState>();
  private readonly trials = new Map<string, number>();

  admit(key: string, rule: BreakerRule, at: AtMs): Admission {
    const trials = this.trials.get(key) ?? 0;
    const decided = admission(this.states.get(key) ?? CLOSED, rule, at, trials);
    if (decided.admitted && decided.trial) this.trials.set(key, trials + 1);
    return decided;
  }

  giveBack(key: string): void {
    this.trials.set(key, Math.max(0, (this.trials.get(key) ?? 0) - 1));
  }

  take({ key, rule, admittedAt, at, result, trial }: BreakerEnd): void {
    if (trial === true) this.giveBack(key);
    this.states.set(key, breakerAfter(this.states.get(key) ?? CLOSED, rule, admittedAt, at, result));
  }
}

class LabCache implements CachePort {
  private readonly values = new Map<string, CacheHit>();

  digest(text: string): string {
    return createHash("sha256").update(text).digest("hex");
  }

  get(key: string): CacheHit | undefined {
    return this.values.get(key);
  }

  /** There is no other host in a laboratory. */
  lease(): boolean {
    return true;
  }

  giveBack(): void {
    return;
  }

  take(change: CacheChange): void {
    if (change.kind !== "put") return;
    const { key, value, at, expiresAt, values, secrets } = change;
    const texts = {
      stored: new Map(values.map(({ id, text }) => [id, text])),
      sensitive: new Map(secrets.map(({ id, text }) => [id, text])),
    };
    this.values.set(key, {
      value,
      storedAt: at,
      ...(expiresAt === undefined ? {} : { expiresAt }),
      text: (kind, id) => texts[kind].get(id),
    });
  }
}
