import { isJsonObject, type Json, type JsonObject } from "../base/json";
import type { Path } from "./workflow";

/**
 * How a document holds a workflow. Whole workflows do so as they are, but for a few spellings of top-level keys;
 * parts of one (a component, a list of them, a policy) are read as a workflow around them.
 */
export type Layout =
  | {
      readonly kind: "workflow";
      /** Canonical key to the key as written. */ readonly spelled: { readonly [key: string]: string };
    }
  | { readonly kind: "components" }
  | { readonly kind: "component" }
  /** Keys of one component: at the root (`retry_policy:`), or below `under` (`component_config:`). */
  | { readonly kind: "policy"; readonly under?: string };

const TOP_KEYS = [
  "apg",
  "id",
  "name",
  "version",
  "purpose",
  "description",
  "category",
  "tags",
  "metadata",
  "parameters",
  "triggers",
  "components",
  "connections",
  "outputs",
  "error_recovery",
  "compensation",
  "privacy",
  "permissions",
  "resource_limits",
  "concurrency",
  "execution_context",
] as const;

/** The keys a workflow has, in the order they are written. */
export const WORKFLOW_KEYS: readonly string[] = TOP_KEYS;

const POLICY_KEYS = new Set(["retry_policy", "error_handling", "circuit_breaker", "resource_limits", "optimization"]);

/** The id and type of the component that stands around a policy. */
export const POLICY_COMPONENT = { id: "component", type: "start" } as const;

/** How `root` holds a workflow; `undefined` when it is neither a mapping nor a list. */
export function layoutOf(root: Json): Layout | undefined {
  if (Array.isArray(root)) return { kind: "components" };
  if (!isJsonObject(root)) return undefined;
  const keys = Object.keys(root);
  if (typeof root["type"] === "string" && root["components"] === undefined && root["Components"] === undefined)
    return { kind: "component" };
  if (keys.length === 1 && keys[0] === "component_config") return { kind: "policy", under: "component_config" };
  if (keys.length > 0 && keys.every((key) => POLICY_KEYS.has(key))) return { kind: "policy" };
  const spelled: { [key: string]: string } = {};
  for (const key of TOP_KEYS) {
    const capital = key.charAt(0).toUpperCase() + key.slice(1);
    if (!Object.hasOwn(root, key) && Object.hasOwn(root, capital)) spelled[key] = capital;
  }
  return { kind: "workflow", spelled };
}

/** The document's root as a workflow; parts are the same objects as in `root`. */
export function wrap(root: Json, layout: Layout): JsonObject {
  switch (layout.kind) {
    case "components":
      return { components: root };
    case "component":
      return { components: [root] };
    case "policy": {
      const policy = layout.under === undefined ? root : (root as JsonObject)[layout.under];
      return { components: [{ ...POLICY_COMPONENT, ...(isJsonObject(policy) ? policy : {}) }] };
    }
    case "workflow": {
      if (Object.keys(layout.spelled).length === 0) return root as JsonObject;
      const written = new Map(Object.entries(layout.spelled).map(([key, as]) => [as, key]));
      return Object.fromEntries(
        Object.entries(root as JsonObject).map(([key, value]) => [written.get(key) ?? key, value]),
      );
    }
  }
}

/** The root that holds `view`: as `layout` has it where that can say it, else a whole workflow. */
export function unwrap(view: JsonObject, layout: Layout): Json {
  const only =
    Object.keys(view).length === 1 && Array.isArray(view["components"])
      ? (view["components"] as readonly Json[])
      : undefined;
  switch (layout.kind) {
    case "components":
      return only ?? view;
    case "component":
      return only?.length === 1 ? only[0]! : view;
    case "policy": {
      const component = only?.length === 1 ? only[0] : undefined;
      if (
        !isJsonObject(component) ||
        component["id"] !== POLICY_COMPONENT.id ||
        component["type"] !== POLICY_COMPONENT.type
      )
        return view;
      const { id: _id, type: _type, ...policy } = component;
      return layout.under === undefined ? policy : { [layout.under]: policy };
    }
    case "workflow": {
      if (Object.keys(layout.spelled).length === 0) return view;
      return Object.fromEntries(Object.entries(view).map(([key, value]) => [layout.spelled[key] ?? key, value]));
    }
  }
}

/** Where `path` of the workflow stands in the document; `undefined` for what the layout adds. */
export function pathInSource(path: Path, layout: Layout): Path | undefined {
  const [first, index, ...rest] = path;
  if (layout.kind === "workflow") {
    const as = typeof first === "string" ? layout.spelled[first] : undefined;
    return as === undefined ? path : [as, ...path.slice(1)];
  }
  if (path.length === 0) return [];
  if (first !== "components") return undefined;
  if (layout.kind === "components") return path.slice(1);
  if (index === undefined) return [];
  if (index !== 0) return undefined;
  if (layout.kind === "component") return rest;
  if (rest[0] === "id" || rest[0] === "type") return undefined;
  return layout.under === undefined ? rest : [layout.under, ...rest];
}
