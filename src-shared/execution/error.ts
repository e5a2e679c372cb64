import type { ErrorType } from "../components/error-types";

export { ERROR_TYPES, type ErrorType } from "../components/error-types";

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
  /** It is certain that nothing was sent: the other side cannot have acted. */
  readonly unsent?: true;
}
