import { ID_PATTERN } from "../../base/ids";
import { isJsonObject, type Json, type JsonObject } from "../../base/json";
import { fail, ok } from "../../base/result";
import { compiled, type ExpressionText, expressionsOf } from "../expressions";
import { changed, type TextChange } from "../source/change";
import { valueAt, withValue } from "../values";
import { wellFormed } from "../wellformed";
import type { Path } from "../workflow";
import { Draft, type Edited } from "./draft";

/** Gives a component another id, everywhere it is named: connections, owners, handlers, undo, expressions, code. */
export function renameComponent(draft: Draft, id: string, to: string): Edited {
  const path = draft.pathOf(id);
  if (path === undefined) return fail({ kind: "no-component", id });
  if (id === to) return ok(draft);
  if (!ID_PATTERN.test(to)) return fail({ kind: "bad-id", id: to });
  if (draft.pathOf(to) !== undefined) return fail({ kind: "id-taken", id: to });
  return ok(new Draft(renamedIn(draft.view, new Map([[id, to]]))));
}

/** `view` with components' ids replaced as `names` says, and everything that names them. */
export function renamedIn(view: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  let next: JsonObject = view;
  const set = (path: Path, value: Json): void => {
    next = withValue(next, path, value) as JsonObject;
  };
  const { workflow } = wellFormed(view);
  for (const text of expressionsOf(workflow)) {
    const renamed = inExpression(text, names);
    // Paths are still right: renaming changes strings and keys only, and keys last.
    if (renamed !== text.text && typeof valueAt(next, text.path) === "string") set(text.path, renamed);
  }
  if (Array.isArray(next["components"]))
    set(
      ["components"],
      map(next["components"] as readonly Json[], (item) => inMember(item, names)),
    );
  if (Array.isArray(next["connections"])) {
    set(
      ["connections"],
      map(next["connections"] as readonly Json[], (item) =>
        isJsonObject(item) ? strings(item, ["source", "target"], names) : item,
      ),
    );
  }
  const undo = next["compensation"];
  if (isJsonObject(undo) && Object.keys(undo).some((key) => names.has(key))) {
    set(
      ["compensation"],
      Object.fromEntries(Object.entries(undo).map(([key, value]) => [names.get(key) ?? key, value])),
    );
  }
  return next;
}

function inMember(item: Json, names: ReadonlyMap<string, string>): Json {
  if (typeof item === "string") return names.get(item) ?? item;
  if (!isJsonObject(item)) return item;
  let next = strings(item, ["id"], names);
  if (isJsonObject(next["error_handling"]))
    next = put(next, "error_handling", strings(next["error_handling"], ["on_failure", "fallback_action"], names));
  const config = next["config"];
  if (!isJsonObject(config)) return next;
  let changedConfig: JsonObject = config;
  if (config["fallback_component"] !== undefined)
    changedConfig = put(changedConfig, "fallback_component", inMember(config["fallback_component"], names));
  if (Array.isArray(config["components"])) {
    changedConfig = put(
      changedConfig,
      "components",
      map(config["components"] as readonly Json[], (member) => inMember(member, names)),
    );
  }
  if (Array.isArray(config["branches"])) {
    const branches = map(config["branches"] as readonly Json[], (branch) => {
      if (!isJsonObject(branch) || !Array.isArray(branch["components"])) return branch;
      return put(
        branch,
        "components",
        map(branch["components"] as readonly Json[], (member) => inMember(member, names)),
      );
    });
    changedConfig = put(changedConfig, "branches", branches);
  }
  if (typeof config["source"] === "string")
    changedConfig = put(changedConfig, "source", inCode(config["source"], names));
  return put(next, "config", changedConfig);
}

/** The expressions of `text` with the names replaced, `components.ID` and `components['ID']` too. */
function inExpression(text: ExpressionText, names: ReadonlyMap<string, string>): string {
  if (text.site.kind === "record") return text.text;
  const template = compiled(text);
  if (!template.ok) return text.text;
  const changes: TextChange[] = [];
  for (const { names: uses } of template.value.expressions) {
    for (const use of uses) {
      const direct = names.get(use.name);
      if (direct !== undefined) changes.push({ from: use.at.from, to: use.at.to, insert: direct });
      const field = use.name === "components" ? use.fields[0] : undefined;
      const below = typeof field?.key === "string" ? names.get(field.key) : undefined;
      if (field !== undefined && below !== undefined)
        changes.push({ ...field.at, insert: field.quoted ? `'${below}'` : below });
    }
  }
  return changed(text.text, changes);
}

/** Code sees other components as `context.components.ID`. */
function inCode(source: string, names: ReadonlyMap<string, string>): string {
  return source
    .replace(
      /(\bcontext\.components\.)([a-z][a-z0-9_]*)\b/g,
      (_, before: string, id: string) => before + (names.get(id) ?? id),
    )
    .replace(
      /(\bcontext\.components\[)(["'])([a-z][a-z0-9_]*)\2\]/g,
      (_, before: string, quote: string, id: string) => `${before}${quote}${names.get(id) ?? id}${quote}]`,
    );
}

function strings(map: JsonObject, keys: readonly string[], names: ReadonlyMap<string, string>): JsonObject {
  return keys.reduce((next, key) => {
    const value = next[key];
    return typeof value === "string" ? put(next, key, names.get(value) ?? value) : next;
  }, map);
}

function put(map: JsonObject, key: string, value: Json): JsonObject {
  return map[key] === value ? map : { ...map, [key]: value };
}

function map(items: readonly Json[], change: (item: Json) => Json): readonly Json[] {
  const next = items.map(change);
  return next.every((item, index) => item === items[index]) ? items : next;
}
