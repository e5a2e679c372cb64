import { isJsonObject, type Json, type JsonObject } from "../base/json";
import { ERROR_TYPES } from "../components/error-types";
import { isPure } from "../components/pure";
import { undoDefault } from "../components/undo-defaults";
import { canonicalComponent } from "../workflow/canonical";
import type { Component, Workflow } from "../workflow/workflow";
import { configShape, type Shape } from "./config-template";
import type { NodeKind, PlanNode, RetryRule, UndoRole } from "./node";
import { limitsOf, retryRuleOf } from "./policy";

/** What follows the id of a component in the path of the step that undoes it. */
export const UNDO = "~undo";
/** What follows the id of a `workflow_call` with an entry in the path of the step that sees what became of a stopped call. */
export const STOPPED = `~stopped${UNDO}`;
/** The path of the call of `error_recovery.compensation_workflow`. */
export const RECOVERY = "~recovery";
/** The path of the step that tells `error_recovery.notification_channels`. */
export const NOTICE = "~notify";

/** How a workflow is undone. */
export interface UndoPlan {
  /** The steps by what ends their paths: `ID~undo`, `ID~stopped~undo`, `~recovery`, `~notify`. */
  readonly nodes: ReadonlyMap<string, PlanNode>;
  /** By the number of the component that is undone. */
  readonly of: ReadonlyMap<number, PlanNode>;
  /** By the number of a call that has an entry: what comes before it when the call was stopped. */
  readonly stopped: ReadonlyMap<number, PlanNode>;
  /** Components that steps read beside the ones they undo. `all`: it cannot be told which. */
  readonly read: ReadonlySet<string> | "all";
}

/** Undoing is tried three times, whatever went wrong. */
const RETRY: RetryRule = {
  maxAttempts: 3,
  initialDelayMs: 1000,
  maxDelayMs: 30_000,
  multiplier: 2,
  jitter: true,
  retryable: ERROR_TYPES,
  never: [],
};

/** How `workflow`, whose components are `nodes`, is undone: by its entries, by what it calls, by its `error_recovery`. */
export function undoPlanOf(workflow: Workflow, nodes: readonly PlanNode[]): UndoPlan {
  const found = new Map<string, PlanNode>();
  const of = new Map<number, PlanNode>();
  const stopped = new Map<number, PlanNode>();
  const add = (node: PlanNode | undefined): void => {
    if (node === undefined) return;
    found.set(node.id, node);
    if (node.undo?.kind === "entry" || node.undo?.kind === "call") of.set(node.undo.of, node);
    if (node.undo?.kind === "stopped") stopped.set(node.undo.of, node);
  };
  const entries = isJsonObject(workflow.compensation) ? workflow.compensation : {};
  for (const node of nodes) {
    const entry = Object.hasOwn(entries, node.id) ? entries[node.id] : undefined;
    add(isJsonObject(entry) ? entryNode(node, entry) : undefined);
    if (node.kind === "call") add(callNode(node, of.has(node.number) ? "stopped" : "call"));
  }
  const recovery: JsonObject = isJsonObject(workflow.error_recovery) ? workflow.error_recovery : {};
  add(recoveryNode(recovery["compensation_workflow"]));
  add(noticeNode(recovery["notification_channels"]));
  return { nodes: found, of, stopped, read: readBy(found.values()) };
}

function entryNode(node: PlanNode, entry: JsonObject): PlanNode | undefined {
  const type = entry["component"] ?? undoDefault(node.type, node.component.config)?.component;
  if (typeof type !== "string" || type === "") return undefined;
  const config = isJsonObject(entry["config"])
    ? entry["config"]
    : undoDefault(node.type, node.component.config, type)?.config;
  const { action, retry_policy, error_handling, resource_limits } = entry;
  const written = {
    id: `${node.id}${UNDO}`,
    type,
    ...(typeof action === "string" ? { name: action } : {}),
    ...(config === undefined ? {} : { config }),
    ...(isJsonObject(retry_policy) ? { retry_policy } : {}),
    ...(isJsonObject(error_handling) ? { error_handling } : {}),
    ...(isJsonObject(resource_limits) ? { resource_limits } : {}),
  } as Component;
  const component = canonicalComponent(written, [], []);
  const kind = component.type === "workflow_call" ? "call" : "step";
  return step(component, kind, { kind: "entry", of: node.number }, retryRuleOf(component) ?? RETRY, node.scope);
}

function callNode(node: PlanNode, kind: "call" | "stopped"): PlanNode {
  const component: Component = { id: `${node.id}${kind === "call" ? UNDO : STOPPED}`, type: "workflow_call" };
  return step(component, "undo-call", { kind, of: node.number }, undefined, node.scope);
}

function recoveryNode(id: Json | undefined): PlanNode | undefined {
  if (typeof id !== "string" || id === "") return undefined;
  const component: Component = { id: RECOVERY, type: "workflow_call", config: { workflow_id: id } };
  return step(component, "call", { kind: "recovery" }, undefined, 0);
}

function noticeNode(channels: Json | undefined): PlanNode | undefined {
  const names = typeof channels === "string" ? [channels] : Array.isArray(channels) ? (channels as Json[]) : [];
  if (names.length === 0) return undefined;
  const component: Component = { id: NOTICE, type: "notify", config: { channels: names, level: "error" } };
  return step(component, "step", { kind: "notice" }, RETRY, 0);
}

function step(
  component: Component,
  kind: NodeKind,
  undo: UndoRole,
  retry: RetryRule | undefined,
  scope: number,
): PlanNode {
  return {
    // In no list of nodes and no frame: it is found by its id, and its state is in the list of steps.
    number: -1,
    position: -1,
    id: component.id,
    type: component.type,
    kind,
    component,
    scope,
    incoming: [],
    outgoing: [],
    judged: [],
    owns: [],
    disabled: false,
    pure: isPure(component.type, component.config),
    waits: "all",
    ...(retry === undefined ? {} : { retry }),
    caches: false,
    lastResort: { kind: "fail" },
    takenByError: false,
    ...limitsOf(component, false),
    undo,
  };
}

/** The components that the configs of `steps` name. */
function readBy(steps: Iterable<PlanNode>): ReadonlySet<string> | "all" {
  const names = new Set<string>();
  let isUnsure = false;
  const look = (shape: Shape): void => {
    if (shape.kind === "object") for (const [, field] of shape.fields) look(field);
    else if (shape.kind === "list") shape.items.forEach(look);
    else if (shape.kind === "template") {
      for (const { name, fields } of shape.template.expressions.flatMap((expression) => expression.names)) {
        const key = name === "components" ? fields[0]?.key : name;
        if (typeof key === "string") names.add(key);
        else isUnsure = true;
      }
    }
  };
  for (const node of steps) look(configShape(node.component, node.type));
  return isUnsure ? "all" : names;
}
