import { isMap, parseDocument } from "yaml";
import { ID_PATTERN } from "@shared/base/ids";
import type { Workflow } from "@shared/workflow/workflow";
import type { WorkflowSummary } from "../store/workflows";

/** What the library needs to know of a text. */
export interface Reading {
  readonly id?: string;
  readonly workflow?: Workflow;
  readonly summary: WorkflowSummary;
}

/** Reads `text` as far as it can be read; a text with errors still has a name and an id where these can be found. */
export function read(text: string, _format: "yaml" | "json"): Reading {
  const document = parseDocument(text, { logLevel: "silent" });
  const value: unknown =
    document.errors.length === 0 && isMap(document.contents) ? document.toJS({ maxAliasCount: 100 }) : undefined;
  const workflow = value as Workflow | undefined;
  const id = workflow?.id ?? /^["']?id["']?\s*:\s*["']?([a-z][a-z0-9_]*)/m.exec(text)?.[1];
  return {
    ...(typeof id === "string" && ID_PATTERN.test(id) ? { id } : {}),
    ...(workflow === undefined ? {} : { workflow }),
    summary: {
      name: textOf(workflow?.name) || id || "Unnamed workflow",
      purpose: textOf(workflow?.purpose),
      category: textOf(workflow?.category),
      tags: Array.isArray(workflow?.tags) ? workflow.tags.map(String) : [],
      version: textOf(workflow?.version),
      components: Array.isArray(workflow?.components) ? workflow.components.length : 0,
      score: 100,
      findings: { errors: document.errors.length, warnings: 0, infos: 0 },
    },
  };
}

/** `text` with its `id` and `name` replaced; everything else, comments included, stays as it is. */
export function renamed(
  text: string,
  format: "yaml" | "json",
  keys: { readonly id?: string; readonly name?: string },
): string {
  const document = parseDocument(text, { logLevel: "silent" });
  if (document.errors.length > 0 || !isMap(document.contents)) return text;
  for (const [key, value] of Object.entries(keys)) document.set(key, value);
  return format === "json" ? `${JSON.stringify(document.toJS(), null, 2)}\n` : document.toString();
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
