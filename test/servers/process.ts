import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { accessSync, chownSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Database servers refuse to run as root: an unprivileged user does it then. */
interface Account {
  readonly uid: number;
  readonly gid: number;
}

function account(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((each) => each.startsWith("nobody:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  return { uid: Number(uid ?? 65_534), gid: Number(gid ?? 65_534) };
}

/** The first of `paths` that is a program. */
export function programAt(paths: readonly string[]): string | undefined {
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false; // not here: the next one is tried
    }
  });
}

/** A folder of its own for a server, owned by the user the server runs as. */
export function serverFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `apg-${name}-`));
  const owner = account();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

/** Writes a file that only the server's user may read. */
export function secretFile(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  const owner = account();
  if (owner) chownSync(file, owner.uid, owner.gid);
  return file;
}

/** Runs a program that makes the server's files; throws with its words when it fails. */
export function prepare(program: string, args: readonly string[], cwd: string, input?: string): void {
  const ended = spawnSync(program, args, {
    cwd,
    ...account(),
    encoding: "utf8",
    ...(input === undefined ? {} : { input }),
  });
  if (ended.status !== 0) throw new Error(`${program} ended with ${ended.status}: ${ended.stdout}${ended.stderr}`);
}

/** A port nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** A server's process; `stop` waits for its end. */
export class ServerProcess {
  private constructor(private readonly child: ChildProcess) {}

  /** Starts it and waits until it says a line that holds `ready`. */
  static start(program: string, args: readonly string[], cwd: string, ready: string): Promise<ServerProcess> {
    const child = spawn(program, args, { cwd, ...account(), stdio: ["ignore", "ignore", "pipe"] });
    // Tests that end before they stop it leave nothing running.
    const end = (): void => void child.kill("SIGKILL");
    process.once("exit", end);
    child.once("exit", () => process.off("exit", end));
    return new Promise((resolve, reject) => {
      let said = "";
      child.once("error", reject);
      const early = (code: number | null): void => reject(new Error(`${program} ended with ${code}: ${said}`));
      child.once("exit", early);
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        said = (said + text).slice(-20_000);
        if (!said.includes(ready)) return;
        child.off("exit", early);
        said = "";
        resolve(new ServerProcess(child));
      });
    });
  }

  /** Sends `signal` and waits until the process is gone. */
  stop(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.child.once("exit", () => resolve());
      this.child.kill(signal);
    });
  }
}

/** A database server that a test started: on a free port of 127.0.0.1, in a folder of its own. */
export interface DatabaseServer {
  readonly kind: "postgresql" | "mysql";
  /** What a connection of the workspace needs to reach it. */
  readonly settings: {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
    readonly password: string;
  };
  /** Ends it and starts it again on the same port with the same data. */
  restart(): Promise<void>;
  /** Ends it; its files stay. */
  down(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/** Makes a {@link DatabaseServer} of its parts. */
export async function databaseServer(
  kind: DatabaseServer["kind"],
  folder: string,
  port: number,
  password: string,
  start: () => Promise<ServerProcess>,
  signal: NodeJS.Signals,
): Promise<DatabaseServer> {
  let running = await start();
  return {
    kind,
    settings: { host: "127.0.0.1", port, database: "apg", user: "apg", password },
    down: () => running.stop(signal),
    async restart() {
      await running.stop(signal);
      running = await start();
    },
    async stop() {
      await running.stop(signal);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
