import { oc, type } from "@orpc/contract";
import { z } from "zod";
import type { ExecutionStatus } from "../execution/status";
import { faults } from "./faults";

/** A workflow in the library. */
export interface WorkflowRow {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly category: string;
  readonly tags: readonly string[];
  readonly version: string;
  readonly revision: number;
  readonly changedAt: number;
  readonly components: number;
  readonly favourite: boolean;
  /** Where it came from: made here, an example's copy, an imported file or a bundle; or a file edited in place. */
  readonly origin: "workspace" | "example" | "import" | "bundle" | "file";
  /** Absolute path, for `origin: file`. */
  readonly file?: string;
  /** 100 less what `check` found; see docs/definition.md. */
  readonly score: number;
  readonly findings: { readonly errors: number; readonly warnings: number; readonly infos: number };
  /** Newest last, at most 16. */
  readonly lastExecutions: readonly {
    readonly id: string;
    readonly status: ExecutionStatus;
    readonly startedAt: number;
    readonly durationMs: number;
  }[];
}

/** A workflow as the editor opens it. */
export interface WorkflowText {
  readonly id: string;
  readonly text: string;
  readonly format: "yaml" | "json";
  /** What a save must name; 0 for a file that was never saved here. */
  readonly revision: number;
  readonly draft?: { readonly text: string; readonly savedAt: number; readonly baseRevision: number };
  readonly file?: string;
  /** The file changed on disk after `revision` was read. */
  readonly changedOutside: boolean;
}

/** An example that ships with the studio. */
export interface ExampleRow {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly components: number;
}

/** How a save ended. `stale`: someone saved in between; nothing was written. */
export type SaveOutcome =
  | { readonly kind: "saved"; readonly revision: number; readonly id: string; readonly savedAt: number }
  | { readonly kind: "stale"; readonly yours: number; readonly stored: number; readonly storedText: string }
  | { readonly kind: "id-taken"; readonly id: string };

const id = z.object({ id: z.string().min(1).max(200) });
const text = z.string().max(20_000_000);

/** The library and the editor's documents. */
export const workflows = {
  list: oc.output(type<readonly WorkflowRow[]>()),
  /** Yields a number each time the library changed, from any window or process. */
  changes: oc.output(type<AsyncIterableIterator<number>>()),
  open: oc.errors(faults).input(id).output(type<WorkflowText>()),
  /** Makes a workflow from text; an id that is taken gets a number. Text that cannot be parsed is stored too, under `id`. */
  create: oc
    .errors(faults)
    .input(
      z.object({
        text,
        format: z.enum(["yaml", "json"]).default("yaml"),
        origin: z.enum(["workspace", "import"]).default("workspace"),
      }),
    )
    .output(type<{ id: string }>()),
  save: oc
    .errors(faults)
    .input(z.object({ id: z.string(), text, revision: z.number().int() }))
    .output(type<SaveOutcome>()),
  /** Keeps unsaved text, so that nothing is lost when the window closes; `null` drops it. */
  saveDraft: oc
    .errors(faults)
    .input(z.object({ id: z.string(), text: text.nullable(), revision: z.number().int() }))
    .output(type<{ savedAt: number }>()),
  duplicate: oc.errors(faults).input(id).output(type<{ id: string }>()),
  /** Changes `name` and, when `newId` is given, `id`. */
  rename: oc
    .errors(faults)
    .input(z.object({ id: z.string(), name: z.string().min(1).max(200), newId: z.string().optional() }))
    .output(type<{ id: string }>()),
  favourite: oc
    .errors(faults)
    .input(z.object({ id: z.string(), on: z.boolean() }))
    .output(type<null>()),
  /** Deleted workflows can be restored for 30 days. */
  delete: oc.errors(faults).input(id).output(type<null>()),
  restore: oc.errors(faults).input(id).output(type<null>()),
  examples: oc.output(type<readonly ExampleRow[]>()),
  /** Copies an example (and the workflows it calls) into the library. */
  copyExample: oc.errors(faults).input(id).output(type<{ id: string }>()),
  /** Opens a `.workflow.yaml` in place: saves go to the file. */
  openFile: oc
    .errors(faults)
    .input(z.object({ path: z.string().min(1) }))
    .output(type<{ id: string }>()),
  /** Yields when the opened file changed outside. */
  fileChanges: oc.errors(faults).input(id).output(type<AsyncIterableIterator<{ readonly at: number }>>()),
  /** Earlier revisions, newest first. */
  revisions: oc
    .errors(faults)
    .input(id)
    .output(type<readonly { readonly revision: number; readonly savedAt: number; readonly version: string }[]>()),
};
