import { fail, ok, type Result } from "../base/result";
import type { Component, Workflow } from "../workflow/workflow";
import { cycleIn, edgesOf } from "./edges";
import { membersOf } from "./members";
import type { LastResort, NodeKind, PlanEdge, PlanNode, PlanScope } from "./node";
import { lastResortName, limitsOf, retryRuleOf } from "./policy";

/** A workflow made ready to run: everything indexed once, aliases resolved, order made explicit. */
export interface Plan {
  readonly workflow: Workflow;
  readonly nodes: readonly PlanNode[];
  readonly edges: readonly PlanEdge[];
  /** The root is the first. */
  readonly scopes: readonly PlanScope[];
  readonly byId: ReadonlyMap<string, PlanNode>;
}

/** Why a workflow cannot be run. `check` finds the same with places and repairs. */
export interface PlanProblem {
  readonly rule:
    | "duplicate-id"
    | "not-a-component"
    | "unknown-component"
    | "owned-twice"
    | "ownership-cycle"
    | "dangling-connection"
    | "ownership-border"
    | "cycle";
  readonly component?: string;
  readonly message: string;
}

/** What the plan needs to know about component types. */
export interface PlanTypes {
  /** The type an alias stands for; a name nobody knows stays as it is. */
  readonly typeOf: (type: string) => string;
  readonly isPure: (type: string) => boolean;
}

const KINDS: { readonly [type: string]: NodeKind | undefined } = {
  parallel: "parallel",
  loop: "loop",
  workflow_call: "call",
};

/** Compiles `workflow`. Never throws for what a file may say; the problems say why it cannot run. */
export function compilePlan(workflow: Workflow, types: PlanTypes): Result<Plan, readonly PlanProblem[]> {
  const { components, scopes: sketches, problems: found } = membersOf(workflow, types.typeOf);
  const problems: PlanProblem[] = [...found];
  const ids: string[] = [];
  const numbers = new Map<string, number>();
  const scopeNumbers: number[] = [];
  const positions: number[] = [];
  for (const [scope, sketch] of sketches.entries()) {
    for (const [position, id] of sketch.members.entries()) {
      if (numbers.has(id)) continue;
      numbers.set(id, ids.length);
      ids.push(id);
      scopeNumbers.push(scope);
      positions.push(position);
    }
  }
  const numberOf = (id: string): number => numbers.get(id) as number;
  const componentOf = (node: number): Component => components.get(ids[node] as string) as Component;
  const numbered = sketches.map((sketch) => ({ ...sketch, members: sketch.members.map(numberOf) }));

  const { edges, problems: edgeProblems } = edgesOf({
    workflow,
    scopes: numbered,
    idOf: (node) => ids[node] as string,
    numberOf: (id) => numbers.get(id),
    scopeOf: (node) => scopeNumbers[node] as number,
    handlerOf: (node) => numbers.get(lastResortName(componentOf(node))),
  });
  problems.push(...edgeProblems);
  const incoming: number[][] = ids.map(() => []);
  const outgoing: number[][] = ids.map(() => []);
  for (const edge of edges) {
    incoming[edge.target]?.push(edge.index);
    outgoing[edge.source]?.push(edge.index);
  }
  for (const { members } of numbered) {
    const cycle = cycleIn(members, edges, outgoing).map((node) => ids[node] as string);
    if (cycle.length > 0) {
      const message = `${cycle.join(", ")} wait for each other.`;
      problems.push({ rule: "cycle", ...(cycle[0] === undefined ? {} : { component: cycle[0] }), message });
    }
  }
  if (problems.length > 0) return fail(problems);

  const owns: number[][] = ids.map(() => []);
  for (const [index, sketch] of sketches.entries()) {
    if (sketch.owner !== undefined) owns[numberOf(sketch.owner)]?.push(index);
  }
  const nodes = ids.map((id, number): PlanNode => {
    const component = componentOf(number);
    const type = types.typeOf(component.type);
    const out = outgoing[number] as number[];
    return {
      number,
      id,
      type,
      kind: KINDS[type] ?? "step",
      component,
      scope: scopeNumbers[number] as number,
      position: positions[number] as number,
      incoming: incoming[number] as number[],
      outgoing: out,
      judged: out.filter((edge) => (edges[edge] as PlanEdge).condition !== undefined),
      owns: owns[number] as number[],
      disabled: component.disabled === true,
      pure: types.isPure(type),
      waits: waitsOf(component, type),
      ...defined("retry", retryRuleOf(component)),
      lastResort: lastResortOf(lastResortName(component), numbers),
      takenByError: out.some((edge) => edges[edge]?.type === "error" && edges[edge]?.listed !== undefined),
      ...limitsOf(component),
    };
  });
  const scopes = numbered.map((scope, index): PlanScope => ({
    index,
    kind: scope.kind,
    ...(scope.owner === undefined ? {} : { owner: numberOf(scope.owner) }),
    ...defined("id", scope.id),
    members: scope.members,
    entries: scope.members.filter((node) => incoming[node]?.length === 0),
  }));
  return ok({ workflow, nodes, edges, scopes, byId: new Map(nodes.map((node) => [node.id, node])) });
}

function waitsOf(component: Component, type: string): PlanNode["waits"] {
  const mode = type === "merge" ? component.config?.mode : undefined;
  return mode === "any" || mode === "first" ? mode : "all";
}

function lastResortOf(name: string, numbers: ReadonlyMap<string, number>): LastResort {
  const node = numbers.get(name);
  if (node !== undefined) return { kind: "component", node };
  if (name === "continue_to_fallback" || name === "log_and_continue") return { kind: "continue" };
  return name === "use_cached_data" ? { kind: "cached" } : { kind: "fail" };
}

function defined<K extends string, T>(key: K, value: T | undefined): { readonly [key in K]?: T } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [key in K]?: T };
}
