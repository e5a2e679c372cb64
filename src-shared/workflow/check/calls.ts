import { isJsonObject } from "../../base/json";
import { nearest } from "../../expression/nearest";
import type { Path } from "../workflow";
import type { Rule, Subject } from "./subject";

/** Workflows that are called, and what is undone. */
export const calls: Rule = (subject) => {
  for (const { canonical, path } of subject.components) {
    const id = canonical.config?.["workflow_id"];
    if (canonical.type === "workflow_call" && typeof id === "string")
      called(subject, id, [...path, "config", "workflow_id"]);
  }
  const cleanup = subject.workflow.error_recovery?.["compensation_workflow"];
  if (typeof cleanup === "string") called(subject, cleanup, ["error_recovery", "compensation_workflow"]);
  compensation(subject);
};

function called(subject: Subject, id: string, path: Path): void {
  if (
    subject.workflowIds === undefined ||
    id === "" ||
    id.includes("{{") ||
    subject.workflowIds.has(id) ||
    id === subject.workflow.id
  )
    return;
  const near = nearest(id, subject.workflowIds);
  const fix =
    near === undefined ? undefined : { title: `Write ${near}`, edit: { kind: "set", path, value: near } as const };
  subject.report("missing-workflow", "error", path, `There is no workflow ${id}.`, { fix });
}

function compensation(subject: Subject): void {
  const { byId } = subject.graph;
  for (const [id, undo] of Object.entries(subject.workflow.compensation ?? {})) {
    const path = ["compensation", id];
    if (!byId.has(id)) {
      const near = nearest(id, byId.keys());
      const fix =
        near === undefined
          ? undefined
          : { title: `Rename to ${near}`, edit: { kind: "move", from: path, to: ["compensation", near] } as const };
      subject.report("unknown-component", "error", path, `There is no component ${id} to undo.`, { at: "key", fix });
    }
    if (!isJsonObject(undo)) {
      subject.report("undo-config", "error", path, "What undoes a component is a mapping with component and config.");
      continue;
    }
    const type = undo["component"];
    const descriptor = typeof type === "string" ? subject.descriptorOf(type) : undefined;
    if (descriptor === undefined) {
      subject.report(
        "unknown-type",
        "error",
        [...path, "component"],
        typeof type === "string" ? `There is no component type ${type}.` : "The component type that undoes is missing.",
      );
      continue;
    }
    const config = isJsonObject(undo["config"]) ? undo["config"] : {};
    const missing = (descriptor.config_schema.required ?? []).filter((key) => config[key] === undefined);
    if (missing.length > 0) {
      subject.report(
        "undo-config",
        "error",
        path,
        `Undoing ${id} with ${descriptor.type} needs ${missing.join(", ")} in its config.`,
        { at: "key" },
      );
    }
  }
}
