import { dirname, resolve } from "node:path";
import { calledWorkflows } from "@shared/bundle/members";
import { catalogue } from "@shared/components/catalogue";
import { check } from "@shared/workflow/check";
import { readWorkflow, type WorkflowDocument } from "@shared/workflow/file";
import type { Finding } from "@shared/workflow/finding";
import type { Workflow } from "@shared/workflow/workflow";
import { EXIT } from "./exit";
import { readText } from "./input";
import { counted, print, printJson, say } from "./output";
import type { Outside } from "./outside";

/** A workflow file's format, by its name. */
export function formatOf(file: string): "yaml" | "json" {
  return /\.json$/i.test(file) ? "json" : "yaml";
}

/** The ids of the workflows that `workflow` calls, as far as `has` knows them. */
export async function knownCalls(
  workflow: Workflow | undefined,
  has: (id: string) => Promise<boolean> | boolean,
): Promise<readonly string[]> {
  const known: string[] = [];
  for (const id of workflow === undefined ? [] : calledWorkflows(workflow)) if (await has(id)) known.push(id);
  return known;
}

/** `file:line:column severity rule message`, the form editors and build servers read. */
export function line(file: string, finding: Finding): string {
  return `${file}:${finding.place.line}:${finding.place.column} ${finding.severity} ${finding.rule} ${finding.message}`;
}

/**
 * `apg check FILE…`: findings on stdout; exit 1 when one is an error.
 *
 * Called workflows are sought among the files, beside them and in the workspace, if there is one.
 */
export async function checkCommand(
  files: readonly string[],
  options: { readonly json?: boolean; readonly workspace?: string },
  outside: Outside,
): Promise<number> {
  const read: { readonly file: string; readonly document: WorkflowDocument }[] = [];
  for (const file of files) read.push({ file, document: readWorkflow(await readText(file), formatOf(file)) });
  const given = new Set(read.flatMap(({ document }) => document.workflow?.id ?? []));
  const all: (Omit<Finding, "fix"> & { readonly file: string })[] = [];
  for (const { file, document } of read) {
    const beside = outside.beside(dirname(resolve(file)));
    const workflowIds = await knownCalls(
      document.workflow,
      async (id) =>
        given.has(id) || (await beside(id)) !== undefined || (await outside.isStored(id, options.workspace)),
    );
    const findings = check(document, catalogue, { workflowIds });
    for (const { fix: _fix, ...finding } of findings) all.push({ file, ...finding });
  }
  const errors = all.filter((finding) => finding.severity === "error").length;
  if (options.json)
    await printJson(
      all.map(({ file, rule, severity, message, place }) => ({ file, rule, severity, message, ...place })),
    );
  else {
    if (all.length > 0) await print(all.map((finding) => line(finding.file, finding)).join("\n"));
    const warnings = all.filter((finding) => finding.severity === "warning").length;
    say(
      all.length === 0
        ? "No findings."
        : [
            counted(errors, "error"),
            counted(warnings, "warning"),
            counted(all.length - errors - warnings, "info"),
          ].join(", ") + ".",
    );
  }
  return errors > 0 ? EXIT.failed : EXIT.ok;
}
