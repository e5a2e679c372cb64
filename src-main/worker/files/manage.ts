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
  const wanted = [...basename(written)];
  try {
    const entries = await readdir(folder.absolute, { withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() && (!hasPattern || isNamed(wanted, [...entry.name])))
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

/** Whether `name` fits `pattern`: `*` any run of characters, `?` one. Goes back to the last `*` only, so it is quick on any pattern. */
function isNamed(pattern: readonly string[], name: readonly string[]): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < name.length;) {
    if (pattern[at] === "*") {
      star = at++;
      resume = index;
    } else if (pattern[at] === "?" || pattern[at] === name[index]) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
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
