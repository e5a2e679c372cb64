import type { FindWorkflow } from "../bundle/collect";

/** How workflows outside the workspace are reached. Composition hands it in. */
export interface Outside {
  /** Opens a bundle: its workflows, its data files unpacked below `into`. */
  openBundle(
    file: string,
    into?: string,
  ): Promise<
    | {
        readonly ok: true;
        readonly root: string;
        readonly workflows: ReadonlyMap<string, { readonly text: string; readonly format: "yaml" | "json" }>;
      }
    | { readonly ok: false; readonly sentence: string }
  >;
  /** Workflow files beside one another. */
  beside(folder: string): FindWorkflow;
  /** Whether a workspace holds the workflow `id`; `false` when there is no such workspace yet. */
  isStored(id: string, workspace: string | undefined): Promise<boolean>;
}
