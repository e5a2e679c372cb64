import { createReadStream, type ReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { decoded } from "@shared/base/decoded";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webp": "image/webp",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
};

/** A file of the built window, ready to be sent. */
export interface Asset {
  readonly type: string;
  readonly bytes: number;
  /** The name carries a digest of the content, so it may be kept for ever. */
  readonly immutable: boolean;
  readonly open: () => ReadStream;
}

/** Finds the file that the address path `path` means below `folder`; `/` is the page itself. */
export async function findAsset(folder: string, path: string): Promise<Asset | undefined> {
  const file = fileOf(folder, path);
  const type = file === undefined ? undefined : TYPES[extname(file)];
  if (file === undefined || type === undefined) return undefined;
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "ENAMETOOLONG") return undefined;
    throw error;
  });
  if (found === undefined || !found.isFile()) return undefined;
  return { type, bytes: found.size, immutable: /^\/assets\//.test(path), open: () => createReadStream(file) };
}

function fileOf(folder: string, path: string): string | undefined {
  const name = decoded(path);
  if (name === undefined || name.includes("\0") || name.includes("\\")) return undefined;
  const file = normalize(join(folder, name === "/" ? "index.html" : name));
  return file.startsWith(folder + sep) ? file : undefined;
}
