import type { Json } from "../base/json";
import { isJsonObject } from "../base/json";
import type { Component, Workflow } from "../workflow/workflow";
import { everyComponent } from "./members";
import type { Need } from "./manifest";

const SECRET = /\bsecrets\s*(?:\.\s*([A-Za-z_][A-Za-z0-9_]*)|\[\s*['"]([^'"]+)['"]\s*\])/g;
const ENV = /\benv\s*(?:\.\s*([A-Za-z_][A-Za-z0-9_]*)|\[\s*['"]([^'"]+)['"]\s*\])/g;

/**
 * What a host must provide to run `workflows`: parameters of the root, secrets, environment values, network hosts, files,
 * named connections, component types, memory and cores. In a fixed order, each once.
 *
 * @param root the workflow the bundle is made for; only its parameters are asked of the caller.
 * @param version the engine's version that the bundle was checked with.
 */
export function needsOf(root: Workflow, workflows: readonly Workflow[], version: string): readonly Need[] {
  const found = new Map<string, Need>();
  const add = (need: Need) => {
    const key = `${need.kind}\n${need.name}`;
    if (!found.has(key)) found.set(key, need);
  };
  parametersOf(root).forEach(add);
  for (const workflow of workflows) {
    for (const component of everyComponent(workflow)) componentNeeds(workflow, component).forEach(add);
    for (const text of strings([workflow.outputs ?? null, workflow.triggers ?? []])) namesIn(text).forEach(add);
  }
  resourceNeeds(workflows).forEach(add);
  add({ kind: "engine", name: `apg-workflow-studio >= ${version}`, detail: "definition format 1" });
  const order: readonly Need["kind"][] = [
    "secret",
    "parameter",
    "env",
    "connection",
    "network",
    "file",
    "component",
    "resources",
    "engine",
  ];
  return [...found.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || compare(a.name, b.name));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function parametersOf(root: Workflow): Need[] {
  return Object.entries(root.parameters ?? {})
    .filter(([, schema]) => schema.default === undefined && schema["required"] !== false)
    .map(([name, schema]) => ({
      kind: "parameter" as const,
      name,
      detail: `${typeof schema.type === "string" ? schema.type : "value"}${schema.sensitive === true ? ", sensitive" : ""}`,
    }));
}

function componentNeeds(workflow: Workflow, component: Component): Need[] {
  const needs: Need[] = [];
  const at = { component: component.id };
  const config = component.config ?? {};
  for (const text of strings([config, component.condition ?? null] as Json)) {
    for (const need of namesIn(text)) needs.push({ ...need, ...at });
  }
  if (typeof config["connection"] === "string")
    needs.push({ kind: "connection", name: config["connection"], detail: `used by ${component.type}`, ...at });
  for (const key of ["source", "destination"] as const) {
    const part = config[key];
    const name = isJsonObject(part) ? part["connection"] : undefined;
    if (typeof name === "string")
      needs.push({ kind: "connection", name, detail: `${key} of ${component.type}`, ...at });
  }
  if (typeof config["url"] === "string") needs.push({ ...networkNeed(workflow, config["url"]), ...at });
  for (const key of ["path", "source", "destination"] as const) {
    const value = config[key];
    if (typeof value !== "string" || component.type === "code") continue;
    needs.push({ kind: "file", name: value, detail: writes(component, key) ? "written" : "read", ...at });
  }
  if (component.type === "code" && config["trust"] === "trusted") {
    needs.push({ kind: "component", name: "code (trusted)", detail: "runs outside the sandbox", ...at });
  }
  return needs;
}

/** Whether `key` of a component names what it writes rather than what it reads. */
function writes(component: Component, key: string): boolean {
  const operation = component.config?.["operation"];
  return (
    key === "destination" ||
    (component.type === "file" && operation !== "read" && operation !== "list" && operation !== undefined)
  );
}

/** The host an address leads to; for one that begins with an expression, the parameter's default or what decides it. */
function networkNeed(workflow: Workflow, url: string): Need {
  const host = hostOf(url);
  if (host !== undefined) return { kind: "network", name: host, detail: "network" };
  const decides = /^\s*\{\{\s*(?:parameters\.)?([A-Za-z_][\w.]*)\s*\}\}/.exec(url)?.[1];
  const usual = decides === undefined ? undefined : workflow.parameters?.[decides]?.default;
  const usually = typeof usual === "string" ? hostOf(usual) : undefined;
  if (usually !== undefined)
    return { kind: "network", name: usually, detail: `network, unless ${decides} says otherwise` };
  return { kind: "network", name: decides ?? "an address", detail: "network, decided when it runs" };
}

/** The host and port of an address that is written out. */
function hostOf(url: string): string | undefined {
  const match = /^(https?):\/\/([^/?#\s{]+)/i.exec(url);
  if (!match) return undefined;
  const [, scheme = "", authority = ""] = match;
  const host = authority.replace(/^[^@]*@/, "");
  return /:\d+$/.test(host) ? host : `${host}:${scheme.toLowerCase() === "https" ? 443 : 80}`;
}

function namesIn(text: string): Need[] {
  if (!text.includes("secrets") && !text.includes("env")) return [];
  const needs: Need[] = [];
  for (const match of text.matchAll(SECRET))
    needs.push({ kind: "secret", name: `secrets.${match[1] ?? match[2]}`, detail: "secret" });
  for (const match of text.matchAll(ENV))
    needs.push({ kind: "env", name: `env.${match[1] ?? match[2]}`, detail: "environment value" });
  return needs;
}

/** The largest limits that any component asks for: what one component may need at a time. */
function resourceNeeds(workflows: readonly Workflow[]): Need[] {
  let memory = 0;
  let cores = 0;
  for (const workflow of workflows) {
    for (const { resource_limits: limits, config } of everyComponent(workflow)) {
      const own = config?.["memory_limit_mb"];
      memory = Math.max(memory, limits?.memory_mb ?? 0, typeof own === "number" ? own : 0);
      cores = Math.max(cores, limits?.cpu_cores ?? 0);
    }
  }
  if (memory === 0 && cores === 0) return [];
  const parts = [memory > 0 ? `${memory} MB` : "", cores > 0 ? `${cores} cores` : ""].filter(Boolean);
  return [{ kind: "resources", name: parts.join(", "), detail: "largest limit of a component" }];
}

function* strings(value: Json | undefined): Generator<string> {
  if (typeof value === "string") yield value;
  else if (Array.isArray(value)) for (const item of value) yield* strings(item as Json);
  else if (isJsonObject(value)) for (const item of Object.values(value)) yield* strings(item);
}
