import { isJsonObject, type Json, type JsonObject } from "../base/json";
import type { Severity } from "./finding";
import { memberLists } from "./members";
import type { Component, Connection, Path, Workflow } from "./workflow";

/** Something of the wrong shape, by its path in the workflow. */
export interface ShapeProblem {
  readonly path: Path;
  readonly severity: Severity;
  readonly message: string;
}

type Kind = "text" | "number" | "boolean" | "map" | "list" | "text or boolean" | "any";
type Kinds = { readonly [key: string]: Kind };

const WORKFLOW: Kinds = {
  apg: "number",
  id: "text",
  name: "text",
  version: "text",
  purpose: "text",
  description: "text",
  category: "text",
  tags: "list",
  metadata: "map",
  parameters: "map",
  triggers: "list",
  components: "list",
  connections: "list",
  error_recovery: "map",
  compensation: "map",
  privacy: "map",
  permissions: "map",
  resource_limits: "map",
  concurrency: "map",
  execution_context: "map",
};

const COMPONENT: Kinds = {
  id: "text",
  type: "text",
  name: "text",
  description: "text",
  config: "map",
  condition: "text or boolean",
  error_handling: "map",
  retry_policy: "map",
  circuit_breaker: "map",
  resource_limits: "map",
  optimization: "map",
  position: "map",
  notes: "text",
  disabled: "boolean",
};

const CONNECTION: Kinds = {
  source: "text",
  target: "text",
  type: "text",
  condition: "text or boolean",
  case: "text",
  label: "text",
};

const NAMES: { readonly [kind in Kind]: string } = {
  text: "text",
  number: "a number",
  boolean: "true or false",
  map: "a mapping",
  list: "a list",
  "text or boolean": "an expression in quotes, true or false",
  any: "a value",
};

/**
 * The workflow in `view`, with what has the wrong shape left out, so that the types hold.
 * A component without a readable id or type has `""` there. Parts that are right are the same objects as in `view`.
 */
export function wellFormed(view: JsonObject): {
  readonly workflow: Workflow;
  readonly problems: readonly ShapeProblem[];
} {
  const problems: ShapeProblem[] = [];
  const shaped = fields(view, WORKFLOW, [], problems);
  const components = list(shaped["components"], (item, index) => component(item, ["components", index], problems));
  const changes: { [key: string]: unknown } = { components: components ?? [] };
  if (typeof shaped["id"] !== "string") changes["id"] = idFrom(shaped["name"]);
  const connections = list(shaped["connections"], (item, index) => connection(item, ["connections", index], problems));
  if (connections !== undefined) changes["connections"] = connections;
  const parameters = mapOfMaps(
    shaped["parameters"],
    ["parameters"],
    "A parameter is a mapping, a JSON Schema.",
    problems,
  );
  if (parameters !== undefined) changes["parameters"] = parameters;
  const triggers = list(shaped["triggers"], (item, index) => {
    if (!isJsonObject(item))
      problems.push({ path: ["triggers", index], severity: "error", message: "A trigger is a mapping with a type." });
    return isJsonObject(item) ? item : {};
  });
  if (triggers !== undefined) changes["triggers"] = triggers;
  return { workflow: merge(shaped, changes) as unknown as Workflow, problems };
}

/** An id made from a name: `Customer Data Processing` gives `customer_data_processing`. */
export function idFrom(name: unknown): string {
  const id = (typeof name === "string" ? name : "")
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+|_+$/g, "");
  return id === "" ? "workflow" : id;
}

function component(item: Json, path: Path, problems: ShapeProblem[]): Component {
  if (!isJsonObject(item)) {
    const message =
      typeof item === "string"
        ? `"${item}" is not a component; a component is a mapping with id and type.`
        : "A component is a mapping with id and type.";
    problems.push({ path, severity: "error", message });
    return { id: "", type: "" };
  }
  const shaped = fields(item, COMPONENT, path, problems);
  const changes: { [key: string]: unknown } = {};
  for (const key of ["id", "type"] as const) {
    if (typeof shaped[key] === "string" && shaped[key] !== "") continue;
    if (item[key] === undefined || item[key] === null || item[key] === "")
      problems.push({ path, severity: "error", message: `The component has no ${key}.` });
    changes[key] = "";
  }
  const position = shaped["position"];
  if (isJsonObject(position) && !(isFinite(position["x"]) && isFinite(position["y"]))) {
    problems.push({ path: [...path, "position"], severity: "error", message: "A position has the numbers x and y." });
    changes["position"] = undefined;
  }
  const whole = merge(shaped, changes) as unknown as Component;
  return members(whole, path, problems);
}

