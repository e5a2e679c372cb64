import { isJsonObject } from "../base/json";
import type { Workflow } from "../workflow/workflow";
import { everyComponent } from "./members";
import type { EntryKind } from "./manifest";

/** A workflow as it goes into a bundle: its text untouched. */
export interface BundledWorkflow {
  readonly text: string;
  readonly format: "yaml" | "json";
  readonly workflow: Workflow;
}

/** One entry before it is written. */
export interface Content {
  readonly path: string;
  readonly kind: EntryKind;
  readonly title: string;
  readonly note: string;
  readonly text: string;
}

/**
 * The entries that follow from the workflows alone: their texts, copies of the code in them for reviewers, and JSON Schemas of
 * their parameters. Sorted by path.
 */
export function contentsOf(root: string, workflows: readonly BundledWorkflow[]): readonly Content[] {
  return workflows
    .flatMap((one) => [workflowEntry(root, one), ...codeEntries(one), ...schemaEntries(one)])
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Where a workflow's text lies in a bundle. */
export function workflowPath(id: string, format: "yaml" | "json"): string {
  return `workflows/${id}.workflow.${format}`;
}

function workflowEntry(root: string, { text, format, workflow }: BundledWorkflow): Content {
  return {
    path: workflowPath(workflow.id, format),
    kind: "workflow",
    title: workflow.name ?? workflow.id,
    note: workflow.id === root ? "exported" : "called",
    text,
  };
}

/** Copies of a workflow's code, path to text: for reading and for tools. `verify` compares them with the workflow. */
export function codeEntries({ workflow }: Pick<BundledWorkflow, "workflow">): readonly Content[] {
  const entries: Content[] = [];
  for (const component of everyComponent(workflow)) {
    const source = component.config?.["source"];
    if (component.type !== "code" || typeof source !== "string") continue;
    const ending = component.config?.["language"] === "typescript" ? "ts" : "js";
    entries.push({
      path: `code/${workflow.id}/${component.id}.${ending}`,
      kind: "code",
      title: component.name ?? component.id,
      note: `code of ${workflow.id}`,
      text: source,
    });
  }
  return entries;
}

function schemaEntries({ workflow }: BundledWorkflow): readonly Content[] {
  const parameters = workflow.parameters;
  if (!isJsonObject(parameters) || Object.keys(parameters).length === 0) return [];
  const required = Object.entries(parameters)
    .filter(([, schema]) => schema?.default === undefined && schema?.["required"] !== false)
    .map(([name]) => name);
  const properties = Object.fromEntries(
    Object.entries(parameters).map(([name, schema]) => {
      const { required: _own, ...rest } = schema ?? {};
      return [name, typeof _own === "boolean" ? rest : (schema ?? {})];
    }),
  );
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `Parameters of ${workflow.id}`,
    type: "object",
    properties,
    required,
  };
  return [
    {
      path: `schemas/${workflow.id}.parameters.schema.json`,
      kind: "schema",
      title: `Parameters of ${workflow.name ?? workflow.id}`,
      note: "JSON Schema",
      text: `${JSON.stringify(schema, null, 2)}\n`,
    },
  ];
}
