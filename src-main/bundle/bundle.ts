import { fail, ok, type Result } from "@shared/base/result";
import type { BundlePlan, BundleReport } from "@shared/contract/bundles";
import { stopsOf } from "@shared/workflow/instead";
import { collect, type Collection, type FindWorkflow } from "./collect";
import type { BundleProblem } from "./problem";
import { openBundle } from "./read";
import { writeBundle, type WriteProgress } from "./write";

export { findBeside, type FindWorkflow, type FoundWorkflow } from "./collect";
export { sentence as bundleSentence, type BundleProblem } from "./problem";
export { openBundle, type OpenedBundle } from "./read";

/** A bundle's file name: `<id>-<version>.apgb`. */
export function fileNameOf(root: { readonly id: string; readonly version: string }): string {
  return `${root.id}-${root.version}.apgb`;
}

/** What an export of `id` would hold and need. */
export async function planBundle(
  id: string,
  find: FindWorkflow,
  version: string,
  sample?: string,
): Promise<Result<BundlePlan, BundleProblem>> {
  const collected = await collect(id, find, version, sample);
  if (!collected.ok) return collected;
  const { head, entries, needs, findings } = collected.value;
  return ok({
    fileName: fileNameOf(head.root),
    entries: entries.map(({ path, kind, title, note, bytes, optional }) => ({
      path,
      kind,
      title,
      note,
      bytes,
      optional,
    })),
    needs,
    findings: findings.filter((finding) => finding.severity !== "info"),
    blocked: hasErrors(collected.value),
  });
}

function hasErrors(collection: Collection): boolean {
  return stopsOf(collection.findings).length > 0;
}

/**
 * Writes the bundle of `id`. Optional entries named in `leaveOut` stay away.
 *
 * @param target the file, or a function that names it once the workflow's version is known.
 * @returns `workflow-has-errors` when check finds errors in it or in a workflow it calls.
 */
export async function exportBundle(
  id: string,
  find: FindWorkflow,
  version: string,
  target: string | ((fileName: string) => string),
  options: {
    readonly leaveOut?: readonly string[];
    readonly sample?: string;
    readonly report?: (progress: WriteProgress) => void;
    readonly signal?: AbortSignal;
  } = {},
): Promise<
  Result<
    { readonly file: string; readonly sha256: string; readonly bytes: number; readonly entries: number },
    BundleProblem
  >
> {
  const collected = await collect(id, find, version, options.sample);
  if (!collected.ok) return collected;
  if (hasErrors(collected.value)) {
    const messages = stopsOf(collected.value.findings).map(
      (finding) => `${finding.workflowId}:${finding.place.line}:${finding.place.column} ${finding.message}`,
    );
    return fail({ kind: "workflow-has-errors", id, messages });
  }
  const { head } = collected.value;
  const out = new Set(options.leaveOut ?? []);
  const entries = collected.value.entries.filter((entry) => !(entry.optional && out.has(entry.path)));
  const file = typeof target === "string" ? target : target(fileNameOf(head.root));
  const written = await writeBundle(file, head, entries, options.report, options.signal);
  return written.ok ? ok({ file, ...written.value, entries: entries.length + 1 }) : written;
}

/** What a bundle file says about itself, and whether it is intact. */
export async function inspectBundle(file: string): Promise<Result<BundleReport, BundleProblem>> {
  const opened = await openBundle(file);
  if (!opened.ok) return opened;
  const { manifest, entries, problems } = opened.value;
  return ok({
    file,
    root: manifest.root,
    workflows: manifest.workflows.map((one) => one.id),
    entries,
    needs: manifest.needs,
    intact: problems.length === 0,
    problems,
  });
}
