import { z } from "zod";

/** The bundle format this program writes and the newest it reads. */
export const BUNDLE_FORMAT = 1;

/** Where a bundle keeps its manifest. */
export const MANIFEST_PATH = "manifest.json";

const entryKind = z.enum(["workflow", "code", "schema", "file", "sample", "documentation"]);

/** What an entry is: what runs, what only documents it, or data it reads. */
export type EntryKind = z.infer<typeof entryKind>;

const need = z.object({
  kind: z.enum(["secret", "parameter", "env", "network", "file", "connection", "component", "resources", "engine"]),
  name: z.string(),
  detail: z.string(),
  component: z.string().optional(),
});

/** Something the host that runs the bundle must provide. */
export type Need = z.infer<typeof need>;

const entry = z.object({
  path: z.string().min(1),
  kind: entryKind,
  bytes: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** An entry of the archive with its size in bytes and the SHA-256 of its content in hexadecimal. */
export type ManifestEntry = z.infer<typeof entry>;

/** The shape of `manifest.json`. Unknown keys are refused: what is not understood must not be run. */
export const manifestSchema = z.strictObject({
  format: z.number().int().min(1),
  made_by: z.string(),
  root: z.object({ id: z.string(), name: z.string(), version: z.string() }),
  workflows: z.array(z.object({ id: z.string(), version: z.string(), path: z.string() })).min(1),
  needs: z.array(need),
  entries: z.array(entry),
});

/** What a bundle says about itself. It carries no time and no path of a machine, so that the same workflows give the same bytes. */
export type Manifest = z.infer<typeof manifestSchema>;

/** Why a text is no manifest this program can use. */
export type ManifestProblem =
  | { readonly kind: "not-json" }
  | { readonly kind: "newer-format"; readonly format: number }
  | { readonly kind: "wrong-shape"; readonly at: string; readonly message: string };

/**
 * Reads a manifest.
 *
 * @returns the first problem found when the text is none, or is of a newer format.
 */
export function readManifest(
  text: string,
): { readonly ok: true; readonly value: Manifest } | { readonly ok: false; readonly problem: ManifestProblem } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, problem: { kind: "not-json" } };
  }
  const format = typeof json === "object" && json !== null && "format" in json ? json.format : undefined;
  if (typeof format === "number" && format > BUNDLE_FORMAT)
    return { ok: false, problem: { kind: "newer-format", format } };
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issue = parsed.error.issues[0];
  return {
    ok: false,
    problem: { kind: "wrong-shape", at: issue?.path.join(".") ?? "", message: issue?.message ?? "" },
  };
}

/** The text of a manifest: two spaces of indent, keys in the schema's order, a newline at the end. */
export function printManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifestSchema.parse(manifest), null, 2)}\n`;
}
