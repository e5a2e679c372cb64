import type { Json } from "../base/json";
import { cyclesIn } from "./cycles";
import { isInPlace, memberLists } from "./members";
import type { Component, Connection, Path, Workflow } from "./workflow";

/** Components that run side by side under one owner, or under none. */
export interface GraphScope {
  /** Unique: `""` for the root, `owner/branch`, `owner` for a loop, `owner!` for a fallback. */
  readonly key: string;
  readonly kind: "root" | "branch" | "loop" | "fallback";
  readonly owner?: string;
  readonly branch?: string;
  /** Ids in listed order. */
  readonly members: readonly string[];
  /** Whether the order listed is the order run, for want of connections. */
  readonly implied: boolean;
}

/** `order`: implied by the order listed; active once its source has settled, skipped included. */
export type GraphConnectionType = "success" | "error" | "conditional" | "order";

/** A connection between two components of one scope, drawn or implied. */
export interface GraphConnection {
  readonly index: number;
  readonly source: string;
  readonly target: string;
  readonly type: GraphConnectionType;
  /** The connection as drawn, and its position in `workflow.connections`; absent when implied. */
  readonly drawn?: Connection;
  readonly listed?: number;
  /** An implied order towards an error handler: it is waited for and never makes the handler run. */
  readonly onlyWaits: boolean;
}

/** A component with its surroundings. */
export interface GraphNode {
  readonly id: string;
  readonly component: Component;
  /** Counted from 0, owners before their members in place. */
  readonly index: number;
  /** Where it is written. */
  readonly path: Path;
  readonly scope: GraphScope;
  /** The scopes it runs. */
  readonly owns: readonly GraphScope[];
  /** Whether it is written inside its owner. */
  readonly inPlace: boolean;
  readonly incoming: readonly GraphConnection[];
  readonly outgoing: readonly GraphConnection[];
}

/** What does not fit together, by its path in the workflow. */
export type GraphProblem =
  | { readonly kind: "duplicate-id"; readonly id: string; readonly path: Path; readonly first: Path }
  | { readonly kind: "unknown-member"; readonly id: string; readonly owner: string; readonly path: Path }
  | {
      readonly kind: "owned-twice";
      readonly id: string;
      readonly owner: string;
      readonly other: string;
      readonly path: Path;
    }
  | { readonly kind: "ownership-cycle"; readonly id: string; readonly path: Path }
  | {
      readonly kind: "dangling-connection";
      readonly id: string;
      readonly end: "source" | "target";
      readonly path: Path;
    }
  | { readonly kind: "ownership-border"; readonly source: string; readonly target: string; readonly path: Path }
  | { readonly kind: "duplicate-connection"; readonly source: string; readonly target: string; readonly path: Path }
  | { readonly kind: "cycle"; readonly ids: readonly string[]; readonly path: Path };

/** A workflow's components, who runs whom, and what follows what. Made for any workflow, sound or not. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly byId: ReadonlyMap<string, GraphNode>;
  readonly root: GraphScope;
  /** The root first, owners' scopes before their members'. */
  readonly scopes: readonly GraphScope[];
  readonly connections: readonly GraphConnection[];
  readonly problems: readonly GraphProblem[];
  /** Ids that can come to run; the others stand in a cycle, behind one, or in an owner that cannot be reached. */
  readonly reachable: ReadonlySet<string>;
}

const STRATEGIES = new Set([
  "fail",
  "retry_with_backoff",
  "continue_to_fallback",
  "log_and_continue",
  "use_cached_data",
]);

interface OpenNode {
  readonly id: string;
  readonly component: Component;
  readonly index: number;
  readonly path: Path;
  readonly inPlace: boolean;
  scope: GraphScope;
  readonly owns: GraphScope[];
  readonly incoming: GraphConnection[];
  readonly outgoing: GraphConnection[];
}

const NOWHERE: GraphScope = { key: "?", kind: "root", members: [], implied: false };

/** Builds the graph of `workflow`; about a microsecond a component. */
export function graphOf(workflow: Workflow): Graph {
  const builder = new Builder(workflow);
  builder.collect();
  builder.own();
  builder.draw();
  builder.imply();
  return builder.finish();
}

/** The component that takes over when `component` fails; a component's id wins over a strategy of the same name. */
export function handlerNameOf(component: Component, isComponent: (id: string) => boolean): string | undefined {
  const name = component.error_handling?.fallback_action ?? component.error_handling?.on_failure;
  if (typeof name !== "string" || name === component.id) return undefined;
  return isComponent(name) ? name : undefined;
}

