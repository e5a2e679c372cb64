import type { ComponentPath } from "../base/ids";
import type { AttemptRecord } from "../execution/state";
import type { ComponentError } from "../execution/error";
import { namesAt } from "../execution/scope";
import { SCOPE_NAMES } from "../workflow/shape";
import type { Plan } from "../execution/plan";
import { componentAt } from "../execution/read";
import type { ExecutionState } from "../execution/state";
import type { Value } from "../execution/value";

/** The values of one component at a moment, by reference. */
export interface ValuesAt {
  readonly input?: Value;
  readonly config?: Value;
  readonly output?: Value;
  readonly error?: ComponentError;
  readonly attempts: readonly AttemptRecord[];
  /** What it sees of other components: their outputs, or why there is none. */
  readonly outputs: readonly { readonly id: string; readonly output?: Value; readonly status: string }[];
  /** Everything else in scope: parameters, input_data, item, execution … */
  readonly scope: readonly { readonly name: string; readonly value: Value }[];
}

/** The values at `path`; undefined when its frame was not open at that moment. */
export function valuesAt(plan: Plan, state: ExecutionState, path: ComponentPath): ValuesAt | undefined {
  const placed = componentAt(plan, state, path);
  if (placed === undefined) return undefined;
  const { input, config, output, error, attempts } = placed.state;
  const names = namesAt(plan, state, path);
  const others = Object.entries(names).filter(([name]) => plan.byId.has(name) && name !== placed.node.id);
  const general = new Set<string>(SCOPE_NAMES);
  return {
    ...(input === undefined ? {} : { input }),
    ...(config === undefined ? {} : { config }),
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error }),
    attempts,
    outputs: others.flatMap(([id, value]) => {
      const fields = value.kind === "object" ? value.fields : {};
      const status = fields.status?.kind === "inline" ? String(fields.status.json) : "pending";
      if (status === "pending") return [];
      return [
        { id, status, ...(status === "completed" && fields.output !== undefined ? { output: fields.output } : {}) },
      ];
    }),
    scope: Object.entries(names).flatMap(([name, value]) =>
      general.has(name) && name !== "components" && name !== "input" && name !== "secrets" ? [{ name, value }] : [],
    ),
  };
}
