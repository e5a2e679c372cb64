import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

const NAME = "apg-workflow-studio";

/** The user's own folder for this program's data, as the operating system wants it. */
export function userFolder(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", NAME);
  if (platform === "win32") return join(env["APPDATA"] || join(homedir(), "AppData", "Roaming"), NAME);
  return join(env["XDG_DATA_HOME"] || join(homedir(), ".local", "share"), NAME);
}

/** The workspace to open: the one named, else `APG_WORKSPACE`, else the user's own. */
export function workspaceFolder(named: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  return resolve(named ?? (env["APG_WORKSPACE"] || join(userFolder(env), "workspace")));
}

/** The folder of the program itself: a checkout, or what an installer unpacked. */
export function programFolder(): string {
  // Bundled code moves between files, so the way up is searched rather than counted.
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json")) || folder === dirname(folder)) return folder;
  }
}

/** The built screens. */
export function rendererFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const found = join(folder, "renderer");
    if (existsSync(join(found, "index.html")) || folder === dirname(folder)) return found;
  }
}

/** The program's version. */
export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(join(programFolder(), "package.json"), "utf8")) as {
    readonly version: string;
  };
  return version;
}
