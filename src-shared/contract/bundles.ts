import { oc, type } from "@orpc/contract";
import { z } from "zod";
import type { EntryKind, Need } from "../bundle/manifest";
import type { Finding } from "../workflow/finding";
import { faults } from "./faults";

/** What a bundle of a workflow would hold and need. */
export interface BundlePlan {
  readonly fileName: string;
  readonly entries: readonly {
    readonly path: string;
    readonly kind: EntryKind | "manifest";
    readonly title: string;
    readonly note: string;
    readonly bytes: number;
    readonly optional: boolean;
  }[];
  readonly needs: readonly Need[];
  readonly findings: readonly (Finding & { readonly workflowId: string })[];
  /** An error finding blocks the export. */
  readonly blocked: boolean;
}

/** What a bundle file says about itself, and whether its digests hold. */
export interface BundleReport {
  readonly file: string;
  readonly root: { readonly id: string; readonly name: string; readonly version: string };
  readonly workflows: readonly string[];
  readonly entries: readonly {
    readonly path: string;
    readonly bytes: number;
    readonly sha256: string;
    readonly intact: boolean;
  }[];
  readonly needs: readonly Need[];
  readonly intact: boolean;
  /** One sentence for each entry that is not intact, missing or extra. */
  readonly problems: readonly string[];
}

/** Bundles: what goes to a server. */
export const bundles = {
  plan: oc
    .errors(faults)
    .input(z.object({ workflowId: z.string(), text: z.string().optional() }))
    .output(type<BundlePlan>()),
  /** Writes the file (absolute, or a name in the workspace's `files`) and yields progress; the last item has `done`. */
  export: oc
    .errors(faults)
    .input(z.object({ workflowId: z.string(), file: z.string(), leaveOut: z.array(z.string()).default([]) }))
    .output(
      type<
        AsyncIterableIterator<{
          readonly entry: string;
          readonly written: number;
          readonly total: number;
          readonly bytes: number;
          readonly done?: { readonly file: string; readonly sha256: string };
        }>
      >(),
    ),
  /** The bytes of a fresh export, for hosts whose windows save files themselves (browsers). */
  download: oc
    .errors(faults)
    .input(z.object({ workflowId: z.string(), leaveOut: z.array(z.string()).default([]) }))
    .output(type<{ readonly name: string; readonly base64: string }>()),
  inspect: oc
    .errors(faults)
    .input(z.object({ file: z.string() }))
    .output(type<BundleReport>()),
  /** Takes the workflows of a bundle or a `.workflow.yaml` into the library. `base64` for browsers. */
  import: oc
    .errors(faults)
    .input(
      z.object({
        file: z.string().optional(),
        name: z.string().optional(),
        base64: z.string().max(100_000_000).optional(),
      }),
    )
    .output(type<{ readonly ids: readonly string[] }>()),
};
