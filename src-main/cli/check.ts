import { catalogue } from "@shared/components/catalogue";
import { check } from "@shared/workflow/check";
import { readWorkflow, type WorkflowDocument } from "@shared/workflow/file";
import type { Finding } from "@shared/workflow/finding";
import { EXIT } from "./exit";
import { readText } from "./input";
import { print, printJson, say } from "./output";

/** A workflow file's format, by its name. */
export function formatOf(file: string): "yaml" | "json" {
  return /\.json$/i.test(file) ? "json" : "yaml";
}

/** Reads and checks one file. */
export async function readAndCheck(
  file: string,
): Promise<{ readonly document: WorkflowDocument; readonly findings: readonly Finding[] }> {
  const document = readWorkflow(await readText(file), formatOf(file));
  return { document, findings: check(document, catalogue) };
}

/** `file:line:column severity rule message`, the form editors and build servers read. */
export function line(file: string, finding: Finding): string {
  return `${file}:${finding.place.line}:${finding.place.column} ${finding.severity} ${finding.rule} ${finding.message}`;
}

/** `apg check FILE…`: findings on stdout; exit 1 when one is an error. */
export async function checkCommand(files: readonly string[], options: { readonly json?: boolean }): Promise<number> {
  const all: (Omit<Finding, "fix"> & { readonly file: string })[] = [];
  for (const file of files) {
    const { findings } = await readAndCheck(file);
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
        : `${errors} errors, ${warnings} warnings, ${all.length - errors - warnings} infos.`,
    );
  }
  return errors > 0 ? EXIT.failed : EXIT.ok;
}
