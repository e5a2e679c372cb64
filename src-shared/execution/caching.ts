import type { Ms } from "../base/units";
import type { PlanNode } from "./node";
import { partOf, plainJson } from "./parts";
import { inline, type Value } from "./value";

/** A cached value as one component sees it. */
export interface CacheSlot {
  /** The name it has for the value; absent means a digest of workflow, component and evaluated config. */
  readonly key?: Value;
  /** How long what it stores may be used; absent: until it is cleared or pushed out. */
  readonly ttlMs?: Ms;
  /** How old what it reads may be. */
  readonly maxAgeMs?: Ms;
}

/** What one component does with the cache, by its evaluated config. */
export interface Caching {
  /** Answered from, when it can be. */
  readonly read?: CacheSlot;
  /** Where a good output goes. */
  readonly writes: readonly CacheSlot[];
  /** The last good output, for a component that falls back on it. */
  readonly recall?: CacheSlot;
  /** Where keys live: in the workflow, or for all workflows of the workspace. */
  readonly scope: "workflow" | "workspace";
}

const SECOND: Ms = 1000;
/** As the descriptors say. */
const TTL = 300;
const LOOKUP_TTL = 3600;

/** What `node` does with the cache when its config is `config`; undefined when nothing. */
export function cachingOf(node: PlanNode, config: Value): Caching | undefined {
  if (!node.caches) return undefined;
  const own = keyed(partOf(config, "cache_key"));
  const isLookup = node.kind === "lookup";
  const said = secondsOf(config, isLookup ? "ttl_seconds" : "cache_ttl");
  const ttlMs = said ?? (isLookup ? LOOKUP_TTL : TTL) * SECOND;
  // A lookup that names no age takes what is there: that is how it finds a last good value.
  const maxAgeMs = isLookup ? said : ttlMs;
  const reads = isLookup || setting(config, "cache_result") === true;
  const read = reads ? { ...own, ttlMs, ...(maxAgeMs === undefined ? {} : { maxAgeMs }) } : undefined;
  const named = node.component.error_handling?.["cache_key"];
  const other = typeof named === "string" && named !== "" ? { key: inline(named) } : undefined;
  const recall = node.lastResort.kind === "cached" ? (other ?? own) : undefined;
  if (read === undefined && recall === undefined) return undefined;
  // A lookup without a fallback gets nothing that could be stored.
  const kept = read === undefined || (isLookup && node.owns.length === 0) ? [] : [read];
  const writes = recall === undefined || (kept.length > 0 && other === undefined) ? kept : [...kept, recall];
  return {
    ...(read === undefined ? {} : { read }),
    writes: isLookup && node.owns.length === 0 ? [] : writes,
    ...(recall === undefined ? {} : { recall }),
    scope: scopeOf(node, config),
  };
}

function keyed(value: Value | undefined): { readonly key?: Value } {
  const json = value === undefined ? undefined : plainJson(value);
  const isNothing = value === undefined || json === null || json === "";
  return isNothing ? {} : { key: value };
}

function scopeOf({ component }: PlanNode, config: Value): Caching["scope"] {
  const optimization = component.optimization;
  const said = setting(config, "cache_scope") ?? optimization?.["cache_scope"];
  return said === "workspace" ? "workspace" : "workflow";
}

function secondsOf(config: Value, key: string): Ms | undefined {
  const said = setting(config, key);
  return typeof said === "number" && said > 0 ? said * SECOND : undefined;
}

function setting(config: Value, key: string): unknown {
  const part = partOf(config, key);
  return part === undefined ? undefined : plainJson(part);
}
