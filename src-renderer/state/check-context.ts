import { catalogue } from "@shared/components/catalogue";
import { check } from "@shared/workflow/check";
import type { WorkflowDocument } from "@shared/workflow/file";
import type { Finding, Severity } from "@shared/workflow/finding";
import { library } from "./library.svelte";
import { settings } from "./settings.svelte";

const ORDER: { readonly [severity in Severity]: number } = { error: 0, warning: 1, info: 2 };

/** Every finding about a document with what the workspace provides: the worst first, then in the order of the text. */
export function checkNow(document: WorkflowDocument): readonly Finding[] {
  const env = settings.all?.env;
  const findings = check(document, catalogue, {
    ...(library.loaded ? { workflowIds: library.rows.map((row) => row.id) } : {}),
    ...(env ? { env: Object.keys(env) } : {}),
  });
  return withoutEchoes(findings).toSorted(
    (a, b) => ORDER[a.severity] - ORDER[b.severity] || a.place.line - b.place.line || a.place.column - b.place.column,
  );
}

/** One slip makes a reader stumble many times; the first stumbles say where. */
const SYNTAX_SHOWN = 2;

function withoutEchoes(findings: readonly Finding[]): readonly Finding[] {
  let shown = 0;
  return findings.filter((finding) => finding.rule !== "syntax" || ++shown <= SYNTAX_SHOWN);
}
