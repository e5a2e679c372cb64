import { watch } from "node:fs";
import { chmod, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { randomBytes } from "node:crypto";
import { fail, ok, type Result } from "@shared/base/result";

/** Why a workflow file could not be read or written. */
export type FileProblem =
  | { readonly kind: "no-file"; readonly path: string }
  | { readonly kind: "not-a-file"; readonly path: string }
  | { readonly kind: "too-large"; readonly path: string; readonly bytes: number }
  | { readonly kind: "not-text"; readonly path: string }
  | { readonly kind: "not-allowed"; readonly path: string }
  | { readonly kind: "disk-full"; readonly path: string };

const MAX_BYTES = 20_000_000;
const SETTLE_MS = 100;

/** A text file as it is on the disk. `path` is the real one, links followed. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** Reads a file of at most 20 MB as UTF-8. */
export async function readTextFile(path: string): Promise<Result<TextFile, FileProblem>> {
  try {
    const real = await realpath(path);
    const found = await stat(real);
    if (!found.isFile()) return fail({ kind: "not-a-file", path });
    if (found.size > MAX_BYTES) return fail({ kind: "too-large", path, bytes: found.size });
    const bytes = await readFile(real);
    if (bytes.includes(0)) return fail({ kind: "not-text", path });
    // A byte order mark is part of the text, so that a save does not lose it.
    return ok({ path: real, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) });
  } catch (error) {
    if (error instanceof TypeError && "code" in error && error.code === "ERR_ENCODING_INVALID_ENCODED_DATA")
      return fail({ kind: "not-text", path });
    return fail(problemOf(error, path));
  }
}

/** Replaces a file as a whole: a crash leaves the old or the new text, never half of one. Keeps the file's mode. */
export async function writeTextFile(path: string, text: string): Promise<Result<null, FileProblem>> {
  const aside = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}`);
  try {
    const mode = await stat(path).then(
      (found) => found.mode & 0o777,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw error;
      },
    );
    await writeFile(aside, text, { flush: true });
    if (mode !== undefined) await chmod(aside, mode);
    await rename(aside, path);
    return ok(null);
  } catch (error) {
    return fail(problemOf(error, path));
  }
}

function problemOf(error: unknown, path: string): FileProblem {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
    case "ENOTDIR":
    case "ENAMETOOLONG":
      return { kind: "no-file", path };
    case "EISDIR":
      return { kind: "not-a-file", path };
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return { kind: "not-allowed", path };
    case "ENOSPC":
    case "EDQUOT":
      return { kind: "disk-full", path };
    default:
      throw error;
  }
}

/**
 * Calls `changed` some time after `path` was written, replaced or removed; returns the way to stop.
 *
 * Watches the folder, since editors replace files rather than write into them.
 */
export function watchFile(path: string, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(dirname(path), { persistent: false }, (_kind, name) => {
    if (name !== null && name !== basename(path)) return;
    clearTimeout(timer);
    timer = setTimeout(changed, SETTLE_MS);
  });
  // The folder went away: that, too, is a change of the file.
  watcher.on("error", changed);
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