function isFinite(value: Json | undefined): boolean {
  return typeof value === "number";
}

/** Components in place are components too. */
function members(owner: Component, path: Path, problems: ShapeProblem[]): Component {
  let config = owner.config as Json | undefined;
  for (const members of memberLists(owner)) {
    members.members.forEach((member, index) => {
      const below = members.paths[index]!;
      const at = [...path, ...below];
      if (typeof member === "string") return;
      const shaped = component(member, at, problems);
      if ((shaped as unknown) !== member) config = replaceIn(config!, below.slice(1), shaped as unknown as Json);
    });
  }
  return config === owner.config ? owner : { ...owner, config: config as JsonObject };
}

function replaceIn(value: Json, path: Path, by: Json): Json {
  const [at, ...rest] = path;
  if (at === undefined) return by;
  if (Array.isArray(value))
    return (value as readonly Json[]).map((item, index) => (index === at ? replaceIn(item, rest, by) : item));
  return { ...(value as JsonObject), [at]: replaceIn((value as JsonObject)[at]!, rest, by) };
}

function connection(item: Json, path: Path, problems: ShapeProblem[]): Connection {
  if (!isJsonObject(item)) {
    problems.push({ path, severity: "error", message: "A connection is a mapping with source and target." });
    return { source: "", target: "" };
  }
  const shaped = fields(item, CONNECTION, path, problems);
  const changes: { [key: string]: unknown } = {};
  for (const key of ["source", "target"] as const) {
    if (typeof shaped[key] === "string") continue;
    if (item[key] === undefined || item[key] === null)
      problems.push({ path, severity: "error", message: `The connection has no ${key}.` });
    changes[key] = "";
  }
  const type = shaped["type"];
  if (type !== undefined && type !== "success" && type !== "error" && type !== "conditional") {
    problems.push({
      path: [...path, "type"],
      severity: "error",
      message: `A connection's type is success, error or conditional, not ${JSON.stringify(type)}.`,
    });
    changes["type"] = undefined;
  }
  return merge(shaped, changes) as unknown as Connection;
}

/** `map` with the values of the wrong kind left out. Null counts as absent. */
function fields(map: JsonObject, kinds: Kinds, path: Path, problems: ShapeProblem[]): JsonObject {
  const changes: { [key: string]: unknown } = {};
  for (const key of Object.keys(map)) {
    const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
    const value = map[key];
    if (kind === undefined || value === undefined) continue;
    if (value === null) changes[key] = undefined;
    else if (!isKind(value, kind)) {
      const text = kind === "text" && (typeof value === "number" || typeof value === "boolean");
      const message = text ? `${key} is text; write it in quotes.` : `${key} is ${NAMES[kind]}, not ${nameOf(value)}.`;
      problems.push({ path: [...path, key], severity: text ? "warning" : "error", message });
      changes[key] = text ? String(value) : undefined;
    }
  }
  return merge(map, changes) as JsonObject;
}

function isKind(value: Json, kind: Kind): boolean {
  if (kind === "map") return isJsonObject(value);
  if (kind === "list") return Array.isArray(value);
  if (kind === "text") return typeof value === "string";
  if (kind === "text or boolean") return typeof value === "string" || typeof value === "boolean";
  return kind === "any" || typeof value === kind;
}

function nameOf(value: Json): string {
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "a number";
  if (typeof value === "boolean") return "true or false";
  return Array.isArray(value) ? "a list" : "a mapping";
}

function list<T>(value: Json | undefined, read: (item: Json, index: number) => T): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value as readonly Json[];
  const shaped = items.map(read);
  return shaped.every((item, index) => (item as unknown) === items[index])
    ? (items as unknown as readonly T[])
    : shaped;
}

function mapOfMaps(
  value: Json | undefined,
  path: Path,
  message: string,
  problems: ShapeProblem[],
): JsonObject | undefined {
  if (!isJsonObject(value)) return undefined;
  const bad = Object.keys(value).filter((key) => !isJsonObject(value[key]));
  for (const key of bad) problems.push({ path: [...path, key], severity: "error", message });
  return merge(value, Object.fromEntries(bad.map((key) => [key, {}]))) as JsonObject;
}

/** `map` itself when `changes` change nothing; keys changed to `undefined` go. */
function merge(map: JsonObject, changes: { readonly [key: string]: unknown }): { readonly [key: string]: unknown } {
  const keys = Object.keys(changes).filter((key) => changes[key] !== map[key]);
  if (keys.length === 0) return map;
  const merged: { [key: string]: unknown } = { ...map };
  for (const key of keys) {
    if (changes[key] === undefined) delete merged[key];
    else merged[key] = changes[key];
  }
  return merged;
}
