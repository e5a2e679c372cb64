// What a fresh clone lacks, made good one step at a time. Runs on the system's Node (18 or newer), before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's root. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Ends the program with one sentence and exit code 2. */
export function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}

/** Tells the user what takes time, on stderr: stdout belongs to results. */
export function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}

/** Runs a program and waits; its output goes to stderr unless `quiet`. Resolves to the exit code (1 when it was killed). */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const output = options.quiet ? "ignore" : (options.stdout ?? 2);
    const child = spawn(command, args, {
      cwd: root,
      shell: process.platform === "win32" && !command.endsWith(".exe"),
      ...options,
      stdio: ["ignore", output, options.quiet ? "ignore" : 2],
    });
    const timer = options.limitMs ? setTimeout(() => child.kill("SIGKILL"), options.limitMs) : undefined;
    child.on("error", () => resolve(127));
    child.on("exit", (code) => {
      clearTimeout(timer);
      resolve(code ?? 1);
    });
  });
}

/** The Node that the packages bring (24), so that the system's may be any. */
export function projectNode() {
  const own = join(root, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(own)) return own;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 14)) return process.execPath;
  return stop(
    `This needs Node 22.14 or newer and found ${process.versions.node}: run "npm start", which installs the project's own.`,
  );
}

/**
 * How Node runs a host: new objects get 24 MB. V8's own 192 MB are filled by any busy minute and stay resident after it, and the
 * longer pauses of looking them through are felt in the host's only thread.
 */
export const HOST_FLAGS = ["--max-semi-space-size=8"];

/** An environment in which programs find the project's Node first. */
export function environment(extra = {}) {
  const separator = process.platform === "win32" ? ";" : ":";
  return { ...process.env, PATH: `${dirname(projectNode())}${separator}${process.env.PATH ?? ""}`, ...extra };
}

function changedAt(file) {
  return existsSync(file) ? statSync(file).mtimeMs : 0;
}

/** Installs the packages if the lock file is newer than the last installation. */
export async function ensureInstalled() {
  const mark = join(root, "node_modules/.package-lock.json");
  const node = join(root, "node_modules/node/bin");
  if (changedAt(mark) >= changedAt(join(root, "package-lock.json")) && existsSync(node)) return;
  // A second checkout that shares its packages by a link: npm would empty them for both.
  if (lstatSync(join(root, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  say("Installing packages …");
  // The build and the tests need the development packages, whatever NODE_ENV says. No package's scripts run: npm would have SQLite
  // compiled, for which a machine may have neither tools nor headers, though its binaries lie in the package.
  await npm("ci", "--include=dev", "--ignore-scripts");
  // This one fetches the project's Node.
  await npm("rebuild", "node", "--ignore-scripts=false");
}

async function npm(...args) {
  const code = await run("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"]);
  if (code !== 0) stop(`npm ${args[0]} ended with exit code ${code}: see its messages above.`);
}

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : changedAt(path));
  }
  return latest;
}

/** Builds the program into `out/` if a source is newer than the last build. */
export async function ensureBuilt() {
  const mark = join(root, "out/.built");
  const sources = ["src-main", "src-renderer", "src-shared", "resources/public"].map((name) => join(root, name));
  const latest = Math.max(
    changedAt(join(root, "electron.vite.config.ts")),
    changedAt(join(root, "package-lock.json")),
    ...sources.filter((name) => existsSync(name)).map(newest),
  );
  if (changedAt(mark) >= latest) return;
  say("Building …");
  const started = Date.now();
  const code = await run(
    projectNode(),
    [join(root, "node_modules/electron-vite/bin/electron-vite.js"), "build", "--logLevel", "warn"],
    { env: environment({ NODE_ENV: "production" }) },
  );
  if (code !== 0) stop(`The build ended with exit code ${code}: see its messages above.`);
  mkdirSync(dirname(mark), { recursive: true });
  writeFileSync(mark, `${Date.now() - started} ms\n`);
}

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // absent or not ours to run: the next candidate is tried
  }
}

