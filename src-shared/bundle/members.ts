import type { Json } from "../base/json";
import { isJsonObject } from "../base/json";
import type { Component, Workflow } from "../workflow/workflow";

/** Every component of a workflow, those written in place inside branches and loops included, in the order of the text. */
export function* everyComponent(workflow: Workflow): Generator<Component> {
  for (const component of workflow.components ?? []) yield* withMembers(component);
}

function* withMembers(component: Component): Generator<Component> {
  yield component;
  const config = component.config;
  if (!isJsonObject(config)) return;
  yield* inPlace(config["components"]);
  const branches = config["branches"];
  if (Array.isArray(branches))
    for (const branch of branches) if (isJsonObject(branch)) yield* inPlace(branch["components"]);
  yield* inPlace([config["fallback_component"] ?? null]);
}

function* inPlace(members: Json | undefined): Generator<Component> {
  if (!Array.isArray(members)) return;
  for (const member of members) {
    if (isJsonObject(member) && typeof member["id"] === "string" && typeof member["type"] === "string") {
      yield* withMembers(member as unknown as Component);
    }
  }
}

/** The workflow ids that `workflow` calls and names: `workflow_call` targets and its compensation workflow. */
export function calledWorkflows(workflow: Workflow): readonly string[] {
  const ids = new Set<string>();
  for (const component of everyComponent(workflow)) {
    const id = component.config?.["workflow_id"];
    if (component.type === "workflow_call" && typeof id === "string" && !id.includes("{{")) ids.add(id);
  }
  const undo = workflow.error_recovery?.["compensation_workflow"];
  if (typeof undo === "string") ids.add(undo);
  return [...ids].sort();
}
