import { isJsonObject } from "../base/json";
import type { Component, Workflow } from "../workflow/workflow";
import type { PlanProblem } from "./plan";

/** A scope before numbers are given out. */
export interface ScopeSketch {
  readonly kind: "root" | "branch" | "round" | "fallback";
  readonly owner?: string;
  readonly id?: string;
  readonly members: readonly string[];
}

/** Every component of a workflow, those in place included, and who runs whom. */
export interface Members {
  readonly components: ReadonlyMap<string, Component>;
  /** The root first, an owner's before its members' own; branches in their order. */
  readonly scopes: readonly ScopeSketch[];
  readonly problems: readonly PlanProblem[];
}

/** Finds the scopes of `workflow`. `typeOf` resolves the aliases of component types. */
export function membersOf(workflow: Workflow, typeOf: (type: string) => string): Members {
  const components = new Map<string, Component>();
  const problems: PlanProblem[] = [];
  const owned = new Map<string, ScopeSketch[]>();
  const ownerOf = new Map<string, string>();

  const collect = (listed: readonly unknown[], owner?: string): string[] => {
    const ids: string[] = [];
    for (const entry of listed) {
      if (typeof entry === "string") {
        ids.push(entry);
      } else if (isComponent(entry)) {
        ids.push(entry.id);
        if (components.has(entry.id)) {
          problems.push({
            rule: "duplicate-id",
            component: entry.id,
            message: `Two components are named ${entry.id}.`,
          });
          continue;
        }
        components.set(entry.id, entry);
        const sketches = ownedBy(entry, typeOf(entry.type)).map(({ listed: inner, ...sketch }) => ({
          ...sketch,
          members: collect(inner, entry.id),
        }));
        if (sketches.length > 0) owned.set(entry.id, sketches);
      } else {
        problems.push({
          rule: "not-a-component",
          ...(owner === undefined ? {} : { component: owner }),
          message: "A component needs an id and a type.",
        });
      }
    }
    return ids;
  };

  const topLevel = collect(Array.isArray(workflow.components) ? workflow.components : []);
  for (const [owner, sketches] of owned) {
    for (const id of sketches.flatMap((sketch) => sketch.members)) {
      const other = ownerOf.get(id);
      if (!components.has(id)) {
        problems.push({
          rule: "unknown-component",
          component: owner,
          message: `${owner} names ${id}, which is no component.`,
        });
      } else if (other !== undefined) {
        problems.push({ rule: "owned-twice", component: id, message: `${id} is run by both ${other} and ${owner}.` });
      } else {
        ownerOf.set(id, owner);
      }
    }
  }

  const scopes: ScopeSketch[] = [
    { kind: "root", members: topLevel.filter((id) => components.has(id) && !ownerOf.has(id)) },
  ];
  const reached = new Set<string>();
  for (let index = 0; index < scopes.length; index += 1) {
    for (const id of scopes[index]?.members ?? []) {
      if (reached.has(id)) continue;
      reached.add(id);
      for (const sketch of owned.get(id) ?? []) {
        scopes.push({ ...sketch, members: sketch.members.filter((member) => ownerOf.get(member) === id) });
      }
    }
  }
  for (const id of components.keys()) {
    if (!reached.has(id))
      problems.push({ rule: "ownership-cycle", component: id, message: `${id} is its own owner, through others.` });
  }
  return { components, scopes, problems };
}

function isComponent(value: unknown): value is Component {
  return isJsonObject(value) && typeof value.id === "string" && value.id !== "" && typeof value.type === "string";
}

type Owned = Omit<ScopeSketch, "members"> & { readonly listed: readonly unknown[] };

function ownedBy(component: Component, type: string): Owned[] {
  const config = isJsonObject(component.config) ? component.config : {};
  const found: Owned[] = [];
  if (type === "parallel" && Array.isArray(config.branches)) {
    for (const [at, branch] of config.branches.entries()) {
      const fields = isJsonObject(branch) ? branch : {};
      const id = typeof fields.id === "string" && fields.id !== "" ? fields.id : `branch_${at + 1}`;
      found.push({
        kind: "branch",
        owner: component.id,
        id,
        listed: Array.isArray(fields.components) ? fields.components : [],
      });
    }
  }
  if (type === "loop") {
    found.push({
      kind: "round",
      owner: component.id,
      listed: Array.isArray(config.components) ? config.components : [],
    });
  }
  if (typeof config.fallback_component === "string" || isComponent(config.fallback_component)) {
    found.push({ kind: "fallback", owner: component.id, listed: [config.fallback_component] });
  }
  return found;
}