function onPath(names) {
  const folders = (process.env.PATH ?? "").split(process.platform === "win32" ? ";" : ":");
  for (const name of names) for (const folder of folders) if (executable(join(folder, name))) return join(folder, name);
  return undefined;
}

function playwrightChromium() {
  const script = "import('playwright-core').then((p) => process.stdout.write(p.chromium.executablePath()))";
  const found = spawnSync(projectNode(), ["-e", script], { cwd: root, encoding: "utf8" });
  return found.status === 0 && executable(found.stdout) ? found.stdout : undefined;
}

/** The path of a Chromium: the system's, else Playwright's, else Debian's package when we may install it. */
export async function ensureBrowser() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
  const macs = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];
  const present = () =>
    [process.env.CHROME_PATH, onPath(names), ...macs].find((path) => path && executable(path)) ?? playwrightChromium();
  const first = present();
  if (first) return first;
  say("Fetching a browser for the tests …");
  const playwright = join(root, "node_modules/playwright-core/cli.js");
  await run(projectNode(), [playwright, "install", "chromium"], { env: environment(), limitMs: 120_000, quiet: true });
  const second = present();
  if (second) return second;
  if (process.platform === "linux" && process.getuid?.() === 0 && onPath(["apt-get"])) {
    say("Installing Debian's chromium package …");
    await run("apt-get", ["update", "-qq"]);
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"], {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  }
  return (
    present() ??
    stop("The tests drive a real Chromium and found none: install Chromium or Chrome, or set CHROME_PATH to one.")
  );
}

/** The database servers that tests start, each in a folder of its own: Debian's package, and what tells that it is there. */
const DATABASE_SERVERS = [
  { name: "PostgreSQL", debian: "postgresql", present: () => postgresqlFolder() !== undefined },
  {
    // The server alone: the package around it would set up a service.
    name: "MariaDB",
    debian: "mariadb-server-core",
    present: () => onPath(["mariadbd"]) ?? ["/usr/sbin/mariadbd", "/opt/homebrew/bin/mariadbd"].find(executable),
  },
];

function postgresqlFolder() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, "bin")) : [];
  return versions.find((folder) => executable(join(folder, "initdb"))) ?? onPath(["initdb"]);
}

/** Installs the database servers that tests need where we may. Resolves to the names of those that are still missing. */
export async function ensureDatabaseServers() {
  const missing = () => DATABASE_SERVERS.filter(({ present }) => !present());
  const wanted = missing();
  if (wanted.length > 0 && process.platform === "linux" && process.getuid?.() === 0 && onPath(["apt-get"])) {
    say(`Installing Debian's ${wanted.map(({ debian }) => debian).join(" and ")} …`);
    await withoutServices(async () => {
      const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
      await run("apt-get", ["update", "-qq"], { quiet: true });
      const names = wanted.map(({ debian }) => debian);
      await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...names], { env, quiet: true });
    });
  }
  return missing().map(({ name }) => name);
}

/** While packages are installed nothing may start a service: the tests run servers of their own. */
async function withoutServices(install) {
  const policy = "/usr/sbin/policy-rc.d";
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    await install();
  } finally {
    if (ours) rmSync(policy, { force: true });
  }
}

/** The Electron executable, fetched if that takes no longer than 20 s; else `undefined`. */
export async function ensureElectron() {
  const packageFolder = join(root, "node_modules/electron");
  const binary = () => {
    const name = { darwin: "Electron.app/Contents/MacOS/Electron", win32: "electron.exe" }[process.platform];
    const path = join(packageFolder, "dist", name ?? "electron");
    return executable(path) ? path : undefined;
  };
  if (binary() || !existsSync(packageFolder)) return binary();
  say("Fetching Electron …");
  await run(projectNode(), [join(packageFolder, "install.js")], { env: environment(), limitMs: 20_000, quiet: true });
  return binary();
}
