import type { Database, Statement } from "better-sqlite3";
import type { BreakerRow } from "@shared/contract/resilience";
import {
  admission,
  type Admission,
  breakerAfter,
  breakerCounts,
  breakerMode,
  type BreakerResult,
  type BreakerRule,
  type BreakerState,
  CLOSED,
} from "@shared/execution/breaker";

/** An attempt behind a breaker ended. The engine's port says the same. */
export interface BreakerEnd {
  readonly key: string;
  readonly workflowId: string;
  readonly component: string;
  readonly rule: BreakerRule;
  readonly admittedAt: number;
  readonly at: number;
  readonly result: BreakerResult;
}

interface Row {
  key: string;
  workflow_id: string;
  component: string | null;
  rule: string;
  state: string;
}

/**
 * Circuit breakers: the rows are the truth, every host counts in them within its turns' transactions; what decides is in memory and
 * follows the rows.
 */
export class Breakers {
  private readonly known = new Map<string, BreakerState>();
  private readonly trials = new Map<string, number>();
  private readonly find: Statement;
  private readonly put: Statement;

  constructor(
    private readonly db: Database,
    private readonly changed: () => void,
  ) {
    this.find = db.prepare("SELECT key, workflow_id, component, rule, state FROM breakers WHERE key = ?");
    this.put = db.prepare(
      "INSERT INTO breakers (key, workflow_id, component, rule, state) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET component = excluded.component, rule = excluded.rule, state = excluded.state",
    );
  }

  /** Whether an attempt may be made; one that may is {@link over} at some time. */
  admit(key: string, rule: BreakerRule, at: number): Admission {
    const trials = this.trials.get(key) ?? 0;
    const decided = admission(this.stateOf(key), rule, at, trials);
    if (decided.admitted && decided.trial) this.trials.set(key, trials + 1);
    return decided;
  }

  /** A trial ended, in whatever way. */
  over(key: string): void {
    const left = (this.trials.get(key) ?? 0) - 1;
    if (left > 0) this.trials.set(key, left);
    else this.trials.delete(key);
  }

  /** Part of a turn's transaction: counts an end in the row, whoever wrote it last. */
  apply(end: BreakerEnd): void {
    const row = this.find.get(end.key) as Row | undefined;
    const before = row === undefined ? CLOSED : (JSON.parse(row.state) as BreakerState);
    const after = breakerAfter(before, end.rule, end.admittedAt, end.at, end.result);
    // Several components behind one key have no single name.
    const component = row === undefined || row.component === end.component ? end.component : null;
    this.put.run(end.key, end.workflowId, component, JSON.stringify(end.rule), JSON.stringify(after));
    this.known.set(end.key, after);
    if (before.mode !== after.mode) this.changed();
  }

  /** What was in memory may be wrong: another process wrote, or a transaction was undone. */
  refresh(): void {
    this.known.clear();
  }

  list(at: number, workflowId?: string): readonly BreakerRow[] {
    const rows = this.db.prepare("SELECT * FROM breakers ORDER BY key").all() as Row[];
    return rows
      .filter((row) => workflowId === undefined || row.workflow_id === workflowId)
      .map((row) => shown(row, at));
  }

  /** Closes a breaker and forgets its counts; false when there is none. */
  reset(key: string): boolean {
    const { changes } = this.db.prepare("DELETE FROM breakers WHERE key = ?").run(key);
    this.known.delete(key);
    this.trials.delete(key);
    this.changed();
    return changes > 0;
  }

  private stateOf(key: string): BreakerState {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const row = this.find.get(key) as Row | undefined;
    const state = row === undefined ? CLOSED : (JSON.parse(row.state) as BreakerState);
    this.known.set(key, state);
    return state;
  }
}

function shown(row: Row, at: number): BreakerRow {
  const rule = JSON.parse(row.rule) as BreakerRule;
  const state = JSON.parse(row.state) as BreakerState;
  const { openedAt, lastError, successes } = state;
  return {
    key: row.key,
    workflowId: row.workflow_id,
    ...(row.component === null ? {} : { component: row.component }),
    state: breakerMode(state, rule, at),
    ...breakerCounts(state, rule, at),
    threshold: rule.failureThreshold,
    ...(openedAt === undefined ? {} : { openedAt, retryAt: openedAt + rule.recoveryMs }),
    successes,
    needed: rule.halfOpenCalls,
    ...(lastError === undefined ? {} : { lastError }),
  };
}
