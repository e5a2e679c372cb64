/** The names of error types a retry policy may list; the execution room's `ERROR_TYPES` are the same. */
export const ERROR_TYPE_NAMES: readonly string[] = [
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
];
