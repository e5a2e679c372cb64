import { durationOf } from "../base/duration";
import { isJsonObject, type Json, type JsonObject } from "../base/json";
import { fail, ok, type Result } from "../base/result";
import type { Ms } from "../base/units";
import { isPure } from "../components/pure";
import { canonical } from "../workflow/canonical";
import {
  type Graph,
  type GraphConnection,
  type GraphNode,
  graphOf,
  type GraphProblem,
  type GraphScope,
} from "../workflow/graph";
import type { Component, Workflow } from "../workflow/workflow";
import type { LastResort, NodeKind, PlanEdge, PlanNode, PlanScope } from "./node";
import { undoPlanOf, type UndoPlan } from "./undo-plan";
import { breakerRuleOf, lastResortName, limitsOf, mayCache, retryRuleOf } from "./policy";

/** A workflow made ready to run: everything indexed once, aliases resolved, order made explicit. */
export interface Plan {
  /** As given; what runs is in the nodes. */
  readonly workflow: Workflow;
  readonly nodes: readonly PlanNode[];
  /** Numbered as the workflow's graph numbers its connections. */
  readonly edges: readonly PlanEdge[];
  /** The root is the first. */
  readonly scopes: readonly PlanScope[];
  readonly byId: ReadonlyMap<string, PlanNode>;
  /** Whether any component reads or writes cached values. */
  readonly caches: boolean;
  /** How long an execution may take: `resource_limits.timeout_seconds` of the workflow. */
  readonly timeoutMs?: Ms;
  readonly undo: UndoPlan;
}

/** Why a workflow cannot be run. `check` finds the same with places and repairs. */
export interface PlanProblem {
  readonly rule: GraphProblem["kind"];
  readonly component?: string;
  readonly message: string;
}

const KINDS: { readonly [type: string]: NodeKind | undefined } = {
  parallel: "parallel",
  loop: "loop",
  workflow_call: "call",
  wait: "await",
  human_task: "await",
  cache_lookup: "lookup",
};

/** Kinds whose time is that of the members they run. */
const RUNS_MEMBERS: ReadonlySet<NodeKind> = new Set(["parallel", "loop", "lookup"]);
/** The name of a fallback in paths, where a branch has its id. */
const FALLBACK = "fallback";

/** Compiles `workflow`, aliases included. Whatever its file says, the answer is a plan or the reasons why there is none. */
export function compilePlan(workflow: Workflow): Result<Plan, readonly PlanProblem[]> {
  const read = canonical(workflow).workflow;
  const graph = graphOf(read);
  const problems = graph.problems.filter((problem) => problem.kind !== "duplicate-connection").map(told);
  if (problems.length > 0) return fail(problems);
  const scopeNumbers = new Map(graph.scopes.map((scope, index) => [scope.key, index]));
  const numbers = new Map(graph.nodes.map((node, number) => [node.id, number]));
  const edges = graph.connections.map((connection) => edgeOf(connection, numbers));
  const positions = new Map(graph.scopes.flatMap((scope) => scope.members.map((id, at) => [id, at] as const)));
  const nodes = graph.nodes.map((node, number) => {
    const scope = scopeNumbers.get(node.scope.key) as number;
    return nodeOf(node, { number, scope, position: positions.get(node.id) as number, edges, numbers, scopeNumbers });
  });
  const scopes = graph.scopes.map((scope, index) => scopeOf(scope, index, graph, numbers));
  const timeoutMs = executionTimeout(workflow);
  return ok({
    workflow,
    nodes,
    edges,
    scopes,
    byId: new Map(nodes.map((node) => [node.id, node])),
    caches: nodes.some((node) => node.caches),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    undo: undoPlanOf(read, nodes),
  });
}

interface Surroundings {
  readonly number: number;
  readonly scope: number;
  readonly position: number;
  readonly edges: readonly PlanEdge[];
  readonly numbers: ReadonlyMap<string, number>;
  readonly scopeNumbers: ReadonlyMap<string, number>;
}

function nodeOf({ id, component, incoming, outgoing, owns }: GraphNode, around: Surroundings): PlanNode {
  const { number, scope, position, edges, numbers, scopeNumbers } = around;
  const { type } = component;
  const out = outgoing.map(({ index }) => index);
  const retry = retryRuleOf(component);
  const breaker = breakerRuleOf(component);
  const lastResort = lastResortOf(lastResortName(component), id, numbers);
  const kind = KINDS[type] ?? "step";
  return {
    number,
    id,
    type,
    kind,
    component,
    scope,
    position,
    incoming: incoming.map(({ index }) => index),
    outgoing: out,
    judged: out.filter((edge) => edges[edge]?.condition !== undefined),
    owns: owns.map((owned) => scopeNumbers.get(owned.key) as number),
    disabled: component.disabled === true,
    pure: isPure(type, component.config),
    waits: waitsOf(component),
    ...(retry === undefined ? {} : { retry }),
    ...(breaker === undefined ? {} : { breaker }),
    caches: lastResort.kind === "cached" || mayCache(component),
    lastResort,
    takenByError: outgoing.some((edge) => edge.type === "error" && edge.listed !== undefined),
    ...limitsOf(component, RUNS_MEMBERS.has(kind)),
  };
}

