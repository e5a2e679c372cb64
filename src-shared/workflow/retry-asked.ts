import type { Component } from "./workflow";

/** Whether anything asks for another attempt of `component`, which has its aliases read already. */
export function retryAsked(component: Component): boolean {
  const { retry_policy: policy, error_handling: handling } = component;
  if (handling?.on_failure === "retry_with_backoff") return true;
  return policy !== undefined && (policy.max_attempts ?? 3) > 1;
}
