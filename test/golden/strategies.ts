import type { ErrorType } from "@shared/execution/error";
import type { Component, Connection } from "@shared/workflow/workflow";
import type { MemoryRun } from "./memory-driver";

/** What a workflow says about a failure of its first component, `a`; `b` follows it, `h` is there for handling. */
export interface Strategy {
  readonly name: string;
  readonly a: (type: ErrorType) => Partial<Component>;
  readonly connections?: readonly Connection[];
}

const SOON = { initial_delay_ms: 10 };
const handled = (type: Connection["type"], more: object = {}): readonly Connection[] => [
  { source: "a", target: "b" },
  { source: "a", target: "h", ...(type === undefined ? {} : { type }), ...more },
];

/** All there is to say of a failure. */
export const STRATEGIES: readonly Strategy[] = [
  { name: "nothing said", a: () => ({}) },
  { name: "on_failure: fail", a: () => ({ error_handling: { on_failure: "fail" } }) },
  { name: "on_failure: log_and_continue", a: () => ({ error_handling: { on_failure: "log_and_continue" } }) },
  { name: "on_failure: continue_to_fallback", a: () => ({ error_handling: { on_failure: "continue_to_fallback" } }) },
  { name: "on_failure: use_cached_data", a: () => ({ error_handling: { on_failure: "use_cached_data" } }) },
  { name: "on_failure: retry_with_backoff", a: () => ({ error_handling: { on_failure: "retry_with_backoff" } }) },
  {
    name: "retry_with_backoff, then log_and_continue",
    a: () => ({ error_handling: { on_failure: "retry_with_backoff", fallback_action: "log_and_continue" } }),
  },
  { name: "fallback_action: h", a: () => ({ error_handling: { fallback_action: "h" } }) },
  { name: "retried by name", a: (type) => ({ retry_policy: { max_attempts: 2, ...SOON, retryable_errors: [type] } }) },
  {
    name: "not retried by name",
    a: (type) => ({ retry_policy: { max_attempts: 3, ...SOON, non_retryable_errors: [type] } }),
  },
  { name: "an error connection", a: () => ({}), connections: handled("error") },
  {
    name: "an error connection and log_and_continue",
    a: () => ({ error_handling: { on_failure: "log_and_continue" } }),
    connections: handled("error"),
  },
  {
    name: "a condition on the type",
    a: () => ({ error_handling: { on_failure: "log_and_continue" } }),
    connections: handled("conditional", { condition: "a.failed && a.error.type == 'timeout'" }),
  },
];

/** `a` fails with `type` each time it is attempted, `b` and `h` complete. */
export function strategyRun({ name, a, connections }: Strategy, type: ErrorType): MemoryRun {
  const step = (id: string, more: Partial<Component> = {}): Component => ({
    id,
    type: "http_request",
    config: {},
    ...more,
  });
  return {
    definition: {
      id: "strategies",
      components: [step("a", a(type)), step("b"), step("h")],
      ...(connections === undefined ? {} : { connections }),
    },
    script: ({ path }) =>
      path === "a" ? { kind: "failed", error: { type, message: name } } : { kind: "completed", output: path },
  };
}
