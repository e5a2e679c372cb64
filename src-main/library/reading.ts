import { ID_PATTERN } from "@shared/base/ids";
import { check } from "@shared/workflow/check";
import { readWorkflow, type WorkflowFormat } from "@shared/workflow/file";
import type { Finding } from "@shared/workflow/finding";
import { stopsOf } from "@shared/workflow/instead";
import { scoreOf } from "@shared/workflow/score";
import { childOf } from "@shared/workflow/source/node";
import type { Workflow } from "@shared/workflow/workflow";
import type { WorkflowSummary } from "../store/workflows";

/** What the library needs to know of a text. */
export interface Reading {
  /** Absent when the text names none that is valid. */
  readonly id?: string;
  readonly summary: WorkflowSummary;
}

/** Reads `text` as far as it can be read: one with errors may still have an id. */
export function read(text: string, format: WorkflowFormat): Reading {
  const document = readWorkflow(text, format);
  const { workflow } = document;
  const findings = check(document);
  const id = workflow?.id ?? /^[ \t]*["']?id["']?[ \t]*:[ \t]*["']?([a-z][a-z0-9_]*)/m.exec(text)?.[1];
  const count = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
  return {
    ...(id !== undefined && ID_PATTERN.test(id) ? { id } : {}),
    summary: {
      name: workflow?.name ?? id ?? "Unnamed workflow",
      purpose: workflow?.purpose ?? workflow?.description ?? "",
      category: workflow?.category ?? "",
      tags: workflow?.tags ?? [],
      version: workflow?.version ?? "",
      components: workflow?.components.length ?? 0,
      score: scoreOf(findings).score,
      findings: { errors: count("error"), warnings: count("warning"), infos: count("info") },
    },
  };
}

/** What a text says, and what keeps it from being run. `ids` are those of the workflows it may call. */
export function errorsOf(
  text: string,
  format: WorkflowFormat,
  ids?: Iterable<string>,
): { readonly workflow?: Workflow; readonly errors: readonly Finding[] } {
  const document = readWorkflow(text, format);
  const findings = check(document, undefined, ids === undefined ? {} : { workflowIds: ids });
  return {
    ...(document.workflow === undefined ? {} : { workflow: document.workflow }),
    errors: stopsOf(findings),
  };
}

/** `text` with its `id` and `name` replaced; everything else, comments included, stays as it is. A text that cannot be read stays too. */
export function renamed(
  text: string,
  format: WorkflowFormat,
  keys: { readonly id?: string; readonly name?: string },
): string {
  let changed = text;
  for (const [key, value] of Object.entries(keys)) changed = withKey(changed, format, key, value);
  return changed;
}

function withKey(text: string, format: WorkflowFormat, key: string, value: string): string {
  const { root } = readWorkflow(text, format);
  if (root?.kind !== "map") return text;
  const written = format === "yaml" && /^[a-z][a-z0-9_]*$/.test(value) ? value : JSON.stringify(value);
  const node = childOf(root, key);
  if (node !== undefined) return text.slice(0, node.start) + written + text.slice(node.end);
  if (text[root.start] !== "{") return `${text.slice(0, root.start)}${key}: ${written}\n${text.slice(root.start)}`;
  const comma = root.entries.length === 0 ? "" : ", ";
  return `${text.slice(0, root.start + 1)}${JSON.stringify(key)}: ${written}${comma}${text.slice(root.start + 1)}`;
}
