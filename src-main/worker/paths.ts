import { lstat, mkdir, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Json } from "@shared/base/json";
import type { TaskPlace } from "@shared/execution/effect";
import { invalid, refuse } from "./behaviour";
import { kindOf } from "./records/json";

/** A path a component may touch: absolute, links resolved, inside an allowed folder. */
export interface AllowedPath {
  readonly absolute: string;
  /** As the workflow names it, for messages and outputs. */
  readonly written: string;
}

/**
 * The path `written` means, which may not exist yet; refuses one that leads out of the allowed folders,
 * by `..`, as an absolute path or through a symbolic link.
 */
export async function allowedPath(written: Json | undefined, place: TaskPlace, key: string): Promise<AllowedPath> {
  if (typeof written !== "string" || written === "")
    return refuse(invalid(`${key} is ${kindOf(written)}; it takes a path.`, key));
  if (written.includes("\0")) return refuse(invalid(`${key} holds a character that no path can.`, key));
  const wanted = resolve(place.folder, written);
  const absolute = await resolveLinks(wanted);
  const folders = await Promise.all([place.folder, ...place.allowed].map((folder) => resolveLinks(resolve(folder))));
  if (absolute !== undefined && folders.some((folder) => folder !== undefined && isInside(absolute, folder))) {
    return { absolute, written };
  }
  return refuse({
    type: "authorization_error",
    message: `${written} lies outside the folders this workflow may use. Use a path in its own folder, or allow the folder.`,
    place: key,
  });
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** `path` with links resolved as far as it exists; `undefined` for a link that leads nowhere. */
async function resolveLinks(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (thrown) {
    if (codeOf(thrown) !== "ENOENT" && codeOf(thrown) !== "ENOTDIR") return undefined;
  }
  if (await isLink(path)) return undefined;
  const parent = dirname(path);
  if (parent === path) return path;
  const above = await resolveLinks(parent);
  return above === undefined ? undefined : join(above, basename(path));
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT" || codeOf(thrown) === "ENOTDIR") return false;
    throw thrown;
  }
}

/** The code of an error of the file system, e.g. `ENOENT`. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
}

const SAYS: { readonly [code: string]: string } = {
  EACCES: "it may not be touched",
  EPERM: "it may not be touched",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is no folder",
  ENOSPC: "the disk is full",
  EROFS: "the disk is read-only",
  ENAMETOOLONG: "its name is too long",
  EMFILE: "too many files are open",
};

/** Turns a failure of the file system into a failed outcome; anything else goes on as it is. */
export function refuseFileError(thrown: unknown, path: AllowedPath): never {
  const code = codeOf(thrown);
  if (code === "ENOENT") return refuse({ type: "not_found", message: `There is no file ${path.written}.` });
  if (code === undefined || !(code in SAYS)) throw thrown;
  const type =
    code === "EACCES" || code === "EPERM"
      ? "authorization_error"
      : code === "ENOSPC"
        ? "resource_limit_exceeded"
        : "component_error";
  return refuse({ type, message: `${path.written}: ${SAYS[code]}.` });
}

/** Makes the folders above a file that is to be written. */
export async function makeParents(path: AllowedPath): Promise<void> {
  try {
    await mkdir(dirname(path.absolute), { recursive: true });
  } catch (thrown) {
    refuseFileError(thrown, path);
  }
}
