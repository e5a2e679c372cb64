import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fail, ok, type Result } from "@shared/base/result";
import { codeEntries } from "@shared/bundle/contents";
import { type Manifest, MANIFEST_PATH, readManifest } from "@shared/bundle/manifest";
import { readWorkflow } from "@shared/workflow/file";
import { type Entry, type ZipFile, openPromise } from "yauzl";
import type { BundleProblem } from "./problem";
import { archiveDigest, readSeal } from "./seal";
import { reasonOf } from "./write";

/** Text entries above this are refused: no workflow is that large, a bomb is. */
const TEXT_LIMIT = 32 * 1024 * 1024;
/** All text entries together: they are held in memory at once. */
const TEXTS_LIMIT = 64 * 1024 * 1024;
const MANIFEST_LIMIT = 8 * 1024 * 1024;
const MOST_ENTRIES = 50_000;
/** Data files above this are refused. */
const FILE_LIMIT = 4 * 1024 * 1024 * 1024;

/** An entry as it was found. */
export interface FoundEntry {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly intact: boolean;
}

/** A bundle whose archive and manifest could be read. It may still not be intact. */
export interface OpenedBundle {
  readonly file: string;
  readonly manifest: Manifest;
  readonly entries: readonly FoundEntry[];
  /** Texts of the workflow entries, by workflow id. */
  readonly workflows: ReadonlyMap<string, { readonly text: string; readonly format: "yaml" | "json" }>;
  /** One sentence for each entry that is changed, missing, extra or hostile. */
  readonly problems: readonly string[];
}

/**
 * Reads a bundle and compares every entry with its digest. Nothing is unpacked to disk, unless `into` names a folder: then the
 * data files (`files/…`) are written below it.
 *
 * @returns a problem when the file is no bundle; a bundle with `problems` when its content is not what its manifest says.
 */
export async function openBundle(file: string, into?: string): Promise<Result<OpenedBundle, BundleProblem>> {
  let zip: ZipFile;
  try {
    zip = await openPromise(file, {
      lazyEntries: true,
      autoClose: false,
      strictFileNames: false,
      validateEntrySizes: true,
    });
  } catch (cause) {
    const reason = reasonOf(cause);
    if (["ENOENT", "EACCES", "EISDIR", "EPERM"].includes(reason))
      return fail({ kind: "unreadable", file, reason: named(reason) });
    return fail({ kind: "no-archive", file });
  }
  try {
    return await read(file, zip, into);
  } finally {
    zip.close();
  }
}

function named(code: string): string {
  return (
    { ENOENT: "there is no such file", EACCES: "no permission", EPERM: "no permission", EISDIR: "it is a folder" }[
      code
    ] ?? code
  );
}

async function read(
  file: string,
  zip: ZipFile,
  into: string | undefined,
): Promise<Result<OpenedBundle, BundleProblem>> {
  const problems: string[] = [];
  const found = new Map<string, Entry>();
  if (zip.entryCount > MOST_ENTRIES) {
    const reason = `It has ${zip.entryCount} entries; at most ${MOST_ENTRIES} are read.`;
    return fail({ kind: "not-intact", file, problems: [reason] });
  }
  try {
    for await (const entry of zip.eachEntry()) {
      const name = String(entry.fileName);
      if (!isPlain(name)) problems.push(`Entry ${JSON.stringify(name)} would leave the folder it is unpacked to.`);
      else if (found.has(name)) problems.push(`Entry ${name} is there twice.`);
      else found.set(name, entry);
    }
  } catch (cause) {
    return fail({ kind: "not-intact", file, problems: [`Its table of contents is damaged (${reasonOf(cause)}).`] });
  }
  const head = found.get(MANIFEST_PATH);
  if (!head)
    return problems.length > 0
      ? fail({ kind: "not-intact", file, problems })
      : fail({ kind: "no-manifest", file, reason: "there is none" });
  if (head.uncompressedSize > MANIFEST_LIMIT)
    return fail({ kind: "too-large", file, entry: MANIFEST_PATH, bytes: MANIFEST_LIMIT });
  const text = await textOf(zip, head);
  if (text === undefined) return fail({ kind: "not-intact", file, problems: [`Entry ${MANIFEST_PATH} is damaged.`] });
  const seal = readSeal(zip.comment);
  if (!seal) problems.push("It carries no seal: it was not written by this studio, or was packed again.");
  else if (createHash("sha256").update(text).digest("hex") !== seal.manifest)
    problems.push(`Entry ${MANIFEST_PATH} is not what its digest says.`);
  const parsed = readManifest(text);
  if (!parsed.ok) {
    if (parsed.problem.kind === "newer-format")
      return fail({ kind: "newer-format", file, format: parsed.problem.format });
    if (problems.length > 0) return fail({ kind: "not-intact", file, problems });
    return fail({
      kind: "no-manifest",
      file,
      reason: parsed.problem.kind === "not-json" ? "it is no JSON" : `${parsed.problem.at}: ${parsed.problem.message}`,
    });
  }
  const manifest = parsed.value;
  const bomb = tooLarge(manifest, found);
  if (bomb !== undefined) return fail({ kind: "too-large", file, ...bomb });
  const entries: FoundEntry[] = [];
  const workflows = new Map<string, { text: string; format: "yaml" | "json" }>();
  const texts = new Map<string, string>();
  for (const said of manifest.entries) {
    const entry = found.get(said.path);
    found.delete(said.path);
    if (!entry) {
      problems.push(`Entry ${said.path} is missing.`);
      entries.push({ path: said.path, bytes: 0, sha256: "", intact: false });
      continue;
    }
    const target = into !== undefined && said.kind === "file" ? join(into, said.path) : undefined;
    const seen = await digest(zip, entry, said.kind === "file" ? FILE_LIMIT : TEXT_LIMIT, target, said.kind !== "file");
    const intact = seen !== undefined && seen.sha256 === said.sha256 && seen.bytes === said.bytes;
    if (!intact) problems.push(`Entry ${said.path} is not what its digest says.`);
    entries.push({ path: said.path, bytes: seen?.bytes ?? 0, sha256: seen?.sha256 ?? "", intact });
    if (intact && seen.text !== undefined) texts.set(said.path, seen.text);
  }
  found.delete(MANIFEST_PATH);
  for (const extra of found.keys()) problems.push(`Entry ${extra} is not in the manifest.`);
  for (const { id, path } of manifest.workflows) {
    const text = texts.get(path);
    if (text !== undefined) workflows.set(id, { text, format: path.endsWith(".json") ? "json" : "yaml" });
    else if (!manifest.entries.some((entry) => entry.path === path)) problems.push(`Workflow ${id} has no entry.`);
  }
  if (!manifest.workflows.some(({ id }) => id === manifest.root.id))
    problems.push(`The root workflow ${manifest.root.id} is not among the workflows.`);
  problems.push(...copiesThatDiffer(workflows, texts));
  if (seal && problems.length === 0 && (await archiveDigest(file, zip.comment)) !== seal.archive)
    problems.push("The archive's tables are not what its digest says.");
  return ok({ file, manifest, entries, workflows, problems });
}

