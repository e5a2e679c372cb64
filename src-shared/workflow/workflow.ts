import type { Json, JsonObject } from "../base/json";

/** A workflow as its file says it: the guide's snake_case keys, unknown keys kept. See docs/definition.md. */
export interface Workflow {
  readonly apg?: number;
  readonly id: string;
  readonly name?: string;
  readonly version?: string;
  readonly purpose?: string;
  readonly description?: string;
  readonly category?: string;
  readonly tags?: readonly string[];
  readonly metadata?: JsonObject;
  /** Parameter name to JSON Schema (draft 2020-12) plus `sensitive` and `required`. */
  readonly parameters?: { readonly [name: string]: ParameterSchema };
  readonly triggers?: readonly JsonObject[];
  readonly components: readonly Component[];
  /** Absent: the unowned components run in the order listed. Empty: none are connected. */
  readonly connections?: readonly Connection[];
  readonly outputs?: Json;
  readonly error_recovery?: JsonObject;
  readonly compensation?: JsonObject;
  readonly privacy?: JsonObject;
  readonly permissions?: JsonObject;
  /** `timeout_seconds`: how long an execution may take. */
  readonly resource_limits?: ResourceLimits;
  /** How many executions run at once, and what becomes of further ones. */
  readonly concurrency?: JsonObject;
  readonly execution_context?: JsonObject;
  readonly [key: string]: unknown;
}

/** One parameter: a JSON Schema; required unless it has a default or says `required: false`. */
export interface ParameterSchema extends JsonObject {
  readonly type?: string | readonly string[];
  readonly default?: Json;
  readonly sensitive?: boolean;
}

/** One step of a workflow. */
export interface Component {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly description?: string;
  readonly config?: JsonObject;
  /** A CEL condition, with or without braces; false means skipped. */
  readonly condition?: string | boolean;
  readonly error_handling?: ErrorHandling;
  readonly retry_policy?: RetryPolicy;
  readonly circuit_breaker?: JsonObject;
  readonly resource_limits?: ResourceLimits;
  readonly optimization?: JsonObject;
  readonly position?: { readonly x: number; readonly y: number };
  readonly notes?: string;
  /** Passes its input through. */
  readonly disabled?: boolean;
  readonly [key: string]: unknown;
}

/** What happens when a component's attempts are used up. */
export interface ErrorHandling {
  readonly on_failure?: string;
  readonly fallback_action?: string;
  readonly timeout?: number;
  readonly max_retries?: number;
  readonly [key: string]: unknown;
}

/** When and how often an attempt is made again. Delays are in milliseconds. */
export interface RetryPolicy {
  readonly max_attempts?: number;
  readonly initial_delay_ms?: number;
  readonly max_delay_ms?: number;
  readonly backoff_multiplier?: number;
  readonly jitter?: boolean;
  readonly retryable_errors?: readonly string[];
  readonly non_retryable_errors?: readonly string[];
  readonly [key: string]: unknown;
}

/** Limits over all attempts of one component; `timeout_seconds` includes waiting between attempts. */
export interface ResourceLimits {
  readonly cpu_cores?: number;
  readonly memory_mb?: number;
  readonly timeout_seconds?: number;
  readonly [key: string]: unknown;
}

/** The kinds of connection; `success` unless said otherwise. */
export type ConnectionType = "success" | "error" | "conditional";

/** An edge between two components of the same owner. */
export interface Connection {
  readonly source: string;
  readonly target: string;
  readonly type?: ConnectionType;
  readonly condition?: string | boolean;
  /** The id of a `decision` or `switch` case that makes this connection active. */
  readonly case?: string;
  readonly label?: string;
  readonly [key: string]: unknown;
}

/** Keys and list positions from a document's root to a node. */
export type Path = readonly (string | number)[];