function edgeOf(connection: GraphConnection, numbers: ReadonlyMap<string, number>): PlanEdge {
  const { index, source, target, type, drawn, listed, onlyWaits } = connection;
  const condition = drawn?.condition;
  return {
    index,
    source: numbers.get(source) as number,
    target: numbers.get(target) as number,
    type,
    ...(listed === undefined ? {} : { listed }),
    ...(typeof condition === "string" && condition.trim() !== "" ? { condition } : {}),
    never: condition === false,
    ...(typeof drawn?.case === "string" && drawn.case !== "" ? { case: drawn.case } : {}),
    onlyWaits,
  };
}

function scopeOf(scope: GraphScope, index: number, graph: Graph, numbers: ReadonlyMap<string, number>): PlanScope {
  const members = scope.members.map((id) => numbers.get(id) as number);
  const timeoutMs = scope.kind === "branch" ? branchTimeout(graph, scope) : undefined;
  return {
    index,
    kind: scope.kind === "loop" ? "round" : scope.kind,
    ...(scope.owner === undefined ? {} : { owner: numbers.get(scope.owner) as number }),
    ...(scope.kind === "fallback" ? { id: FALLBACK } : scope.branch === undefined ? {} : { id: scope.branch }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    members,
    entries: members.filter((member) => graph.nodes[member]?.incoming.length === 0),
  };
}

/** How long a branch may take, by its entry in the owner's `branches`. */
function branchTimeout(graph: Graph, { owner, branch }: GraphScope): Ms | undefined {
  const branches = owner === undefined ? undefined : graph.byId.get(owner)?.component.config?.branches;
  if (!Array.isArray(branches)) return undefined;
  const entry = (branches as readonly Json[]).find((one) => isJsonObject(one) && one.id === branch);
  return isJsonObject(entry) ? durationOf(entry.timeout) : undefined;
}

function executionTimeout({ resource_limits: limits }: Workflow): Ms | undefined {
  const seconds = isJsonObject(limits) ? (limits as JsonObject).timeout_seconds : undefined;
  return typeof seconds === "number" && seconds > 0 ? seconds * 1000 : undefined;
}

function waitsOf({ type, config }: Component): PlanNode["waits"] {
  const mode = type === "merge" ? config?.mode : undefined;
  return mode === "any" || mode === "first" ? mode : "all";
}

function lastResortOf(name: string, own: string, numbers: ReadonlyMap<string, number>): LastResort {
  const node = name === own ? undefined : numbers.get(name);
  if (node !== undefined) return { kind: "component", node };
  if (name === "continue_to_fallback" || name === "log_and_continue") return { kind: "continue" };
  return name === "use_cached_data" ? { kind: "cached" } : { kind: "fail" };
}

function told(problem: GraphProblem): PlanProblem {
  switch (problem.kind) {
    case "duplicate-id":
      return { rule: problem.kind, component: problem.id, message: `Two components are named ${problem.id}.` };
    case "unknown-member":
      return {
        rule: problem.kind,
        component: problem.owner,
        message: `${problem.owner} names ${problem.id}, which is no component.`,
      };
    case "owned-twice":
      return {
        rule: problem.kind,
        component: problem.id,
        message: `${problem.id} is run by both ${problem.other} and ${problem.owner}.`,
      };
    case "ownership-cycle":
      return { rule: problem.kind, component: problem.id, message: `${problem.id} is its own owner, through others.` };
    case "dangling-connection":
      return { rule: problem.kind, message: `A connection names ${problem.id}, which is no component.` };
    case "ownership-border":
      return {
        rule: problem.kind,
        component: problem.source,
        message: `${problem.source} and ${problem.target} do not run side by side, so neither can follow the other.`,
      };
    case "duplicate-connection":
      return {
        rule: problem.kind,
        component: problem.source,
        message: `${problem.source} is connected to ${problem.target} twice.`,
      };
    case "cycle":
      return {
        rule: problem.kind,
        ...(problem.ids[0] === undefined ? {} : { component: problem.ids[0] }),
        message: `${problem.ids.join(", ")} wait for each other.`,
      };
  }
}
