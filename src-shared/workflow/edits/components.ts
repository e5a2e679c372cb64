import { isJsonObject, type Json, type JsonObject } from "../../base/json";
import { fail, ok } from "../../base/result";
import { ID_PATTERN } from "../../base/ids";
import type { Into } from "../edit";
import { memberLists } from "../members";
import { valueAt, withItem } from "../values";
import type { Component, Path } from "../workflow";
import { Draft, type Edited, inTurn } from "./draft";

/** Adds a component at the root or into an owner, after another one or last. */
export function addComponent(
  draft: Draft,
  component: Component,
  into: Into | undefined,
  after: string | undefined,
): Edited {
  if (!ID_PATTERN.test(component.id)) return fail({ kind: "bad-id", id: component.id });
  if (draft.pathOf(component.id) !== undefined) return fail({ kind: "id-taken", id: component.id });
  if (into?.owner === undefined) return addAtRoot(draft, component, after);
  const owner = draft.graph.byId.get(into.owner);
  const list =
    owner && memberLists(owner.component).find((each) => each.kind !== "fallback" && each.branch === into.branch);
  if (owner === undefined || list === undefined)
    return fail({ kind: "no-owner", owner: into.owner, ...(into.branch === undefined ? {} : { branch: into.branch }) });
  const place = listPath(owner.component, owner.path, into.branch);
  const position =
    after === undefined
      ? -1
      : list.members.findIndex((member) => member === after || (isJsonObject(member) && member["id"] === after));
  const index = position < 0 ? list.members.length : position + 1;
  // An owner that names its members by id goes on doing so.
  const byId = list.members.length > 0 && list.members.every((member) => typeof member === "string");
  const added = insert(draft, place, index, byId ? component.id : (component as unknown as Json));
  return byId && added.ok ? addAtRoot(added.value, component, undefined) : added;
}

function addAtRoot(draft: Draft, component: Component, after: string | undefined): Edited {
  const path = after === undefined ? undefined : draft.pathOf(after);
  const count = draft.workflow.components.length;
  const index = path?.length === 2 ? (path[1] as number) + 1 : count;
  if (draft.at(["components"]) === undefined || draft.at(["components"]) === null)
    return draft.with(["components"], [component as unknown as Json]);
  return insert(draft, ["components"], index, component as unknown as Json);
}

function insert(draft: Draft, list: Path, index: number, item: Json): Edited {
  const next = withItem(draft.view, list, index, item);
  return next === undefined ? fail({ kind: "no-place", path: list }) : ok(new Draft(next as JsonObject));
}

function listPath(owner: Component, path: Path, branch: string | undefined): Path {
  if (branch === undefined) return [...path, "config", "components"];
  const branches = (owner.config?.["branches"] ?? []) as readonly JsonObject[];
  const index = branches.findIndex(
    (each, at) => (typeof each["id"] === "string" && each["id"] !== "" ? each["id"] : `branch_${at + 1}`) === branch,
  );
  return [...path, "config", "branches", index, "components"];
}

/** Removes components with what they own, their connections, and what names them; expressions are left to `check`. */
export function removeComponents(draft: Draft, ids: readonly string[]): Edited {
  const gone = new Set<string>();
  const take = (id: string): void => {
    if (gone.has(id)) return;
    gone.add(id);
    for (const scope of draft.graph.byId.get(id)?.owns ?? []) scope.members.forEach(take);
  };
  for (const id of ids) {
    if (draft.pathOf(id) === undefined) return fail({ kind: "no-component", id });
    take(id);
  }
  return ok(new Draft(withoutIds(draft.view, gone)));
}

function withoutIds(view: JsonObject, gone: ReadonlySet<string>): JsonObject {
  const left: { [key: string]: Json | undefined } = { ...view };
  if (Array.isArray(view["components"]))
    left["components"] = keep(view["components"] as readonly Json[], (item) => componentWithout(item, gone));
  if (Array.isArray(view["connections"])) {
    left["connections"] = keep(view["connections"] as readonly Json[], (item) =>
      isJsonObject(item) && (gone.has(String(item["source"])) || gone.has(String(item["target"]))) ? undefined : item,
    );
  }
  if (isJsonObject(view["compensation"]))
    left["compensation"] = withoutKeys(view["compensation"], (key) => gone.has(key));
  return left;
}

function componentWithout(item: Json, gone: ReadonlySet<string>): Json | undefined {
  if (typeof item === "string") return gone.has(item) ? undefined : item;
  if (!isJsonObject(item)) return item;
  if (typeof item["id"] === "string" && gone.has(item["id"])) return undefined;
  let left: JsonObject = item;
  const handling = item["error_handling"];
  if (isJsonObject(handling)) {
    const without = withoutKeys(
      handling,
      (key) => (key === "on_failure" || key === "fallback_action") && gone.has(String(handling[key])),
    );
    if (without !== handling) left = { ...left, error_handling: without };
  }
  const config = item["config"];
  if (!isJsonObject(config)) return left;
  let next: JsonObject = config;
  for (const key of ["components", "fallback_component"] as const) {
    const value = config[key];
    if (Array.isArray(value))
      next = set(
        next,
        key,
        keep(value as readonly Json[], (member) => componentWithout(member, gone)),
      );
    else if (value !== undefined && componentWithout(value, gone) === undefined)
      next = withoutKeys(next, (each) => each === key);
  }
  if (Array.isArray(config["branches"])) {
    const branches = keep(config["branches"] as readonly Json[], (branch) => {
      if (!isJsonObject(branch) || !Array.isArray(branch["components"])) return branch;
      return set(
        branch,
        "components",
        keep(branch["components"] as readonly Json[], (member) => componentWithout(member, gone)),
      );
    });
    next = set(next, "branches", branches);
  }
  return next === config ? left : { ...left, config: next };
}

/** `items` changed or left out; the same list when nothing is. */
function keep(items: readonly Json[], change: (item: Json) => Json | undefined): readonly Json[] {
  const changed = items.map(change);
  return changed.every((item, index) => item === items[index]) ? items : changed.filter((item) => item !== undefined);
}

function set(map: JsonObject, key: string, value: Json): JsonObject {
  return map[key] === value ? map : { ...map, [key]: value };
}

function withoutKeys(map: JsonObject, isGone: (key: string) => boolean): JsonObject {
  const entries = Object.entries(map).filter(([key]) => !isGone(key));
  return entries.length === Object.keys(map).length ? map : Object.fromEntries(entries);
}

/** Moves cards; other keys of a position stay. */
export function moveComponents(
  draft: Draft,
  to: { readonly [id: string]: { readonly x: number; readonly y: number } },
): Edited {
  return inTurn(draft, Object.entries(to), (current, [id, { x, y }]) => {
    const path = draft.pathOf(id);
    if (path === undefined) return fail({ kind: "no-component", id });
    const before = valueAt(current.view, [...path, "position"]);
    return current.with([...path, "position"], {
      ...(isJsonObject(before) ? before : {}),
      x: Math.round(x),
      y: Math.round(y),
    });
  });
}
