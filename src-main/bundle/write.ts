import { createHash, randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Manifest, MANIFEST_PATH, type ManifestEntry, printManifest } from "@shared/bundle/manifest";
import { fail, ok, type Result } from "@shared/base/result";
import { ZipFile } from "yazl";
import type { BundleProblem } from "./problem";
import { sealing } from "./seal";

/** An entry's content: text in memory, or a file on disk that is streamed. */
export type Source = { readonly text: string } | { readonly file: string };

/** An entry to write. */
export interface EntryToWrite {
  readonly path: string;
  readonly kind: ManifestEntry["kind"];
  readonly source: Source;
}

/** A bundle on its way: how far it is. */
export interface WriteProgress {
  readonly entry: string;
  readonly written: number;
  readonly total: number;
  readonly bytes: number;
}

// A fixed moment (1980-01-01, the earliest a zip can say) makes the same content the same bytes.
const EPOCH = new Date(1980, 0, 1, 0, 0, 0);
const OPTIONS = { mtime: EPOCH, mode: 0o100644, compress: true, forceDosTimestamp: true } as const;

/**
 * Writes a bundle to `file`: digests first, then the archive into a temporary file beside it, renamed into place when complete.
 * The same entries give the same bytes.
 *
 * @param head the manifest without its entries; they are measured here.
 * @returns the file's SHA-256 and size; `disk` when it could not be written, with nothing left behind.
 */
export async function writeBundle(
  file: string,
  head: Omit<Manifest, "entries">,
  entries: readonly EntryToWrite[],
  report: (progress: WriteProgress) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Result<{ readonly sha256: string; readonly bytes: number }, BundleProblem>> {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const temporary = `${file}.${randomBytes(6).toString("hex")}.part`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const measured: ManifestEntry[] = [];
    for (const entry of sorted) measured.push({ path: entry.path, kind: entry.kind, ...(await measure(entry.source)) });
    const zip = new ZipFile();
    const manifest = Buffer.from(printManifest({ ...head, entries: measured }));
    zip.addBuffer(manifest, MANIFEST_PATH, OPTIONS);
    let written = 0;
    let bytes = 0;
    for (const [index, entry] of sorted.entries()) {
      const size = measured[index]?.bytes ?? 0;
      zip.addReadStreamLazy(entry.path, OPTIONS, (give) => {
        written += 1;
        bytes += size;
        report({ entry: entry.path, written, total: sorted.length, bytes });
        give(
          null,
          "text" in entry.source
            ? Readable.from([Buffer.from(entry.source.text)])
            : createReadStream(entry.source.file),
        );
      });
    }
    zip.end();
    const hash = createHash("sha256");
    let total = 0;
    const tap = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        total += chunk.length;
        done(null, chunk);
      },
    });
    const seal = sealing(createHash("sha256").update(manifest).digest("hex"));
    await pipeline(
      zip.outputStream,
      seal,
      tap,
      createWriteStream(temporary, { flush: true }),
      signal ? { signal } : {},
    );
    await rename(temporary, file);
    return ok({ sha256: hash.digest("hex"), bytes: total });
  } catch (cause) {
    await rm(temporary, { force: true });
    return fail({ kind: "disk", file, reason: signal?.aborted ? "cancelled" : reasonOf(cause) });
  }
}

async function measure(source: Source): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash("sha256");
  if ("text" in source) {
    const bytes = Buffer.from(source.text);
    return { bytes: bytes.length, sha256: hash.update(bytes).digest("hex") };
  }
  for await (const chunk of createReadStream(source.file)) hash.update(chunk as Buffer);
  return { bytes: (await stat(source.file)).size, sha256: hash.digest("hex") };
}

/** What the operating system said, without its stack. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return cause instanceof Error ? cause.message : String(cause);
}
