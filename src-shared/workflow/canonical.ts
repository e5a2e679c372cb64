import { isJsonObject, type Json, type JsonObject } from "../base/json";
import { canonicalType } from "../components/catalogue";
import { alias, type AliasNote } from "./alias";
import { canonicalRetry } from "./canonical-retry";
import type { Edit } from "./edit";
import { isInPlace, memberLists } from "./members";
import type { Component, Path, Workflow } from "./workflow";

export type { AliasNote } from "./alias";

/** A workflow in which nothing stands in an alias's place and every type has its canonical name. */
export type CanonicalWorkflow = Workflow;

const PRIVACY_KEYS = ["data_classification", "processing_rules", "compliance"] as const;

/**
 * Reads the guide's aliases as if in the canonical place (docs/definition.md lists them).
 *
 * Never rewrites text: each note has a fix that would. Components in place are read too. What is canonical already
 * is the same object as before.
 */
export function canonical(workflow: Workflow): {
  readonly workflow: CanonicalWorkflow;
  readonly notes: readonly AliasNote[];
} {
  const notes: AliasNote[] = [];
  const components = workflow.components.map((component, index) =>
    canonicalComponent(component, ["components", index], notes),
  );
  const top = topLevel(workflow, notes);
  if (top === workflow && components.every((component, index) => component === workflow.components[index]))
    return { workflow, notes };
  return { workflow: { ...top, components }, notes };
}

function topLevel(workflow: Workflow, notes: AliasNote[]): Workflow {
  const { workflow_permissions: permissions, ...rest } = workflow as Workflow & JsonObject;
  let top: Workflow = workflow;
  if (isJsonObject(permissions)) {
    const taken = workflow.permissions !== undefined;
    notes.push(alias(["workflow_permissions"], ["permissions"], taken));
    top = taken ? (rest as unknown as Workflow) : ({ ...rest, permissions } as unknown as Workflow);
  }
  const bare = PRIVACY_KEYS.filter((key) => workflow[key] !== undefined);
  if (bare.length === 0) return top;
  const privacy: { [key: string]: Json | undefined } = { ...(workflow.privacy ?? {}) };
  const without: { [key: string]: unknown } = { ...top };
  for (const key of bare) {
    const taken = privacy[key] !== undefined;
    notes.push(alias([key], ["privacy", key], taken));
    if (!taken) privacy[key] = workflow[key] as Json;
    delete without[key];
  }
  return { ...(without as unknown as Workflow), privacy };
}

/** `component` with its aliases read as if in their canonical place; `path` is where it stands. */
export function canonicalComponent(component: Component, path: Path, notes: AliasNote[]): Component {
  let read = component;
  const type = canonicalType(component.type);
  if (type !== component.type) {
    const edit: Edit = { kind: "set", path: [...path, "type"], value: type };
    notes.push({
      rule: "canonical-place",
      severity: "info",
      path: [...path, "type"],
      message: `${component.type} is another name of the type ${type}.`,
      fix: { title: `Write ${type}`, edit },
    });
    read = { ...read, type };
  }
  read = canonicalRetry(read, path, notes);
  read = breaker(read, path, notes);
  read = timeout(read, path, notes);
  return members(read, path, notes);
}

function breaker(component: Component, path: Path, notes: AliasNote[]): Component {
  const config = component.config;
  if (config === undefined || !isJsonObject(config["circuit_breaker"])) return component;
  const { circuit_breaker: inConfig, ...rest } = config;
  const taken = component.circuit_breaker !== undefined;
  notes.push(alias([...path, "config", "circuit_breaker"], [...path, "circuit_breaker"], taken));
  return { ...component, config: rest, circuit_breaker: taken ? component.circuit_breaker : (inConfig as JsonObject) };
}

function timeout(component: Component, path: Path, notes: AliasNote[]): Component {
  const seconds = component.error_handling?.timeout;
  if (typeof seconds !== "number") return component;
  const { timeout: _alias, ...handling } = component.error_handling!;
  const config = component.config ?? {};
  const own = config["timeout"];
  const from = [...path, "error_handling", "timeout"];
  const to = [...path, "config", "timeout"];
  const both = typeof own === "number";
  const smaller = both ? Math.min(own, seconds) : seconds;
  const edits: Edit[] = both
    ? [
        { kind: "set", path: to, value: smaller },
        { kind: "remove", path: from },
      ]
    : [{ kind: "move", from, to }];
  const message = both
    ? `error_handling.timeout is another place of config.timeout; the smaller, ${smaller} s, is used.`
    : "error_handling.timeout is another place of config.timeout.";
  notes.push({
    rule: "canonical-place",
    severity: "info",
    path: from,
    message,
    fix: { title: "Move to config.timeout", edit: { kind: "all", edits } },
  });
  return { ...component, error_handling: handling, config: { ...config, timeout: smaller } };
}

function members(owner: Component, path: Path, notes: AliasNote[]): Component {
  let config = owner.config as Json | undefined;
  for (const list of memberLists(owner)) {
    list.members.forEach((member, index) => {
      if (!isInPlace(member)) return;
      const below = list.paths[index]!;
      const read = canonicalComponent(member as unknown as Component, [...path, ...below], notes);
      if ((read as unknown) !== member) config = replaceIn(config!, below.slice(1), read as unknown as Json);
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