/** The text entry that leaves no room, by the sizes the archive tells; what unpacks to more than it tells is damaged. */
function tooLarge(
  manifest: Manifest,
  found: ReadonlyMap<string, Entry>,
): { readonly entry: string; readonly bytes: number } | undefined {
  let all = 0;
  for (const { kind, path } of manifest.entries) {
    const bytes = kind === "file" ? 0 : (found.get(path)?.uncompressedSize ?? 0);
    all += bytes;
    if (bytes > TEXT_LIMIT) return { entry: path, bytes: TEXT_LIMIT };
    if (all > TEXTS_LIMIT) return { entry: path, bytes: TEXTS_LIMIT - (all - bytes) };
  }
  return undefined;
}

/** A reviewer reads the copies in `code/`; what runs is the workflow. They have to say the same. */
function copiesThatDiffer(
  workflows: ReadonlyMap<string, { text: string; format: "yaml" | "json" }>,
  texts: ReadonlyMap<string, string>,
): string[] {
  const problems: string[] = [];
  for (const [id, { text, format }] of workflows) {
    const workflow = readWorkflow(text, format).workflow;
    if (workflow?.id !== id) problems.push(`The workflow in the entry of ${id} has another id.`);
    for (const copy of workflow ? codeEntries({ workflow }) : []) {
      const own = texts.get(copy.path);
      if (own !== undefined && own !== copy.text)
        problems.push(`Entry ${copy.path} differs from the code in its workflow.`);
    }
  }
  return problems;
}

function isPlain(name: string): boolean {
  if (name.length === 0 || name.startsWith("/") || name.includes("\\") || name.includes("\0") || /^[a-z]:/i.test(name))
    return false;
  return !name.endsWith("/") && name.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

async function textOf(zip: ZipFile, entry: Entry): Promise<string | undefined> {
  return (await digest(zip, entry, TEXT_LIMIT, undefined, true))?.text;
}

/** Reads an entry once: its digest, size and, if asked, its text or a copy on disk. `undefined` when it cannot be read whole. */
async function digest(
  zip: ZipFile,
  entry: Entry,
  limit: number,
  target: string | undefined,
  keep: boolean,
): Promise<{ readonly sha256: string; readonly bytes: number; readonly text?: string } | undefined> {
  if (entry.uncompressedSize > limit) return undefined;
  const hash = createHash("sha256");
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    const stream: Readable = await zip.openReadStreamPromise(entry);
    if (target !== undefined) await mkdir(dirname(target), { recursive: true });
    const sink =
      target === undefined ? new Writable({ write: (_chunk, _encoding, done) => done() }) : createWriteStream(target);
    await pipeline(
      stream,
      async function* (source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          bytes += chunk.length;
          if (bytes > limit) throw new RangeError("entry over its limit");
          hash.update(chunk);
          if (keep) chunks.push(chunk);
          yield chunk;
        }
      },
      sink,
    );
  } catch {
    return undefined; // damaged or over its limit: the caller reports the entry by name
  }
  const sha256 = hash.digest("hex");
  return keep ? { sha256, bytes, text: Buffer.concat(chunks).toString("utf8") } : { sha256, bytes };
}
