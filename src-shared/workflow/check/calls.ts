import { nearest } from "../../expression/nearest";
import type { Path } from "../workflow";
import type { Rule, Subject } from "./subject";

/** Workflows that are called. */
export const calls: Rule = (subject) => {
  for (const { canonical, path } of subject.components) {
    const id = canonical.config?.["workflow_id"];
    if (canonical.type === "workflow_call" && typeof id === "string")
      called(subject, id, [...path, "config", "workflow_id"]);
  }
  const cleanup = subject.workflow.error_recovery?.["compensation_workflow"];
  if (typeof cleanup === "string") called(subject, cleanup, ["error_recovery", "compensation_workflow"]);
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
