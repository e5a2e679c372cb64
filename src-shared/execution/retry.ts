import type { ComponentPath } from "../base/ids";
import type { Ms } from "../base/units";
import type { ComponentError } from "./error";
import type { RetryRule } from "./node";
import { randomStream } from "./random";

/** The longest a server may ask to wait. */
export const LONGEST_RETRY_AFTER: Ms = 3_600_000;

/** Whether `rule` lets a component try again after `attempt` (counted from 1) failed with `error`. */
export function mayRetry(rule: RetryRule | undefined, attempt: number, error: ComponentError): rule is RetryRule {
  if (rule === undefined || attempt >= rule.maxAttempts) return false;
  // An open breaker and a stop say that trying at once is pointless, whatever the lists say.
  if (error.type === "circuit_open" || error.type === "cancelled") return false;
  return rule.retryable.includes(error.type) && !rule.never.includes(error.type);
}

/** How long to wait after `attempt` (counted from 1) failed: exponential, full jitter from the execution's seed. */
export function retryDelay(
  rule: RetryRule,
  attempt: number,
  error: ComponentError,
  seed: string,
  path: ComponentPath,
): Ms {
  const full = Math.min(rule.maxDelayMs, rule.initialDelayMs * rule.multiplier ** (attempt - 1));
  const delay = rule.jitter ? Math.floor(randomStream(`${seed}/${path}/retry/${attempt}`)() * full) : Math.floor(full);
  return Math.max(delay, Math.min(error.retryAfterMs ?? 0, LONGEST_RETRY_AFTER));
}
