import { extname, resolve } from "node:path";

const OPENED = [".yaml", ".yml", ".json", ".apgb"];

/** What the desktop app was started with, by a person, a file manager or a second start. */
export interface DesktopArguments {
  readonly workspace?: string;
  /** Absolute paths of files to open. */
  readonly files: readonly string[];
}

/** Reads a command line, passing over what is Electron's. Relative paths start at `folder`. */
export function readDesktopArguments(args: readonly string[], folder: string): DesktopArguments {
  let workspace: string | undefined;
  const files: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (arg === "--workspace") workspace = args[++i];
    else if (arg.startsWith("--workspace=")) workspace = arg.slice("--workspace=".length);
    else if (!arg.startsWith("-") && OPENED.includes(extname(arg).toLowerCase())) files.push(resolve(folder, arg));
  }
  return { ...(workspace === undefined ? {} : { workspace: resolve(folder, workspace) }), files };
}
