import { execFileSync } from "node:child_process";

const READ_ALL = `
const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
for (const entry of readdirSync(process.argv[1], { recursive: true, withFileTypes: true }))
  if (entry.isFile()) process.stdout.write(readFileSync(join(entry.parentPath, entry.name)));
`;

/** What lies below `folder`, all in one text. Read by another process: a process that closes a file of an open database drops SQLite's locks on it. */
export function everythingIn(folder: string): string {
  const read = execFileSync(process.execPath, ["-e", READ_ALL, folder], { maxBuffer: 1024 ** 3 });
  if (!read.includes("SQLite format 3")) throw new Error(`${folder} holds no database`);
  return read.toString("latin1");
}
