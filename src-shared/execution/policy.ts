import type { Json, JsonObject } from "../base/json";
import { isJsonObject } from "../base/json";
import type { Bytes, Ms } from "../base/units";
import type { Component } from "../workflow/workflow";
import type { BreakerRule } from "./breaker";
import type { RetryRule } from "./node";

const SECOND: Ms = 1000;
const MEBIBYTE: Bytes = 1024 * 1024;

/** The errors a network may get over by itself. */
export const RETRYABLE_BY_DEFAULT: readonly string[] = ["timeout", "connection_error", "server_error", "rate_limited"];

const RETRY_COUNTS = ["max_retries", "retry_attempts", "max_retry_attempts"] as const;

/**
 * When attempts of `component` are made again; undefined when nothing asks for it.
 *
 * Reads the canonical place and the guide's other ones: `retry_policy` wins over `error_handling`, that over `config`.
 */
export function retryRuleOf(component: Component): RetryRule | undefined {
  const policy = objectOf(component.retry_policy);
  const handling = objectOf(component.error_handling);
  const config = objectOf(component.config);
  const attempts = attemptsOf(policy) ?? attemptsOf(handling) ?? attemptsOf(config);
  const asked =
    component.retry_policy !== undefined || attempts !== undefined || handling.on_failure === "retry_with_backoff";
  if (!asked) return undefined;
  const fixed = numberOf(policy.delay_ms);
  const seconds = numberOf(config.retry_delay);
  const initial = numberOf(policy.initial_delay_ms) ?? fixed ?? (seconds === undefined ? 1000 : seconds * SECOND);
  const isFixed = fixed !== undefined && policy.initial_delay_ms === undefined;
  return {
    maxAttempts: Math.max(1, Math.floor(attempts ?? 3)),
    initialDelayMs: initial,
    maxDelayMs: Math.max(numberOf(policy.max_delay_ms) ?? 30_000, isFixed ? initial : 0),
    multiplier: numberOf(policy.backoff_multiplier) ?? (isFixed ? 1 : 2),
    jitter: typeof policy.jitter === "boolean" ? policy.jitter : !isFixed,
    retryable: namesOf(policy.retryable_errors) ?? RETRYABLE_BY_DEFAULT,
    never: namesOf(policy.non_retryable_errors) ?? [],
  };
}

/** The circuit breaker in front of `component`; undefined when it has none. The defaults are those its descriptor tells. */
export function breakerRuleOf(component: Component): BreakerRule | undefined {
  const asked = component.circuit_breaker;
  if (!isJsonObject(asked)) return undefined;
  const { key } = asked;
  return {
    failureThreshold: Math.max(1, numberOf(asked.failure_threshold) ?? 5),
    recoveryMs: (numberOf(asked.recovery_timeout) ?? 60) * SECOND,
    halfOpenCalls: Math.max(1, numberOf(asked.half_open_max_calls) ?? 3),
    minimumRequests: Math.max(1, numberOf(asked.minimum_request_threshold) ?? 10),
    windowMs: (numberOf(asked.window_seconds) || 60) * SECOND,
    ...(typeof key === "string" && key !== "" ? { key } : {}),
  };
}

/** Whether `component` may answer from the cache or keep what it gives; an expression for `cache_result` is judged when it runs. */
export function mayCache({ type, config }: Component): boolean {
  if (type === "cache_lookup") return true;
  const asked = config?.cache_result;
  return asked !== undefined && asked !== false;
}

/** The name of what happens when attempts are used up: a strategy or a component's id. */
export function lastResortName(component: Component): string {
  const handling = component.error_handling;
  const name = handling?.fallback_action ?? handling?.on_failure ?? "fail";
  return name === "retry_with_backoff" ? "fail" : name;
}

/**
 * The limits a component's file sets, apart from what its evaluated config says.
 *
 * What runs members is not made again as a whole: its `config.timeout` limits it with all that they do.
 */
export function limitsOf(
  component: Component,
  runsMembers: boolean,
): { timeoutMs?: Ms; attemptTimeoutMs?: Ms; memoryBytes?: Bytes } {
  const whole = numberOf(component.resource_limits?.timeout_seconds as Json | undefined);
  const handling = numberOf(component.error_handling?.timeout as Json | undefined);
  const own = runsMembers ? smaller(handling, numberOf(component.config?.timeout)) : undefined;
  const all = smaller(whole, own);
  const one = runsMembers ? undefined : handling;
  const memory = numberOf(component.resource_limits?.memory_mb as Json | undefined);
  return {
    ...(all === undefined ? {} : { timeoutMs: all * SECOND }),
    ...(one === undefined ? {} : { attemptTimeoutMs: one * SECOND }),
    ...(memory === undefined ? {} : { memoryBytes: memory * MEBIBYTE }),
  };
}

function smaller(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function attemptsOf(policy: JsonObject): number | undefined {
  const most = numberOf(policy.max_attempts);
  if (most !== undefined) return most;
  for (const key of RETRY_COUNTS) {
    const retries = numberOf(policy[key]);
    if (retries !== undefined) return retries + 1;
  }
  return undefined;
}

function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function namesOf(value: Json | undefined): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((name): name is string => typeof name === "string") : undefined;
}
