import { parseArgs } from "node:util";

/** What `web` was started with. */
export interface WebArguments {
  readonly port: number;
  readonly workspace?: string;
  /** Whether to show the address in the system's browser. */
  readonly open: boolean;
}

/** Reads the command line; a sentence when it cannot be understood. */
export function readWebArguments(args: readonly string[]): WebArguments | string {
  const read = parse(args);
  if (typeof read === "string") return read;
  const port = Number(read.port ?? "0");
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    return `--port takes a number from 0 to 65535, not ${JSON.stringify(read.port)}.`;
  return { port, open: !read["no-open"], ...(read.workspace === undefined ? {} : { workspace: read.workspace }) };
}

function parse(args: readonly string[]): { port?: string; workspace?: string; "no-open"?: boolean } | string {
  try {
    return parseArgs({
      args: [...args],
      options: { port: { type: "string" }, workspace: { type: "string" }, "no-open": { type: "boolean" } },
      allowPositionals: false,
    }).values;
  } catch (error) {
    if (error instanceof TypeError)
      return `${error.message.split(". ")[0]}. Known: --port N, --workspace DIR, --no-open.`;
    throw error;
  }
}
