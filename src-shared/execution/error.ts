/** The kinds of failure the guide and the studio tell apart. */
export const ERROR_TYPES = [
  "timeout",
  "connection_error",
  "server_error",
  "rate_limited",
  "authentication_error",
  "authorization_error",
  "bad_request",
  "not_found",
  "validation_error",
  "expression_error",
  "resource_limit_exceeded",
  "circuit_open",
  "cancelled",
  "component_error",
] as const;

export type ErrorType = (typeof ERROR_TYPES)[number];

/** Why a component failed: what happened and where, in words for a user. Never a stack trace. */
export interface ComponentError {
  readonly type: ErrorType;
  readonly message: string;
  /** The path of the component that failed first. */
  readonly component?: string;
  /** The key or line concerned, e.g. `config.url` or `source:3:7`. */
  readonly place?: string;
  /** A server asked to wait this long before the next attempt. */
  readonly retryAfterMs?: number;
}
