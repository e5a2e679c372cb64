import { typeAliases } from "@shared/components/catalogue";
import { graphOf, type Graph, type GraphNode } from "@shared/workflow/graph";
import type { Component, Connection, Workflow } from "@shared/workflow/workflow";

/** A component with the container that shows it, if any. */
export interface Piece {
  readonly id: string;
  readonly component: Component;
  readonly owner?: string;
  /** The id of the branch of a `parallel`. */
  readonly lane?: string;
}

/** A column of members inside a container: a branch, or all members of a loop. */
export interface Lane {
  readonly id: string;
  readonly members: readonly string[];
}

export interface Line {
  readonly connection: Connection;
  /** Not among the text's connections: the order of a list or a fallback says it. */
  readonly implied: boolean;
}

/** What the canvas draws of a workflow: who is inside whom, and which lines join them. */
export interface Outline {
  readonly pieces: ReadonlyMap<string, Piece>;
  /** Lanes of every container, empty ones too. */
  readonly lanes: ReadonlyMap<string, readonly Lane[]>;
  readonly lines: readonly Line[];
}

/** Reads the outline leniently: what is broken is left out here and named by `check`. */
export function outlineOf(workflow: Workflow): Outline {
  const graph = graphOf(workflow);
  const pieces = new Map<string, Piece>();
  const lanes = new Map<string, Lane[]>();
  const lines: Line[] = [];
  for (const node of graph.nodes) pieces.set(node.id, pieceOf(graph, node));
  for (const piece of pieces.values()) if (isContainer(piece.component)) lanes.set(piece.id, []);
  for (const node of graph.nodes) {
    for (const scope of node.owns) {
      if (scope.kind === "fallback")
        for (const id of scope.members)
          lines.push({ connection: { source: node.id, target: id, type: "error", label: "fallback" }, implied: true });
      else lanes.get(node.id)?.push({ id: scope.branch ?? "", members: [...lanesMembers(graph, scope.members)] });
    }
  }
  for (const connection of graph.connections) {
    if (connection.onlyWaits) continue;
    const { source, target, type, drawn } = connection;
    if (drawn) lines.push({ connection: drawn, implied: false });
    else
      lines.push({
        connection:
          type === "order"
            ? { source, target }
            : { source, target, type, ...(type === "error" ? { label: "fallback" } : {}) },
        implied: true,
      });
  }
  return { pieces, lanes, lines };
}

/** A fallback stands beside the component it stands in for, so a lane holds the fallbacks of its members too. */
function* lanesMembers(graph: Graph, members: readonly string[]): Generator<string> {
  for (const id of members) {
    yield id;
    for (const scope of graph.byId.get(id)?.owns ?? [])
      if (scope.kind === "fallback") yield* lanesMembers(graph, scope.members);
  }
}

function pieceOf(graph: Graph, node: GraphNode): Piece {
  let scope = node.scope;
  while (scope.kind === "fallback" && scope.owner !== undefined) {
    const beside = graph.byId.get(scope.owner)?.scope;
    if (!beside || beside === scope) break;
    scope = beside;
  }
  const { id, component } = node;
  if (scope.owner === undefined || scope.kind === "fallback") return { id, component };
  return { id, component, owner: scope.owner, lane: scope.branch ?? "" };
}

function isContainer(component: Component): boolean {
  const type = typeAliases.get(component.type) ?? component.type;
  return type === "parallel" || type === "loop";
}
