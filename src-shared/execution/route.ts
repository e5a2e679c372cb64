import type { ComponentPath } from "../base/ids";
import type { PlanNode } from "./node";
import type { Plan } from "./plan";

/** One step inwards: into branch number `at`, or round number `at`, of `owner`. */
export interface RouteStep {
  readonly owner: PlanNode;
  readonly at: number;
  /** The scope whose frame this step enters. */
  readonly scope: number;
}

/** Where a path leads, by the plan alone. */
export interface Route {
  readonly steps: readonly RouteStep[];
  /** Absent when the path ends at a frame: a branch, a round, or the root for an empty path. May be a step of undoing. */
  readonly node?: PlanNode;
}

/** Reads `path`; undefined when the plan has no such place. */
export function routeOf(plan: Plan, path: ComponentPath): Route | undefined {
  if (path === "") return { steps: [] };
  // Nearly every path of a flat workflow: no allocation beyond the answer.
  const plain = plan.byId.get(path);
  if (plain !== undefined) return plain.scope === 0 ? { steps: [], node: plain } : undefined;
  const steps: RouteStep[] = [];
  let scope = 0;
  let owner: PlanNode | undefined;
  for (const segment of path.split("/")) {
    if (owner === undefined) {
      owner = plan.byId.get(segment) ?? plan.undo.nodes.get(segment);
      if (owner?.scope !== scope) return undefined;
      continue;
    }
    const step = stepInto(plan, owner, segment);
    if (step === undefined) return undefined;
    steps.push(step);
    scope = step.scope;
    owner = undefined;
  }
  return owner === undefined ? { steps } : { steps, node: owner };
}

/** The path of a frame entered from the component at `ownerPath`. */
export function framePath(plan: Plan, ownerPath: ComponentPath, owner: PlanNode, at: number): ComponentPath {
  return `${ownerPath}/${owner.kind === "loop" ? at : (plan.scopes[owner.owns[at] as number]?.id ?? at)}`;
}

/** The path of `node` in the frame at `frame`. */
export function memberPath(frame: ComponentPath, id: string): ComponentPath {
  return frame === "" ? id : `${frame}/${id}`;
}

function stepInto(plan: Plan, owner: PlanNode, segment: string): RouteStep | undefined {
  if (owner.kind === "loop") {
    const scope = owner.owns[0];
    return scope !== undefined && /^\d+$/.test(segment) ? { owner, at: Number(segment), scope } : undefined;
  }
  const at = owner.owns.findIndex((scope) => plan.scopes[scope]?.id === segment);
  const scope = owner.owns[at];
  return scope === undefined ? undefined : { owner, at, scope };
}