/** Whether `name` is one of the guide's strategies for `on_failure` and `fallback_action`. */
export function isStrategy(name: string): boolean {
  return STRATEGIES.has(name);
}

/** The members of `scope` nothing follows on success, in listed order. */
export function exitsOf(graph: Graph, scope: GraphScope): readonly string[] {
  return scope.members.filter(
    (id) => graph.byId.get(id)?.outgoing.every((connection) => connection.type === "error") ?? false,
  );
}

class Builder {
  readonly #nodes: OpenNode[] = [];
  readonly #byId = new Map<string, OpenNode>();
  readonly #sketches = new Map<
    string,
    { scope: Omit<GraphScope, "members" | "implied">; ids: string[]; paths: Path[] }[]
  >();
  readonly #scopes: GraphScope[] = [];
  readonly #connections: GraphConnection[] = [];
  readonly #problems: GraphProblem[] = [];
  readonly #drawnIn = new Set<string>();

  constructor(private readonly workflow: Workflow) {}

  collect(): void {
    this.workflow.components.forEach((component, index) => this.#add(component, ["components", index], false));
  }

  #add(component: Component, path: Path, inPlace: boolean): void {
    // A component whose id cannot be read is a shape problem and has no place in the graph.
    if (component.id === "") return;
    const first = this.#byId.get(component.id);
    if (first !== undefined) {
      this.#problems.push({ kind: "duplicate-id", id: component.id, path, first: first.path });
      return;
    }
    const node: OpenNode = {
      id: component.id,
      component,
      index: this.#nodes.length,
      path,
      inPlace,
      scope: NOWHERE,
      owns: [],
      incoming: [],
      outgoing: [],
    };
    this.#nodes.push(node);
    this.#byId.set(component.id, node);
    const lists = memberLists(component);
    if (lists.length === 0) return;
    const id = component.id;
    this.#sketches.set(
      id,
      lists.map((list) => {
        const ids: string[] = [];
        const paths: Path[] = [];
        list.members.forEach((member: Json, index) => {
          const at = [...path, ...list.paths[index]!];
          const memberId =
            typeof member === "string" ? member : isInPlace(member) ? (member as { id?: string }).id : undefined;
          if (memberId === undefined || memberId === "") return;
          if (typeof member !== "string") this.#add(member as unknown as Component, at, true);
          ids.push(memberId);
          paths.push(at);
        });
        const key = list.kind === "branch" ? `${id}/${list.branch}` : list.kind === "loop" ? id : `${id}!`;
        return {
          scope: { key, kind: list.kind, owner: id, ...(list.branch === undefined ? {} : { branch: list.branch }) },
          ids,
          paths,
        };
      }),
    );
  }

  /** Settles who runs whom. The first owner named wins. */
  own(): void {
    const ownerOf = new Map<string, string>();
    const kept = new Map<string, (readonly string[])[]>();
    for (const [owner, sketches] of this.#sketches) {
      kept.set(
        owner,
        sketches.map((sketch) =>
          sketch.ids.filter((id, index) => {
            const path = sketch.paths[index]!;
            const other = ownerOf.get(id);
            if (!this.#byId.has(id)) this.#problems.push({ kind: "unknown-member", id, owner, path });
            else if (other !== undefined) this.#problems.push({ kind: "owned-twice", id, owner, other, path });
            else {
              ownerOf.set(id, owner);
              return true;
            }
            return false;
          }),
        ),
      );
    }
    const free = this.#nodes.filter((node) => !ownerOf.has(node.id)).map((node) => node.id);
    this.#scope({ key: "", kind: "root", members: free, implied: this.workflow.connections === undefined });
    for (let at = 0; at < this.#scopes.length; at++) {
      for (const id of this.#scopes[at]!.members) {
        const node = this.#byId.get(id)!;
        this.#sketches.get(id)?.forEach((sketch, index) => {
          const scope: GraphScope = { ...sketch.scope, members: kept.get(id)![index]!, implied: true };
          node.owns.push(scope);
          this.#scope(scope);
        });
      }
    }
    for (const node of this.#nodes) {
      if (node.scope === NOWHERE) this.#problems.push({ kind: "ownership-cycle", id: node.id, path: node.path });
    }
  }

  #scope(scope: GraphScope): void {
    this.#scopes.push(scope);
    for (const id of scope.members) this.#byId.get(id)!.scope = scope;
  }

  draw(): void {
    const seen = new Set<string>();
    (this.workflow.connections ?? []).forEach((connection, listed) => {
      const path: Path = ["connections", listed];
      const source = this.#byId.get(connection.source);
      const target = this.#byId.get(connection.target);
      if (source === undefined && connection.source !== "")
        this.#problems.push({ kind: "dangling-connection", id: connection.source, end: "source", path });
      if (target === undefined && connection.target !== "")
        this.#problems.push({ kind: "dangling-connection", id: connection.target, end: "target", path });
      if (source === undefined || target === undefined) return;
      if (source.scope !== target.scope) {
        this.#problems.push({ kind: "ownership-border", source: source.id, target: target.id, path });
        return;
      }
      const judged = typeof connection.condition === "string" && connection.condition.trim() !== "";
      const type = connection.type ?? (judged ? "conditional" : "success");
      const key = `${source.id} ${target.id} ${type} ${connection.case ?? ""} ${connection.condition ?? ""}`;
      if (seen.has(key))
        this.#problems.push({ kind: "duplicate-connection", source: source.id, target: target.id, path });
      seen.add(key);
      this.#drawnIn.add(source.scope.key);
      this.#connect(source, target, { type, drawn: connection, listed, onlyWaits: false });
    });
  }

  /** The order listed where nothing is drawn, and the way to error handlers. */
  imply(): void {
    const handlers: [OpenNode, OpenNode][] = [];
    const handled = new Set<OpenNode>();
    for (const source of this.#nodes) {
      const name = handlerNameOf(source.component, (id) => this.#byId.has(id));
      const target = name === undefined ? undefined : this.#byId.get(name)!;
      if (target === undefined) continue;
      const path = [
        ...source.path,
        "error_handling",
        source.component.error_handling?.fallback_action === name ? "fallback_action" : "on_failure",
      ];
      if (source.scope !== target.scope)
        this.#problems.push({ kind: "ownership-border", source: source.id, target: target.id, path });
      else {
        handled.add(target);
        if (!source.outgoing.some((connection) => connection.target === target.id && connection.type === "error"))
          handlers.push([source, target]);
      }
    }
    this.#scopes.forEach((scope, index) => {
      const implied = scope.kind === "root" ? scope.implied : !this.#drawnIn.has(scope.key);
      if (!implied) {
        this.#replaceScope(index, { ...scope, implied: false });
        return;
      }
      for (let at = 1; at < scope.members.length; at++) {
        const target = this.#byId.get(scope.members[at]!)!;
        this.#connect(this.#byId.get(scope.members[at - 1]!)!, target, {
          type: "order",
          onlyWaits: handled.has(target),
        });
      }
    });
    for (const [source, target] of handlers) this.#connect(source, target, { type: "error", onlyWaits: false });
  }

  #replaceScope(index: number, scope: GraphScope): void {
    const before = this.#scopes[index]!;
    if (before.implied === scope.implied) return;
    this.#scopes[index] = scope;
    for (const id of scope.members) this.#byId.get(id)!.scope = scope;
    if (scope.owner === undefined) return;
    const owns = this.#byId.get(scope.owner)!.owns;
    owns[owns.indexOf(before)] = scope;
  }

  #connect(
    source: OpenNode,
    target: OpenNode,
    rest: Pick<GraphConnection, "type" | "drawn" | "listed" | "onlyWaits">,
  ): void {
    const connection: GraphConnection = {
      index: this.#connections.length,
      source: source.id,
      target: target.id,
      ...rest,
    };
    this.#connections.push(connection);
    source.outgoing.push(connection);
    target.incoming.push(connection);
  }

  finish(): Graph {
    const nodes: readonly GraphNode[] = this.#nodes;
    const { cycles, free } = cyclesIn(nodes);
    for (const ids of cycles) {
      const inCycle = new Set(ids);
      const drawn = this.#connections.find(
        (connection) =>
          inCycle.has(connection.source) && inCycle.has(connection.target) && connection.listed !== undefined,
      );
      const path: Path = drawn?.listed === undefined ? this.#byId.get(ids[0]!)!.path : ["connections", drawn.listed];
      this.#problems.push({ kind: "cycle", ids, path });
    }
    const reachable = new Set<string>();
    for (const scope of this.#scopes) {
      if (scope.owner !== undefined && !reachable.has(scope.owner)) continue;
      for (const id of scope.members) if (free.has(id)) reachable.add(id);
    }
    return {
      nodes,
      byId: this.#byId,
      root: this.#scopes[0]!,
      scopes: this.#scopes,
      connections: this.#connections,
      problems: this.#problems,
      reachable,
    };
  }
}
