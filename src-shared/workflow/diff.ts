import type { Json, JsonObject } from "../base/json";
import { isInPlace, memberLists, walkComponents } from "./members";
import { sameJson } from "./values";
import type { Component, Connection, Path, Workflow } from "./workflow";

/** A component that is in both workflows and says something else. */
export interface ModifiedComponent {
  readonly id: string;
  readonly before: Component;
  readonly after: Component;
  /** The paths below the component that differ; `["position"]` alone means it was only moved. */
  readonly paths: readonly Path[];
}

/** What changed from one workflow to another; the guide's `compare_versions`. */
export interface WorkflowDiff {
  readonly added: readonly Component[];
  readonly removed: readonly Component[];
  readonly modified: readonly ModifiedComponent[];
  readonly addedConnections: readonly Connection[];
  readonly removedConnections: readonly Connection[];
  readonly parameters: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly modified: readonly string[];
  };
  /** Other top-level keys that differ. */
  readonly keys: readonly string[];
}

const OWN = new Set(["components", "connections", "parameters"]);

/** Compares two workflows. Components are told by id wherever they stand; order does not count. */
export function diffWorkflows(before: Workflow, after: Workflow): WorkflowDiff {
  const [old, next] = [componentsOf(before), componentsOf(after)];
  const modified = [...old].flatMap(([id, component]): ModifiedComponent[] => {
    const other = next.get(id);
    if (other === undefined) return [];
    const paths = differingPaths(alone(component), alone(other));
    return paths.length === 0 ? [] : [{ id, before: component, after: other, paths }];
  });
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !OWN.has(key) && !sameJson(before[key] as Json, after[key] as Json),
  );
  return {
    added: [...next.values()].filter(({ id }) => !old.has(id)),
    removed: [...old.values()].filter(({ id }) => !next.has(id)),
    modified,
    addedConnections: without(after.connections ?? [], before.connections ?? []),
    removedConnections: without(before.connections ?? [], after.connections ?? []),
    parameters: byKey(before.parameters ?? {}, after.parameters ?? {}),
    keys,
  };
}

/** Whether nothing changed. */
export function isSameWorkflow(diff: WorkflowDiff): boolean {
  const { added, removed, modified, addedConnections, removedConnections, parameters, keys } = diff;
  return [
    added,
    removed,
    modified,
    addedConnections,
    removedConnections,
    parameters.added,
    parameters.removed,
    parameters.modified,
    keys,
  ].every((list) => list.length === 0);
}

function componentsOf(workflow: Workflow): ReadonlyMap<string, Component> {
  const found = new Map<string, Component>();
  walkComponents(
    workflow,
    (component) => void (component.id === "" || found.has(component.id) || found.set(component.id, component)),
  );
  return found;
}

/** A component with its members in place replaced by their ids: each is compared by itself. */
function alone(component: Component): JsonObject {
  let value = component as unknown as JsonObject;
  for (const list of memberLists(component)) {
    list.members.forEach((member, index) => {
      if (isInPlace(member))
        value = replaced(value, list.paths[index]!, (member as { id?: Json }).id ?? null) as JsonObject;
    });
  }
  return value;
}

function replaced(value: Json, path: Path, by: Json): Json {
  const [at, ...rest] = path;
  if (at === undefined) return by;
  if (Array.isArray(value))
    return (value as readonly Json[]).map((item, index) => (index === at ? replaced(item, rest, by) : item));
  return { ...(value as JsonObject), [at]: replaced((value as JsonObject)[at] ?? null, rest, by) };
}

function differingPaths(before: JsonObject, after: JsonObject): Path[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key): Path[] => {
    const [a, b] = [before[key], after[key]];
    if (sameJson(a, b)) return [];
    const isConfig = key === "config" && typeof a === "object" && typeof b === "object" && a !== null && b !== null;
    return isConfig ? differingPaths(a as JsonObject, b as JsonObject).map((path) => [key, ...path]) : [[key]];
  });
}

function without(list: readonly Connection[], others: readonly Connection[]): readonly Connection[] {
  const left = [...others];
  return list.filter((connection) => {
    const at = left.findIndex((other) => sameJson(other as unknown as Json, connection as unknown as Json));
    if (at < 0) return true;
    left.splice(at, 1);
    return false;
  });
}

function byKey(
  before: { readonly [name: string]: Json },
  after: { readonly [name: string]: Json },
): WorkflowDiff["parameters"] {
  const has = (map: object, name: string): boolean => Object.hasOwn(map, name);
  return {
    added: Object.keys(after).filter((name) => !has(before, name)),
    removed: Object.keys(before).filter((name) => !has(after, name)),
    modified: Object.keys(before).filter((name) => has(after, name) && !sameJson(before[name], after[name])),
  };
}
