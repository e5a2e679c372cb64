import { copyFile, readdir, rename, rm, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Json } from "@shared/base/json";
import type { Outcome, Task } from "@shared/execution/effect";
import { completed, invalid, refuse } from "../behaviour";
import { allowedPath, codeOf, makeParents, refuseFileError, type AllowedPath } from "../paths";
import { countWords } from "../records/records";
import { refuseExisting } from "./write";

/** The files in a folder, or those whose names fit a pattern with `*` and `?`. */
export async function listFiles({ config, place }: Task): Promise<Outcome> {
  const written = typeof config["path"] === "string" ? config["path"] : "";
  const hasPattern = /[*?]/.test(basename(written));
  const folder = await allowedPath(hasPattern ? dirname(written) : (config["path"] ?? null), place, "config.path");
  const fits = hasPattern ? pattern(basename(written)) : () => true;
  try {
    const entries = await readdir(folder.absolute, { withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() && fits(entry.name))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const listed: Json[] = [];
    for (const { name } of files) {
      const { size, mtime } = await stat(join(folder.absolute, name));
      listed.push({ path: join(folder.written, name), name, bytes: size, modified: mtime.toISOString() });
    }
    return completed(listed, { facts: countWords(listed.length, "file") });
  } catch (thrown) {
    return refuseFileError(thrown, folder);
  }
}

function pattern(text: string): (name: string) => boolean {
  const source = [...text]
    .map((char) => (char === "*" ? ".*" : char === "?" ? "." : char.replace(/[\\^$.|+()[\]{}]/g, "\\$&")))
    .join("");
  const regex = new RegExp(`^${source}$`, "su");
  return (name) => regex.test(name);
}

/** Moves a file, also to another disk. */
export async function moveFile({ config, place }: Task): Promise<Outcome> {
  const from = await allowedPath(config["path"], place, "config.path");
  const to = await allowedPath(config["to"], place, "config.to");
  await refuseFolder(from);
  if (config["overwrite"] === false) await refuseExisting(to);
  await makeParents(to);
  try {
    await rename(from.absolute, to.absolute);
  } catch (thrown) {
    if (codeOf(thrown) !== "EXDEV") return refuseFileError(thrown, from);
    await moveAcross(from, to);
  }
  return completed({ path: to.written, from: from.written }, { facts: `to ${to.written}` });
}

async function moveAcross(from: AllowedPath, to: AllowedPath): Promise<void> {
  const temporary = `${to.absolute}.part`;
  try {
    await copyFile(from.absolute, temporary);
    await rename(temporary, to.absolute);
    await unlink(from.absolute);
  } catch (thrown) {
    await rm(temporary, { force: true });
    refuseFileError(thrown, to);
  }
}

/** Deletes one file. */
export async function deleteFile({ config, place }: Task): Promise<Outcome> {
  const path = await allowedPath(config["path"], place, "config.path");
  try {
    if ((await stat(path.absolute)).isDirectory()) refuseAsFolder(path);
    await unlink(path.absolute);
    return completed({ path: path.written, deleted: true }, { facts: "deleted" });
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT" && config["missing_ok"] === true) {
      return completed({ path: path.written, deleted: false }, { facts: "was not there" });
    }
    return refuseFileError(thrown, path);
  }
}

async function refuseFolder(path: AllowedPath): Promise<void> {
  const found = await stat(path.absolute).catch((thrown: unknown) => refuseFileError(thrown, path));
  if (found.isDirectory()) refuseAsFolder(path);
}

function refuseAsFolder(path: AllowedPath): never {
  return refuse(invalid(`${path.written} is a folder; this moves and deletes files only.`, "config.path"));
}
