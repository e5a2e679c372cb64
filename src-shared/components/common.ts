import type { ConfigKeySchema } from "./descriptor";
import { anything, choice, either, fields, flag, integer, list, number, text } from "./keys";
import { ERROR_TYPES } from "./error-types";

const errorTypes = { type: "string", enum: ERROR_TYPES };

/** Config keys of types whose answers may be kept for later calls. */
export const cacheKeys: { readonly [key: string]: ConfigKeySchema } = {
  cache_result: flag("Cache result", "Answers from the cache when it can, and stores what it fetched.", {
    default: false,
    "x-tab": "cache",
  }),
  cache_key: text(
    "Cache key",
    "The name the answer is stored under; without it a hash of workflow, component and config.",
    { "x-tab": "cache" },
  ),
  cache_ttl: number("Keep for", "Seconds a stored answer is used.", {
    default: 300,
    exclusiveMinimum: 0,
    "x-tab": "cache",
  }),
  cache_scope: choice(
    "Cache scope",
    "Who shares the stored answer: this workflow, or all of the workspace.",
    ["workflow", "workspace"],
    {
      "x-tab": "cache",
    },
  ),
};

/** The names of config or answer fields that are hidden on screens, in logs and in exports. */
export const sensitiveFields: ConfigKeySchema = list(
  "Sensitive fields",
  "Names of headers and fields, sent or received, whose values are shown as [REDACTED].",
  { type: "string" },
  { default: [] },
);

/** The seconds one attempt may take. */
export const timeoutKey: ConfigKeySchema = number("Timeout", "Seconds one attempt may take.", {
  default: 30,
  exclusiveMinimum: 0,
});

/**
 * Keys that a component of any type may have beside `id`, `type` and `config`, with the inspector's tab in `x-tab`.
 *
 * As in `config`, a text holding `{{ }}` may stand for a value of any type.
 */
export const commonKeys: { readonly [key: string]: ConfigKeySchema } = {
  name: text("Name", "What the component is called on the canvas.", { "x-tab": "notes" }),
  description: text("Description", "What the component is for.", { "x-field": "text", "x-tab": "notes" }),
  notes: text("Notes", "Anything a colleague should know.", { "x-field": "text", "x-tab": "notes" }),
  condition: either(
    "Run only if",
    "A condition; where it is false the component is skipped.",
    [{ type: "string" }, { type: "boolean" }],
    { "x-field": "expression", "x-tab": "run" },
  ),
  disabled: flag("Disabled", "Passes its input through without running.", { default: false, "x-tab": "run" }),
  error_handling: fields(
    "When it fails",
    "What happens when all attempts are used up.",
    {
      on_failure: text(
        "On failure",
        "`fail`, `retry_with_backoff`, `continue_to_fallback`, `log_and_continue`, `use_cached_data`, or the id of a component to run instead.",
        {
          default: "fail",
          examples: ["fail", "retry_with_backoff", "continue_to_fallback", "log_and_continue", "use_cached_data"],
        },
      ),
      fallback_action: text(
        "Fallback action",
        "The last resort after the retries of `retry_with_backoff`; the same choices.",
      ),
      cache_key: text(
        "Cached data of",
        "With `use_cached_data`: the cache key to read instead of the last good output.",
      ),
      timeout: number("Timeout", "Alias of `config.timeout`, in seconds; the smaller wins.", {
        exclusiveMinimum: 0,
        "x-alias": true,
      }),
      max_retries: integer("Retries", "Alias: one less than `retry_policy.max_attempts`.", {
        minimum: 0,
        "x-alias": true,
      }),
    },
    { "x-tab": "errors" },
  ),
  retry_policy: fields(
    "Retries",
    "Makes failed attempts again, with growing pauses.",
    {
      max_attempts: integer("Attempts", "Attempts in all, the first one included.", { default: 3, minimum: 1 }),
      initial_delay_ms: number("First pause", "Milliseconds before the second attempt.", { default: 1000, minimum: 0 }),
      max_delay_ms: number("Longest pause", "Milliseconds no pause exceeds.", { default: 30000, minimum: 0 }),
      backoff_multiplier: number("Growth", "Each pause is this many times the one before.", { default: 2, minimum: 1 }),
      jitter: flag("Jitter", "Draws each pause at random between nothing and its length.", { default: true }),
      retryable_errors: list("Retry on", "The error types that are tried again.", errorTypes, {
        default: ["timeout", "connection_error", "server_error", "rate_limited"],
      }),
      non_retryable_errors: list(
        "Never retry on",
        "Error types that are not tried again; this list wins.",
        errorTypes,
        {
          default: [],
        },
      ),
    },
    { "x-tab": "errors" },
  ),
  circuit_breaker: fields(
    "Circuit breaker",
    "Stops calling a system that keeps failing, for all executions of the workspace.",
    {
      failure_threshold: integer("Opens after", "Failed attempts in the window that open it.", {
        default: 5,
        minimum: 1,
      }),
      recovery_timeout: number("Rests for", "Seconds it stays open before a trial.", { default: 60, minimum: 0 }),
      half_open_max_calls: integer("Trials", "Successes in a row that close it again.", { default: 3, minimum: 1 }),
      minimum_request_threshold: integer("Minimum calls", "Attempts in the window below which it never opens.", {
        default: 10,
        minimum: 1,
      }),
      window_seconds: number("Window", "Seconds that are counted.", { default: 60, exclusiveMinimum: 0 }),
      key: text("Shared as", "Components with the same key share one breaker."),
    },
    { "x-tab": "errors" },
  ),
  resource_limits: fields(
    "Limits",
    "What the component may use.",
    {
      cpu_cores: number("Cores", "Weight of its share of the processor.", { exclusiveMinimum: 0 }),
      memory_mb: number("Memory", "Megabytes; beyond them it fails with `resource_limit_exceeded`.", {
        exclusiveMinimum: 0,
      }),
      timeout_seconds: number("Time in all", "Seconds for all attempts and the pauses between them.", {
        exclusiveMinimum: 0,
      }),
    },
    { "x-tab": "limits" },
  ),
  optimization: {
    ...fields(
      "Optimization",
      "Hints to the engine.",
      {
        enable_compression: flag("Compression", "Asks servers for compressed answers.", { default: true }),
        connection_pooling: flag("Connection pooling", "Keeps connections open between calls.", { default: true }),
        batch_processing: flag("Batches", "Handles records in batches.", { default: true }),
        cache_scope: choice(
          "Cache scope",
          "Who shares cached answers, where `config.cache_scope` says nothing.",
          ["workflow", "workspace"],
          {
            default: "workflow",
          },
        ),
      },
      { "x-tab": "limits" },
    ),
    additionalProperties: true,
  },
  position: anything("Position", "Where the card lies on the canvas.", {
    type: "object",
    properties: { x: { type: "number" }, y: { type: "number" } },
    "x-tab": "hidden",
  }),
};
