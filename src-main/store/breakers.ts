import type { Database, Statement, Transaction } from "better-sqlite3";
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
import { Owed } from "./owed";

/** An attempt behind a breaker ended. The engine's port says the same. */
export interface BreakerEnd {
  readonly key: string;
  readonly workflowId: string;
  readonly component: string;
  readonly environment?: string;
  readonly rule: BreakerRule;
  readonly admittedAt: number;
  readonly trial?: true;
  readonly at: number;
  readonly result: BreakerResult;
}

interface Row {
  key: string;
  workflow_id: string;
  component: string | null;
  environment: string | null;
  rule: string;
  state: string;
}

/**
 * Circuit breakers: the rows are the truth, every host counts in them within its turns' transactions; what decides is in memory and
 * follows the rows. Trials are few and are claimed in a row for each host, so that their number holds over hosts; the claims of a host
 * that is gone count no more.
 */
export class Breakers {
  private readonly known = new Map<string, BreakerState>();
  private readonly owed = new Owed();
  private readonly find: Statement;
  private readonly put: Statement;
  private readonly claims: Statement;
  private readonly claim: Statement;
  private readonly release: Statement;
  private readonly dropClaims: Statement;
  private readonly tryOut: Transaction<(key: string, rule: BreakerRule, at: number) => Admission>;

  constructor(
    private readonly db: Database,
    private readonly host: string,
    private readonly lives: (host: string) => boolean,
    private readonly changed: () => void,
  ) {
    this.find = db.prepare("SELECT key, workflow_id, component, environment, rule, state FROM breakers WHERE key = ?");
    this.put = db.prepare(
      `INSERT INTO breakers (key, workflow_id, component, environment, rule, state, touched_at) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET component = excluded.component, rule = excluded.rule, state = excluded.state, touched_at = excluded.touched_at`,
    );
    this.claims = db.prepare("SELECT host, count FROM breaker_trials WHERE key = ?");
    this.claim = db.prepare(
      "INSERT INTO breaker_trials (key, host, count) VALUES (?, ?, 1) ON CONFLICT (key, host) DO UPDATE SET count = count + 1",
    );
    this.release = db.prepare("UPDATE breaker_trials SET count = count - 1 WHERE key = ? AND host = ? AND count > 0");
    this.dropClaims = db.prepare("DELETE FROM breaker_trials WHERE key = ? AND (host = ? OR ? IS NULL)");
    this.tryOut = db.transaction((key, rule, at) => this.claimed(key, rule, at));
  }

  /** Whether an attempt may be made; only what may be a trial asks the rows. */
  admit(key: string, rule: BreakerRule, at: number): Admission {
    const state = this.stateOf(key);
    if (breakerMode(state, rule, at) !== "half-open") return admission(state, rule, at, 0);
    this.owed.pay();
    return this.tryOut.immediate(key, rule, at);
  }

  /** A trial of this host ended and says nothing. */
  giveBack(key: string): void {
    this.owed.pay(() => void this.release.run(key, this.host));
  }

  /** In a transaction: whether there is room for one more trial, and if so, it is this host's. */
  private claimed(key: string, rule: BreakerRule, at: number): Admission {
    this.known.delete(key);
    let trials = 0;
    for (const { host, count } of this.claims.all(key) as { host: string; count: number }[]) {
      if (this.lives(host)) trials += count;
      else this.dropClaims.run(key, host, host);
    }
    const decided = admission(this.stateOf(key), rule, at, trials);
    if (decided.admitted && decided.trial) this.claim.run(key, this.host);
    return decided;
  }

  /** Part of a turn's transaction: counts an end in the row, whoever wrote it last. */
  apply(end: BreakerEnd): void {
    if (end.trial === true) this.release.run(end.key, this.host);
    const row = this.find.get(end.key) as Row | undefined;
    const before = row === undefined ? CLOSED : (JSON.parse(row.state) as BreakerState);
    const after = breakerAfter(before, end.rule, end.admittedAt, end.at, end.result);
    // Several components behind one key have no single name.
    const component = row === undefined || row.component === end.component ? end.component : null;
    this.put.run(
      end.key,
      end.workflowId,
      component,
      end.environment ?? null,
      JSON.stringify(end.rule),
      JSON.stringify(after),
      end.at,
    );
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
    this.dropClaims.run(key, null, null);
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
    ...(row.environment === null ? {} : { environment: row.environment }),
    state: breakerMode(state, rule, at),
    ...breakerCounts(state, rule, at),
    threshold: rule.failureThreshold,
    ...(openedAt === undefined ? {} : { openedAt, retryAt: openedAt + rule.recoveryMs }),
    successes,
    needed: rule.halfOpenCalls,
    ...(lastError === undefined ? {} : { lastError }),
  };
}
