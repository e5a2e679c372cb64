import { isJsonObject, type JsonObject } from "../base/json";
import { descriptorOf } from "../components/catalogue";
import { UNDO_NAMES } from "../components/undo-defaults";
import type { NameShapes } from "../expression/complete";
import { Order } from "./order";
import type { ExpressionSite } from "./expressions";
import type { Graph, GraphNode, GraphScope } from "./graph";
import type { Workflow } from "./workflow";

/** Names that mean the same in every workflow; no component may have one as its id. */
export const SCOPE_NAMES = [
  "parameters",
  "input_data",
  "input",
  "components",
  "secrets",
  "env",
  "item",
  "index",
  "event",
  "execution",
  "workflow",
] as const;

/** How a component is seen from a place: `later` may not have settled by then, `hidden` never shows there. */
export type Sight = "seen" | "later" | "hidden";

const ANY: JsonObject = {};
const TEXT: JsonObject = { type: "string" };
const EXECUTION: JsonObject = {
  type: "object",
  description: "The execution that runs.",
  properties: {
    id: TEXT,
    workflow_id: TEXT,
    started_at: { type: "string", format: "date-time" },
    correlation_id: TEXT,
  },
};
const WORKFLOW: JsonObject = {
  type: "object",
  description: "This workflow.",
  properties: { id: TEXT, name: TEXT, version: TEXT, category: TEXT },
};

/** What else the workspace provides. Absent: not known, so nothing is said about names in it. */
export interface Surroundings {
  readonly env?: Iterable<string>;
  readonly secrets?: Iterable<string>;
}

/** The names expressions of one workflow see, place by place, with rough JSON Schemas of their values. */
export class Names {
  readonly #order: Order;
  readonly #outputs = new Map<string, JsonObject>();
  readonly #parameters: JsonObject;
  readonly #secrets: JsonObject;
  readonly #env: JsonObject;

