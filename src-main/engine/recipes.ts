import { fail, ok } from "@shared/base/result";
import type { Result } from "@shared/base/result";
import { compilePlan } from "@shared/execution/plan";
import type { Plan } from "@shared/execution/plan";
import type { Workflow } from "@shared/workflow/workflow";
import type { EngineProblem } from "./engine";

/** A workflow made ready: its plan, and its JSON text for the journal and for workers. */
export interface Recipe {
  readonly plan: Plan;
  readonly definition: string;
}

const made = new WeakMap<Workflow, Recipe>();

/** The recipe of `workflow`; made once for the same object. */
export function recipeOf(workflow: Workflow): Result<Recipe, EngineProblem> {
  const known = made.get(workflow);
  if (known !== undefined) return ok(known);
  const plan = compilePlan(workflow);
  if (!plan.ok) {
    const problems = plan.problem.map(({ message, component }) => ({
      message,
      ...(component === undefined ? {} : { component }),
    }));
    return fail({ kind: "invalid-workflow", message: problems[0]?.message ?? "The workflow cannot be run.", problems });
  }
  const recipe = { plan: plan.value, definition: JSON.stringify(workflow) };
  made.set(workflow, recipe);
  return ok(recipe);
}
