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
