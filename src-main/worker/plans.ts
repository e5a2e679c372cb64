import { Bug } from "@shared/base/bug";
import { compilePlan } from "@shared/execution/plan";
import type { Plan } from "@shared/execution/plan";
import type { Workflow } from "@shared/workflow/workflow";

const KEPT = 50;
const plans = new Map<string, Plan>();

/** The plan of a workflow given as JSON text; compiled once a thread. The host has compiled the same before, so it has no problems. */
export function planFor(definition: string): Plan {
  const known = plans.get(definition);
  if (known !== undefined) return known;
  const compiled = compilePlan(JSON.parse(definition) as Workflow);
  if (!compiled.ok) throw new Bug(`a workflow that runs has no plan: ${compiled.problem[0]?.message}`);
  if (plans.size >= KEPT) plans.delete(plans.keys().next().value as string);
  plans.set(definition, compiled.value);
  return compiled.value;
}
