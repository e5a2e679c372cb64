import { readFile, stat } from "node:fs/promises";
import { isAbsolute, join, normalize, sep } from "node:path";
import { fail, ok, type Result } from "@shared/base/result";
import { type BundledWorkflow, type Content, contentsOf, workflowPath } from "@shared/bundle/contents";
import { BUNDLE_FORMAT, type Manifest, type Need } from "@shared/bundle/manifest";
import { calledWorkflows, everyComponent } from "@shared/bundle/members";
import { needsOf } from "@shared/bundle/needs";
import { catalogue } from "@shared/components/catalogue";
import { check } from "@shared/workflow/check";
import { readWorkflow } from "@shared/workflow/file";
import type { Finding } from "@shared/workflow/finding";
import type { BundleProblem } from "./problem";
import type { EntryToWrite } from "./write";

/** A workflow's text and where its relative paths start. */
export interface FoundWorkflow {
  readonly text: string;
  readonly format: "yaml" | "json";
  readonly folder?: string;
}

/** Finds a workflow by id: in the workspace, beside a file, or in another bundle. */
export type FindWorkflow = (id: string) => Promise<FoundWorkflow | undefined>;

/** All that goes into a bundle, measured and checked, before a byte is written. */
export interface Collection {
  readonly head: Omit<Manifest, "entries">;
  readonly entries: readonly (EntryToWrite & {
    readonly title: string;
    readonly note: string;
    readonly bytes: number;
    readonly optional: boolean;
  })[];
  readonly needs: readonly Need[];
  readonly findings: readonly (Finding & { readonly workflowId: string })[];
}

/**
 * Collects the workflow `id`, every workflow it reaches through `workflow_call`, their code, schemas and the data files they read by
 * a fixed relative path.
 *
 * @param sample a sample input to offer, as JSON text.
 * @returns `unknown-workflow` when a called one cannot be found, `workflow-has-errors` when one could not be read at all.
 */
export async function collect(
  id: string,
  find: FindWorkflow,
  version: string,
  sample?: string,
): Promise<Result<Collection, BundleProblem>> {
  const workflows = new Map<string, BundledWorkflow & { readonly folder?: string }>();
  const findings: (Finding & { workflowId: string })[] = [];
  const queue: { readonly id: string; readonly calledBy?: string }[] = [{ id }];
  for (let next = queue.shift(); next; next = queue.shift()) {
    if (workflows.has(next.id)) continue;
    const found = await find(next.id);
    if (!found) return fail({ kind: "unknown-workflow", ...next });
    const document = readWorkflow(found.text, found.format);
    if (!document.workflow)
      return fail({
        kind: "workflow-has-errors",
        id: next.id,
        messages: document.problems.map((finding) => finding.message),
      });
    workflows.set(next.id, {
      text: found.text,
      format: found.format,
      workflow: document.workflow,
      ...(found.folder ? { folder: found.folder } : {}),
    });
    for (const finding of check(document, catalogue)) findings.push({ ...finding, workflowId: next.id });
    for (const called of calledWorkflows(document.workflow)) queue.push({ id: called, calledBy: next.id });
  }
  const all = [...workflows.values()];
  const root = workflows.get(id)?.workflow;
  if (!root) return fail({ kind: "unknown-workflow", id });
  const needs = needsOf(
    root,
    all.map((one) => one.workflow),
    version,
  );
  const contents = contentsOf(id, all).map(fromContent);
  const files = await dataFiles(all);
  const entries = [...contents, ...files, ...(sample === undefined ? [] : [sampleEntry(id, sample)])];
  const head = {
    format: BUNDLE_FORMAT,
    made_by: `apg-workflow-studio ${version}`,
    root: { id, name: root.name ?? id, version: root.version ?? "0.0.0" },
    workflows: all
      .map(({ workflow, format }) => ({
        id: workflow.id,
        version: workflow.version ?? "0.0.0",
        path: workflowPath(workflow.id, format),
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    needs: [...needs],
  };
  return ok({ head, entries, needs, findings });
}

function fromContent(content: Content): Collection["entries"][number] {
  const { path, kind, title, note, text } = content;
  return {
    path,
    kind,
    title,
    note,
    source: { text },
    bytes: Buffer.byteLength(text),
    optional: kind === "code" || kind === "schema",
  };
}

function sampleEntry(id: string, text: string): Collection["entries"][number] {
  return {
    path: `samples/${id}.input.json`,
    kind: "sample",
    title: "Sample input",
    note: "may hold personal data",
    source: { text },
    bytes: Buffer.byteLength(text),
    optional: true,
  };
}

/** Files that components read by a fixed relative path below the workflow's folder. */
async function dataFiles(
  workflows: readonly (BundledWorkflow & { readonly folder?: string })[],
): Promise<Collection["entries"]> {
  const entries = new Map<string, Collection["entries"][number]>();
  for (const { workflow, folder } of workflows) {
    if (folder === undefined) continue;
    for (const component of everyComponent(workflow)) {
      const { operation, path, source } = component.config ?? {};
      const name = component.type === "file" && (operation ?? "read") === "read" ? path : source;
      if (typeof name !== "string" || component.type === "code" || name.includes("{{") || isAbsolute(name)) continue;
      const plain = normalize(name);
      if (plain.startsWith(`..${sep}`) || plain === "..") continue;
      const file = join(folder, plain);
      const size = await sizeOf(file);
      if (size === undefined) continue;
      const inside = `files/${plain.split(sep).join("/")}`;
      entries.set(inside, {
        path: inside,
        kind: "file",
        title: plain,
        note: `read by ${component.name ?? component.id}`,
        source: { file },
        bytes: size,
        optional: true,
      });
    }
  }
  return [...entries.values()];
}

/** A file's size; `undefined` where there is no file: an earlier step may write it. */
async function sizeOf(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}

/**
 * Finds workflows as files beside `folder`: `<id>.workflow.yaml`, `.yml` or `.json`.
 *
 * @throws the system's error when one is there and cannot be read: another workflow of that name must not take its place.
 */
export function findBeside(folder: string): FindWorkflow {
  return async (id) => {
    if (!/^[a-z][a-z0-9_]*$/.test(id)) return undefined;
    for (const ending of ["yaml", "yml", "json"] as const) {
      const text = await readFile(join(folder, `${id}.workflow.${ending}`), "utf8").catch(whenAbsent);
      if (text !== undefined) return { text, format: ending === "json" ? "json" : "yaml", folder };
    }
    return undefined;
  };
}

function whenAbsent(cause: NodeJS.ErrnoException): undefined {
  if (cause.code !== "ENOENT" && cause.code !== "ENOTDIR") throw cause;
  return undefined;
}
