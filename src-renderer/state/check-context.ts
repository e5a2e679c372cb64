import { catalogue } from "@shared/components/catalogue";
import { check } from "@shared/workflow/check";
import type { WorkflowDocument } from "@shared/workflow/file";
import type { Finding, Severity } from "@shared/workflow/finding";
import { library } from "./library.svelte";
import { settings } from "./settings.svelte";
import { workspace } from "./workspace.svelte";

const ORDER: { readonly [severity in Severity]: number } = { error: 0, warning: 1, info: 2 };

/** Every finding about a document with what the workspace provides: the worst first, then in the order of the text. */
export function checkNow(document: WorkflowDocument): readonly Finding[] {
  const findings = check(document, catalogue, {
    ...(library.loaded ? { workflowIds: library.rows.map((row) => row.id) } : {}),
    ...namesOfWorkspace(),
    ...(workspace.connections.loaded ? { connections: workspace.connections.rows } : {}),
  });
  return withoutEchoes(findings).toSorted(
    (a, b) => ORDER[a.severity] - ORDER[b.severity] || a.place.line - b.place.line || a.place.column - b.place.column,
  );
}

/** The names of secrets and of environment values, as far as they are known; a value of any environment counts. */
export function namesOfWorkspace(): { readonly env?: readonly string[]; readonly secrets?: readonly string[] } {
  const { environments, secrets } = workspace;
  const own = settings.all?.env;
  const env = [...Object.keys(own ?? {}), ...environments.rows.flatMap((row) => Object.keys(row.env))];
  return {
    ...(own !== undefined && environments.loaded ? { env: [...new Set(env)] } : {}),
    ...(secrets.loaded ? { secrets: secrets.rows.map((row) => row.name) } : {}),
  };
}

/** One slip makes a reader stumble many times; the first stumbles say where. */
const SYNTAX_SHOWN = 2;

function withoutEchoes(findings: readonly Finding[]): readonly Finding[] {
  let shown = 0;
  return findings.filter((finding) => finding.rule !== "syntax" || ++shown <= SYNTAX_SHOWN);
}
