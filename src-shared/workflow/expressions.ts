import { isJsonObject, type Json, type JsonObject } from "../base/json";
import { descriptorOf } from "../components/catalogue";
import { compileCondition, compileTemplate, isTemplate, type Template } from "../expression/template";
import type { ExpressionProblem } from "../expression/problem";
import type { Result } from "../base/result";
import { templateStrings } from "../expression/walk";
import { walkComponents } from "./members";
import type { Component, Path, Workflow } from "./workflow";

/** Where an expression is evaluated, which decides the names it sees. */
export type ExpressionSite =
  /** When the component is prepared. */
  | { readonly kind: "component"; readonly id: string }
  /** Before each round of the loop. */
  | { readonly kind: "while"; readonly id: string }
  /** When the source of a connection has settled. */
  | { readonly kind: "connection"; readonly source: string; readonly index: number }
  /** Over one record of a component that works on records: only `record` is in scope. */
  | { readonly kind: "record"; readonly id: string }
  /** When the execution ends. */
  | { readonly kind: "outputs" }
  /** When the component is undone. */
  | { readonly kind: "undo"; readonly id: string };

/** A string of a workflow that holds expressions. */
export interface ExpressionText {
  readonly path: Path;
  readonly text: string;
  /** `condition`: one expression, braces optional, a bool. `value`: one expression, braces left out, any type. */
  readonly as: "template" | "condition" | "value";
  readonly site: ExpressionSite;
}

/** The string compiled; a string without expressions compiles to its literal. */
export function compiled(text: ExpressionText): Result<Template, ExpressionProblem> {
  return text.as === "template" ? compileTemplate(text.text) : compileCondition(text.text);
}

/** Every string of `workflow` that holds an expression, in the order of the text. */
export function expressionsOf(workflow: Workflow): readonly ExpressionText[] {
  const found: ExpressionText[] = [];
  walkComponents(workflow, (component, path) => ofComponent(component, path, found));
  (workflow.connections ?? []).forEach((connection, index) => {
    if (typeof connection.condition !== "string") return;
    const site = { kind: "connection", source: connection.source, index } as const;
    found.push({ path: ["connections", index, "condition"], text: connection.condition, as: "condition", site });
  });
  templates(workflow.outputs, ["outputs"], { kind: "outputs" }, found);
  for (const [id, undo] of Object.entries(workflow.compensation ?? {})) {
    if (isJsonObject(undo)) templates(undo["config"], ["compensation", id, "config"], { kind: "undo", id }, found);
  }
  return found;
}

function ofComponent(component: Component, path: Path, found: ExpressionText[]): void {
  const site = { kind: "component", id: component.id } as const;
  if (typeof component.condition === "string" && component.condition.trim() !== "") {
    found.push({ path: [...path, "condition"], text: component.condition, as: "condition", site });
  }
  const config = component.config;
  if (config === undefined) return;
  const properties = descriptorOf(component.type)?.config_schema.properties ?? {};
  for (const [key, value] of Object.entries(config)) {
    if (value === undefined) continue;
    const at = [...path, "config", key];
    if (key === "while") {
      if (typeof value === "string")
        found.push({ path: at, text: value, as: "condition", site: { kind: "while", id: component.id } });
    } else if (key === "cases" && Array.isArray(value)) cases(value as readonly Json[], at, site, found);
    else if (key === "fallback_component" || properties[key]?.["x-template"] === false) continue;
    else byScope(value, at, properties[key], component.id, found);
  }
}

/** A decision's cases have conditions; a switch's are compared as they are. */
function cases(list: readonly Json[], path: Path, site: ExpressionSite, found: ExpressionText[]): void {
  list.forEach((each, index) => {
    if (!isJsonObject(each)) return;
    for (const [key, value] of Object.entries(each)) {
      if (value === undefined) continue;
      const at = [...path, index, key];
      if (key === "condition" && typeof value === "string")
        found.push({ path: at, text: value, as: "condition", site });
      else if (key !== "condition") templates(value, at, site, found);
    }
  });
}

/** Keys marked `x-scope: record` hold CEL without braces over each record; templates may stand among them. */
function byScope(value: Json, path: Path, schema: JsonObject | undefined, id: string, found: ExpressionText[]): void {
  if (schema?.["x-scope"] === "record") {
    const site = { kind: "record", id } as const;
    const isCondition = path.at(-1) !== "computed_fields" && path.at(-1) !== "fields";
    if (typeof value === "string" && !isTemplate(value))
      found.push({ path, text: value, as: isCondition ? "condition" : "value", site });
    else if (isJsonObject(value) && !isCondition) {
      for (const [key, text] of Object.entries(value)) {
        if (typeof text === "string" && !isTemplate(text))
          found.push({ path: [...path, key], text, as: "value", site });
        else templates(text, [...path, key], { kind: "component", id }, found);
      }
    } else templates(value, path, { kind: "component", id }, found);
    return;
  }
  const properties = schema?.["properties"];
  if (isJsonObject(value) && isJsonObject(properties)) {
    for (const [key, child] of Object.entries(value)) {
      if (child !== undefined)
        byScope(child, [...path, key], isJsonObject(properties[key]) ? properties[key] : undefined, id, found);
    }
  } else templates(value, path, { kind: "component", id }, found);
}

function templates(value: Json | undefined, path: Path, site: ExpressionSite, found: ExpressionText[]): void {
  for (const { path: below, text } of templateStrings(value)) {
    if (isTemplate(text)) found.push({ path: [...path, ...below], text, as: "template", site });
  }
}
