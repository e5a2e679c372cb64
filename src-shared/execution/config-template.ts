import type { Json, JsonObject } from "../base/json";
import { isJsonObject } from "../base/json";
import { descriptorOf } from "../components/catalogue";
import { compileTemplate, isTemplate, type Template } from "../expression/template";
import type { ExpressionProblem } from "../expression/problem";
import type { Component } from "../workflow/workflow";
import { inline, type Value } from "./value";

/** A piece of a definition, compiled: what holds no expression is a value already. */
export type Shape =
  | { readonly kind: "plain"; readonly value: Value }
  | { readonly kind: "template"; readonly template: Template; readonly place: string }
  | { readonly kind: "bad"; readonly problem: ExpressionProblem; readonly place: string }
  | { readonly kind: "object"; readonly fields: readonly (readonly [string, Shape])[] }
  | { readonly kind: "list"; readonly items: readonly Shape[] };

const configs = new WeakMap<Component, Shape>();
const others = new WeakMap<object, Shape>();

/** The compiled config of a component. Compiled once; keys that are no templates of their owner stay as they are. */
export function configShape(component: Component, type: string): Shape {
  const known = configs.get(component);
  if (known !== undefined) return known;
  const shape = compileConfig(component.config ?? {}, type);
  configs.set(component, shape);
  return shape;
}

/** The compiled form of any other part of a definition, such as `outputs`. */
export function shapeOf(json: Json, place: string): Shape {
  if (typeof json !== "object" || json === null) return compile(json, place);
  const known = others.get(json);
  if (known !== undefined) return known;
  const shape = compile(json, place);
  others.set(json, shape);
  return shape;
}

function compileConfig(config: JsonObject, type: string): Shape {
  const keys = descriptorOf(type)?.config_schema.properties ?? {};
  const isOpaque = (key: string): boolean =>
    // An owner's members, and the conditions of cases, are evaluated elsewhere.
    keys[key]?.["x-template"] === false || key === "fallback_component" || (type === "decision" && key === "cases");
  return together(
    Object.entries(config).flatMap(([key, value]) => {
      if (value === undefined) return [];
      return [
        [key, isOpaque(key) ? { kind: "plain", value: inline(value) } : compile(value, `config.${key}`)] as const,
      ];
    }),
  );
}

function compile(json: Json, place: string): Shape {
  if (typeof json === "string") {
    if (!isTemplate(json)) return { kind: "plain", value: inline(json) };
    const compiled = compileTemplate(json);
    if (!compiled.ok) return { kind: "bad", problem: compiled.problem, place };
    const { literal } = compiled.value;
    if (literal !== undefined) return { kind: "plain", value: inline(literal) };
    return { kind: "template", template: compiled.value, place };
  }
  if (Array.isArray(json)) {
    const items = (json as readonly Json[]).map((item, at) => compile(item, `${place}[${at}]`));
    return items.every((item) => item.kind === "plain" && item.value.kind === "inline")
      ? { kind: "plain", value: inline(items.map(plainOf)) }
      : { kind: "list", items };
  }
  if (!isJsonObject(json)) return { kind: "plain", value: inline(json) };
  return together(
    Object.entries(json).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, compile(value, `${place}.${key}`)] as const],
    ),
  );
}

function together(fields: readonly (readonly [string, Shape])[]): Shape {
  return fields.every(([, field]) => field.kind === "plain")
    ? { kind: "plain", value: inline(Object.fromEntries(fields.map(([key, field]) => [key, plainOf(field)]))) }
    : { kind: "object", fields };
}

function plainOf(shape: Shape): Json {
  return shape.kind === "plain" && shape.value.kind === "inline" ? shape.value.json : null;
}
