import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** The built command line; `npm test` builds before it tests. */
export const PROGRAM = resolve("out/main/cli.js");

/** What a call of the command line left. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** Runs `apg` to its end. `during` sees what it wrote so far, and may send signals. */
export async function apg(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly input?: string;
    readonly env?: { readonly [name: string]: string };
    readonly during?: (stderr: string, kill: (signal: NodeJS.Signals) => void) => void;
    /** Told how to send it signals. */
    readonly started?: (kill: (signal: NodeJS.Signals) => void) => void;
  } = {},
): Promise<Ended> {
  if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: run npm test, which builds it`);
  const from = performance.now();
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  options.started?.((signal) => child.kill(signal));
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    options.during?.(stderr, (signal) => child.kill(signal));
  });
  child.stdin.end(options.input ?? "");
  const code = await new Promise<number | null>((done) => child.on("close", done));
  return { code, stdout, stderr, ms: performance.now() - from };
}
