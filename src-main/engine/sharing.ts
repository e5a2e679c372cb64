import type { AtMs } from "@shared/base/units";
import type { Admission, BreakerResult, BreakerRule } from "@shared/execution/breaker";
import type { KeptText } from "@shared/execution/work";

/** An attempt behind a breaker ended. */
export interface BreakerEnd {
  readonly key: string;
  readonly workflowId: string;
  readonly component: string;
  readonly environment?: string;
  readonly rule: BreakerRule;
  readonly admittedAt: AtMs;
  /** It was a trial, and is over with this. */
  readonly trial?: true;
  readonly at: AtMs;
  readonly result: BreakerResult;
}

/** Circuit breakers of the workspace: read while an attempt is carried out, changed with its turn. */
export interface BreakersPort {
  /** Whether an attempt may be made. A trial is claimed for this host until its {@link BreakerEnd} is written. */
  admit(key: string, rule: BreakerRule, at: AtMs): Admission;
  /** Gives the claim of a trial back that says nothing. */
  giveBack(key: string): void;
}

/** A change of the cache that belongs to a turn. */
export type CacheChange =
  | {
      readonly kind: "put";
      readonly key: string;
      readonly workflowId?: string;
      /** The value as JSON text; what it refers to is beside it. */
      readonly value: string;
      readonly values: readonly KeptText[];
      /** Plain; sealed before they reach the disk. */
      readonly secrets: readonly KeptText[];
      readonly at: AtMs;
      /** Absent: until it is cleared or pushed out. */
      readonly expiresAt?: AtMs;
      readonly summary: string;
    }
  | { readonly kind: "used"; readonly key: string; readonly at: AtMs }
  /** This host fetches it no more. */
  | { readonly kind: "released"; readonly key: string };

/** What a turn changes of what executions share. */
export type SharedChange = { readonly breaker: BreakerEnd } | { readonly cache: CacheChange };

/** A cached value. */
export interface CacheHit {
  /** A value as JSON text. */
  readonly value: string;
  readonly storedAt: AtMs;
  readonly expiresAt?: AtMs;
  /** What the value refers to; undefined when it cannot be read any more. */
  text(kind: "stored" | "sensitive", id: string): string | undefined;
}

/** Cached values of the workspace: read while an effect is carried out, changed with its turn. */
export interface CachePort {
  /** A short name for `text` from which nothing of it can be told. */
  digest(text: string): string;
  /** What is stored under `key`, expired or not. */
  get(key: string): CacheHit | undefined;
  /** Makes this host the one that fetches `key`, unless another living one does. */
  lease(key: string, at: AtMs): boolean;
  /** Gives a lease back outside a turn. */
  giveBack(key: string): void;
}
