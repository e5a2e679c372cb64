import fc from "fast-check";
import { expect, test } from "vitest";
import { retryRuleOf } from "@shared/execution/policy";
import { LONGEST_RETRY_AFTER, mayRetry, retryDelay } from "@shared/execution/retry";
import type { RetryRule } from "@shared/execution/node";
import { step } from "./build";

const rule = (policy: object): RetryRule => retryRuleOf(step("a", { retry_policy: policy as never })) as RetryRule;
const error = (type: string, retryAfterMs?: number) => ({ type, message: "", retryAfterMs }) as never;

test("nothing is attempted again unless something asks for it", () => {
  expect(retryRuleOf(step("a"))).toBeUndefined();
  expect(retryRuleOf(step("a", { error_handling: { on_failure: "fail" } }))).toBeUndefined();
});

test("the defaults are three attempts, one second, doubled up to thirty, with full jitter", () => {
  const defaults = { maxAttempts: 3, initialDelayMs: 1000, maxDelayMs: 30_000, multiplier: 2, jitter: true };
  expect(rule({})).toMatchObject(defaults);
  expect(retryRuleOf(step("a", { error_handling: { on_failure: "retry_with_backoff" } }))).toMatchObject(defaults);
});

test("names that count retries make one attempt more", () => {
  expect(rule({ max_retries: 2 }).maxAttempts).toBe(3);
  expect(retryRuleOf(step("a", { error_handling: { max_retries: 0 } }))?.maxAttempts).toBe(1);
  expect(retryRuleOf(step("a", { config: { max_retry_attempts: 4 } }))?.maxAttempts).toBe(5);
});

test("a bare delay is a fixed interval", () => {
  const fixed = rule({ max_attempts: 10, delay_ms: 5000 });
  expect([1, 5, 9].map((attempt) => retryDelay(fixed, attempt, error("timeout"), "s", "a"))).toEqual([
    5000, 5000, 5000,
  ]);
});

test("only errors that may pass are retried, and a list of never wins", () => {
  const some = rule({
    max_attempts: 3,
    retryable_errors: ["timeout", "bad_request"],
    non_retryable_errors: ["bad_request"],
  });
  expect(mayRetry(some, 1, error("timeout"))).toBe(true);
  expect(mayRetry(some, 1, error("bad_request"))).toBe(false);
  expect(mayRetry(some, 1, error("server_error"))).toBe(false);
  expect(mayRetry(some, 3, error("timeout"))).toBe(false);
  expect(mayRetry(rule({ retryable_errors: ["circuit_open"] }), 1, error("circuit_open"))).toBe(false);
});

test("a delay is between nothing and the exponential one, and always the same for the same seed", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 20 }), (seed, attempt) => {
      const delay = retryDelay(rule({}), attempt, error("timeout"), seed, "a/1/b");
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(Math.min(30_000, 1000 * 2 ** (attempt - 1)));
      expect(retryDelay(rule({}), attempt, error("timeout"), seed, "a/1/b")).toBe(delay);
    }),
  );
});

test("a server's wish replaces a shorter delay, up to an hour", () => {
  const short = rule({ initial_delay_ms: 10, jitter: false });
  expect(retryDelay(short, 1, error("rate_limited", 7000), "s", "a")).toBe(7000);
  expect(retryDelay(short, 1, error("rate_limited", 5), "s", "a")).toBe(10);
  expect(retryDelay(short, 1, error("rate_limited", 1e9), "s", "a")).toBe(LONGEST_RETRY_AFTER);
});
