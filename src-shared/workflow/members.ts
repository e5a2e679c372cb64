import { isJsonObject, type Json } from "../base/json";
import { canonicalType } from "../components/catalogue";
import type { Component, Path, Workflow } from "./workflow";

/** Members an owner names in its config, as the definition has them. */
export interface MemberList {
  readonly kind: "branch" | "loop" | "fallback";
  /** The branch's id; one without an id is `branch_1`, `branch_2` … by its position. */
  readonly branch?: string;
  /** Ids and components in place; whatever else stands there is a shape problem. */
  readonly members: readonly Json[];
  /** From the component to each member. */
  readonly paths: readonly Path[];
}

/** The member lists of `component`: a `parallel`'s branches, a `loop`'s components, any type's `fallback_component`. */
export function memberLists(component: Component): readonly MemberList[] {
  const config = component.config;
  if (!isJsonObject(config)) return [];
  const lists: MemberList[] = [];
  const type = canonicalType(component.type);
  if (type === "parallel" && Array.isArray(config["branches"])) {
    (config["branches"] as readonly Json[]).forEach((branch, index) => {
      if (!isJsonObject(branch)) return;
      const id = typeof branch["id"] === "string" && branch["id"] !== "" ? branch["id"] : `branch_${index + 1}`;
      lists.push(listAt("branch", branch["components"], ["config", "branches", index, "components"], id));
    });
  }
  if (type === "loop") lists.push(listAt("loop", config["components"], ["config", "components"]));
  const fallback = config["fallback_component"];
  if (fallback !== undefined && fallback !== null && fallback !== "") {
    lists.push({ kind: "fallback", members: [fallback], paths: [["config", "fallback_component"]] });
  }
  return lists;
}

function listAt(kind: "branch" | "loop", value: Json | undefined, path: Path, branch?: string): MemberList {
  const members = Array.isArray(value) ? (value as readonly Json[]) : [];
  return {
    kind,
    ...(branch === undefined ? {} : { branch }),
    members,
    paths: members.map((_, index) => [...path, index]),
  };
}

/** Whether `value`, found in a member list, is a component written in place. */
export function isInPlace(value: Json): boolean {
  return isJsonObject(value);
}

/** Visits `component` and those written in place inside it; owners before members, in the order of the text. */
export function walkFrom(component: Component, path: Path, visit: (component: Component, path: Path) => void): void {
  visit(component, path);
  for (const list of memberLists(component)) {
    list.members.forEach((member, index) => {
      if (isInPlace(member)) walkFrom(member as unknown as Component, [...path, ...list.paths[index]!], visit);
    });
  }
}

/** Visits every component of `workflow` with its path, those in place included; ids in member lists are not followed. */
export function walkComponents(
  workflow: Pick<Workflow, "components">,
  visit: (component: Component, path: Path) => void,
): void {
  workflow.components.forEach((component, index) => walkFrom(component, ["components", index], visit));
}
