import type { ComponentPath, ExecutionId } from "../base/ids";

/** The idempotency key of a component: the same over attempts and restarts, different in every round. */
export function idempotencyKey(execution: ExecutionId, path: ComponentPath): string {
  return `${execution}/${path}`;
}
