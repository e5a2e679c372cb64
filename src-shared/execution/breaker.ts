import type { AtMs, Ms } from "../base/units";
import type { ComponentError } from "./error";

/** When a circuit breaker opens and closes. */
export interface BreakerRule {
  /** Failures in the window that open it. */
  readonly failureThreshold: number;
  /** How long it stays open before trials are let through. */
  readonly recoveryMs: Ms;
  /** Successes of trials that close it; also how many trials may be under way at once. */
  readonly halfOpenCalls: number;
  /** Ended attempts in the window below which it never opens. */
  readonly minimumRequests: number;
  readonly windowMs: Ms;
  /** Components with the same key share one breaker. */
  readonly key?: string;
}

/** Attempts that ended in one slice of the window: when the slice began, how many ended, how many of them failed in a way that counts. */
export type BreakerSlice = readonly [begun: AtMs, ended: number, failed: number];

/** What a breaker remembers. Plain JSON, kept over restarts. */
export interface BreakerState {
  readonly mode: "closed" | "open" | "half-open";
  /** Oldest first; only slices of the window. */
  readonly slices: readonly BreakerSlice[];
  /** When it last opened; absent while it is closed. */
  readonly openedAt?: AtMs;
  /** Trials that succeeded since it last opened. */
  readonly successes: number;
  /** The last failure that counted. */
  readonly lastError?: { readonly type: string; readonly message: string };
}

/** What an attempt's end says about the system it called. */
export type BreakerResult =
  | { readonly kind: "failed"; readonly error: { readonly type: string; readonly message: string } }
  /** The system answered, with whatever. */
  | { readonly kind: "answered" }
  /** It ended for reasons of its own: counted as ended, and no verdict for a trial. */
  | { readonly kind: "neutral" };

/** Whether an attempt may be made. */
export type Admission =
  | { readonly admitted: true; readonly trial: boolean }
  /** `retryAt`: when trials are let through; absent while trials are under way. */
  | { readonly admitted: false; readonly retryAt?: AtMs };

/** A breaker nothing has happened to. */
export const CLOSED: BreakerState = { mode: "closed", slices: [], successes: 0 };

/** The window is counted in this many slices: an attempt leaves it at most a sixtieth early. */
const SLICES = 60;

const COUNTED: ReadonlySet<string> = new Set(["timeout", "connection_error", "server_error", "rate_limited"]);
const ANSWERS: ReadonlySet<string> = new Set([
  "authentication_error",
  "authorization_error",
  "bad_request",
  "not_found",
  "validation_error",
]);

/** What an attempt that ended with `error`, or well, says; undefined for one that was stopped, which says nothing. */
export function breakerResult(error: ComponentError | undefined): BreakerResult | undefined {
  if (error === undefined) return { kind: "answered" };
  const { type, message } = error;
  if (type === "cancelled" || type === "circuit_open") return undefined;
  if (COUNTED.has(type)) return { kind: "failed", error: { type, message } };
  return ANSWERS.has(type) ? { kind: "answered" } : { kind: "neutral" };
}

/** The mode at a moment: an open breaker that has rested long enough lets trials through. */
export function breakerMode(state: BreakerState, rule: BreakerRule, at: AtMs): BreakerState["mode"] {
  return state.mode === "open" && at >= (state.openedAt ?? at) + rule.recoveryMs ? "half-open" : state.mode;
}

/** Whether an attempt may be made at `at`, while `trials` are under way, those of all hosts together. */
export function admission(state: BreakerState, rule: BreakerRule, at: AtMs, trials: number): Admission {
  const mode = breakerMode(state, rule, at);
  if (mode === "closed") return { admitted: true, trial: false };
  if (mode === "open") return { admitted: false, retryAt: (state.openedAt ?? at) + rule.recoveryMs };
  return state.successes + trials < rule.halfOpenCalls ? { admitted: true, trial: true } : { admitted: false };
}

/** What an attempt that was not let through fails with. */
export function breakerRefusal(
  key: string,
  { recoveryMs }: BreakerRule,
  { retryAt }: Admission & { readonly admitted: false },
): ComponentError {
  const message =
    retryAt === undefined
      ? `The circuit breaker ${key} is being tried: other attempts wait for the outcome.`
      : `The circuit breaker ${key} is open after too many failures; it rests for ${recoveryMs / 1000} s.`;
  return { type: "circuit_open", message };
}

/** The name of the breaker in front of a component, its own or the one it shares: one in each environment, each with systems of its own. */
export function breakerKey(rule: BreakerRule, workflowId: string, component: string, environment?: string): string {
  const key = rule.key ?? `${workflowId}/${component}`;
  return environment === undefined ? key : `${key}@${environment}`;
}

/** The breaker after an attempt that was let through at `admittedAt` ended at `at`. */
export function breakerAfter(
  state: BreakerState,
  rule: BreakerRule,
  admittedAt: AtMs,
  at: AtMs,
  result: BreakerResult,
): BreakerState {
  if (state.mode === "closed") return countedIn(state, rule, at, result);
  // What was let through before it opened, or before it opened again, is no trial.
  if (admittedAt < (state.openedAt ?? 0) + rule.recoveryMs || result.kind === "neutral") return state;
  if (result.kind === "failed") return opened(state, at, result.error);
  const successes = state.successes + 1;
  return successes >= rule.halfOpenCalls ? CLOSED : { ...state, mode: "half-open", successes };
}

/** How many attempts ended in the window, and how many of those failed in a way that counts. */
export function breakerCounts(
  { slices }: BreakerState,
  { windowMs }: BreakerRule,
  at: AtMs,
): { readonly requests: number; readonly failures: number } {
  let requests = 0;
  let failures = 0;
  for (const [begun, ended, failed] of slices) {
    if (begun <= at - windowMs) continue;
    requests += ended;
    failures += failed;
  }
  return { requests, failures };
}

function countedIn(state: BreakerState, rule: BreakerRule, at: AtMs, result: BreakerResult): BreakerState {
  const width = Math.max(1, Math.floor(rule.windowMs / SLICES));
  const begun = Math.floor(at / width) * width;
  const failed = result.kind === "failed" ? 1 : 0;
  const slices = state.slices.filter(([from]) => from > at - rule.windowMs);
  const last = slices[slices.length - 1];
  if (last !== undefined && last[0] >= begun) slices[slices.length - 1] = [last[0], last[1] + 1, last[2] + failed];
  else slices.push([begun, 1, failed]);
  const error = result.kind === "failed" ? result.error : state.lastError;
  const after: BreakerState = { ...state, slices, ...(error === undefined ? {} : { lastError: error }) };
  const { requests, failures } = breakerCounts(after, rule, at);
  return requests >= rule.minimumRequests && failures >= rule.failureThreshold ? opened(after, at, error) : after;
}

function opened(state: BreakerState, at: AtMs, error: BreakerState["lastError"]): BreakerState {
  return { ...state, mode: "open", openedAt: at, successes: 0, ...(error === undefined ? {} : { lastError: error }) };
}