  constructor(
    private readonly workflow: Workflow,
    private readonly graph: Graph,
    surroundings: Surroundings = {},
  ) {
    this.#order = new Order(graph);
    this.#parameters = {
      type: "object",
      description: "The workflow's parameters.",
      properties: { ...(workflow.parameters ?? {}) },
      additionalProperties: false,
    };
    this.#secrets = named("The workspace's secrets.", surroundings.secrets);
    this.#env = named("The environment's values.", surroundings.env);
  }

  /** The schema of what `name` stands for at `site`; `undefined` when nothing is called so. `{}` is anything. */
  schemaOf(site: ExpressionSite, name: string): JsonObject | undefined {
    if (site.kind === "record") return name === "record" ? { type: "object", description: "The record." } : undefined;
    switch (name) {
      case "parameters":
        return this.#parameters;
      case "secrets":
        return this.#secrets;
      case "env":
        return this.#env;
      case "execution":
        return EXECUTION;
      case "workflow":
        return WORKFLOW;
      case "event":
        return this.workflow.triggers === undefined
          ? undefined
          : { type: "object", description: "What started the execution." };
      case "input_data":
        return { description: "The execution's input." };
      case "input":
        return this.#input(site);
      case "components":
        return { type: "object", description: "Components by id." };
      case "item":
        return this.#loops(site).length === 0 ? undefined : { description: "The item of this round." };
      case "index":
        return this.#loops(site).length === 0
          ? undefined
          : { type: "integer", description: "The number of this round, from 0." };
      default:
        if (this.graph.byId.has(name)) return this.componentSchema(name);
        if (site.kind === "undo" && (UNDO_NAMES as readonly string[]).includes(name))
          return this.#ofUndone(site.id, name);
        return Object.hasOwn(this.workflow.parameters ?? {}, name) ? this.workflow.parameters![name] : undefined;
    }
  }

  /** The schema of a component as expressions see it. */
  componentSchema(id: string): JsonObject {
    const known = this.#outputs.get(id);
    if (known !== undefined) return known;
    const component = this.graph.byId.get(id)?.component;
    const descriptor = component === undefined ? undefined : descriptorOf(component.type);
    const schema: JsonObject = {
      type: "object",
      description: component?.name ?? descriptor?.title ?? "",
      properties: {
        output: descriptor?.output_schema ?? ANY,
        status: { type: "string", enum: ["completed", "failed", "skipped", "cancelled"] },
        completed: { type: "boolean" },
        failed: { type: "boolean" },
        skipped: { type: "boolean" },
        error: { type: "object", properties: { type: TEXT, message: TEXT }, description: "Why it failed." },
        attempts: { type: "integer" },
        ...(descriptor?.type === "loop" ? { item: ANY, index: { type: "integer" } } : {}),
      },
      additionalProperties: false,
    };
    this.#outputs.set(id, schema);
    return schema;
  }

  /** Every name at `site`, nearest first. */
  namesAt(site: ExpressionSite): readonly string[] {
    if (site.kind === "record") return ["record"];
    const ids = this.graph.nodes.filter((node) => this.sight(site, node.id) === "seen").map((node) => node.id);
    const fixed = [...SCOPE_NAMES, ...UNDO_NAMES].filter((name) => this.schemaOf(site, name) !== undefined);
    return [...new Set([...ids.reverse(), ...Object.keys(this.workflow.parameters ?? {}), ...fixed])];
  }

  /** Names with their shapes at `site`, for completion. */
  shapesAt(site: ExpressionSite): NameShapes {
    return Object.fromEntries(this.namesAt(site).map((name) => [name, this.#shape(site, name)]));
  }

  /** Whether the component `id` can be read at `site`. */
  sight(site: ExpressionSite, id: string): Sight {
    const node = this.graph.byId.get(id);
    if (node === undefined) return "hidden";
    const levels = this.#levels(site);
    let lifted = node;
    while (!levels.some((level) => level.scope.key === lifted.scope.key)) {
      // A branch's members show outside once the whole has settled; rounds and fallbacks are gone by then.
      if (lifted.scope.kind !== "branch") return "hidden";
      const owner = this.graph.byId.get(lifted.scope.owner!);
      if (owner === undefined) return "hidden";
      lifted = owner;
    }
    const level = levels.find((each) => each.scope.key === lifted.scope.key)!;
    if (level.node === undefined) return "seen";
    if (level.node.id === lifted.id) return lifted.id === id && level.includesNode ? "seen" : "later";
    return this.#order.isBefore(lifted.id, level.node.id) ? "seen" : "later";
  }

  #shape(site: ExpressionSite, name: string): JsonObject {
    const schema = this.schemaOf(site, name) ?? ANY;
    if (name !== "components") return schema;
    const seen = this.graph.nodes.filter((node) => this.sight(site, node.id) === "seen");
    return { ...schema, properties: Object.fromEntries(seen.map((node) => [node.id, this.componentSchema(node.id)])) };
  }

  /** What an undo sees of the component it undoes. */
  #ofUndone(id: string, name: string): JsonObject {
    if (name === "idempotency_key") return { ...TEXT, description: "The key it was sent with." };
    if (name === "config") return { type: "object", description: "Its config." };
    const properties = this.componentSchema(id)["properties"];
    const schema = isJsonObject(properties) && isJsonObject(properties["output"]) ? properties["output"] : ANY;
    return { ...schema, description: "What it gave; null when nobody knows." };
  }

  #input(site: ExpressionSite): JsonObject {
    const id = site.kind === "component" || site.kind === "undo" ? site.id : undefined;
    const node = id === undefined ? undefined : this.graph.byId.get(id);
    const sources = [...new Set(node?.incoming.map((connection) => connection.source) ?? [])];
    const one = sources.length === 1 ? this.componentSchema(sources[0]!)["properties"] : undefined;
    const schema = isJsonObject(one) && isJsonObject(one["output"]) ? one["output"] : {};
    return { ...schema, description: "What flows in." };
  }

  /** The scopes around `site`, innermost first, each with the component one is at. */
  #levels(
    site: ExpressionSite,
  ): { readonly scope: GraphScope; readonly node?: GraphNode; readonly includesNode: boolean }[] {
    if (site.kind === "outputs") return [{ scope: this.graph.root, includesNode: true }];
    const id = site.kind === "connection" ? site.source : site.id;
    let node = this.graph.byId.get(id);
    const levels: { scope: GraphScope; node?: GraphNode; includesNode: boolean }[] = [];
    // `while` is judged between rounds: the round before shows.
    if (site.kind === "while" && node !== undefined)
      for (const scope of node.owns) levels.push({ scope, includesNode: true });
    // Whatever undoes a component sees how it ended.
    let includesNode = site.kind === "connection" || site.kind === "undo";
    if (site.kind === "undo" && node === undefined) return [{ scope: this.graph.root, includesNode: true }];
    while (node !== undefined) {
      levels.push({ scope: node.scope, node, includesNode });
      node = node.scope.owner === undefined ? undefined : this.graph.byId.get(node.scope.owner);
      // A loop shows its item and index to its members.
      includesNode = true;
    }
    return levels;
  }

  #loops(site: ExpressionSite): readonly GraphScope[] {
    return this.#levels(site)
      .map((level) => level.scope)
      .filter((scope) => scope.kind === "loop");
  }
}

function named(description: string, names: Iterable<string> | undefined): JsonObject {
  if (names === undefined) return { type: "object", description, additionalProperties: TEXT };
  return {
    type: "object",
    description,
    properties: Object.fromEntries([...names].map((name) => [name, TEXT])),
    additionalProperties: false,
  };
}
