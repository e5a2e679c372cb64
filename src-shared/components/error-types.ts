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

/** The type of error an HTTP status of 400 or more stands for. */
export function typeOfStatus(status: number): ErrorType {
  switch (status) {
    case 401:
      return "authentication_error";
    case 403:
      return "authorization_error";
    case 404:
      return "not_found";
    case 408:
      return "timeout";
    case 422:
      return "validation_error";
    case 429:
      return "rate_limited";
    default:
      return status >= 500 ? "server_error" : "bad_request";
  }
}
