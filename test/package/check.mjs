// Packs the built program as `electron-builder --linux dir` does, around a placeholder for Electron, and looks into the
// archive: everything must be in it that the program needs, and nothing of the checkout may be needed beside it.
// Then what was packed is started under the stand-in of test/electron-host.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { extractAll, listPackage } from "@electron/asar";
import { _electron } from "playwright-core";

const root = resolve(import.meta.dirname, "../..");
const work = mkdtempSync(join(tmpdir(), "apg-package-"));
const problems = [];

function expect(truth, sentence) {
  console.log(`${truth ? "ok  " : "FAIL"} ${sentence}`);
  if (!truth) problems.push(sentence);
}

function pack() {
  const builder = join(root, "node_modules/electron-builder/cli.js");
  const args = [
    builder,
    "--linux",
    "dir",
    "-c.electronDist=test/package/electron-dist",
    `-c.directories.output=${work}`,
    "--publish",
    "never",
  ];
  const packed = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (packed.status !== 0)
    throw new Error(`electron-builder ended with ${packed.status}:\n${packed.stdout}${packed.stderr}`);
  return join(work, "linux-unpacked/resources");
}

function lookInto(archive) {
  const files = listPackage(archive).map((file) => file.replaceAll("\\", "/"));
  const has = (pattern) => files.some((file) => pattern.test(file));
  const must = [
    ["the desktop's entry", /^\/out\/main\/desktop\.js$/],
    ["the web host's entry", /^\/out\/main\/web\.js$/],
    ["the command line's entry", /^\/out\/main\/cli\.js$/],
    ["the store's thread", /^\/out\/main\/chunks\/thread-[\w-]+\.js$/],
    ["the worker's entry", /^\/out\/main\/chunks\/entry-[\w-]+\.js$/],
    ["the child process's entry", /^\/out\/main\/chunks\/child-entry-[\w-]+\.js$/],
    ["the preload", /^\/out\/preload\/index\.cjs$/],
    ["the page", /^\/out\/renderer\/index\.html$/],
    ["an example", /^\/resources\/examples\/customer_data_processing\.workflow\.yaml$/],
    ["the examples' data", /^\/resources\/examples\/data\/.+/],
    ["SQLite", /^\/node_modules\/better-sqlite3\/.+\.node$/],
    ["DuckDB", /^\/node_modules\/@duckdb\/.+\.node$/],
    ["the sandbox", /^\/node_modules\/@jitl\/.+\.wasm$/],
    ["the licence", /^\/LICENSE$/],
    ["package.json", /^\/package\.json$/],
  ];
  for (const [name, pattern] of must) expect(has(pattern), `the archive holds ${name}`);
  const mustNot = [
    ["sources", /^\/src-(main|shared|renderer)\//],
    ["tests", /^\/test\//],
    ["source maps", /\.map$/],
    [
      "development dependencies",
      /^\/node_modules\/(vite|vitest|electron|electron-builder|playwright-core|monaco-editor|node|svelte)\//,
    ],
    ["workspaces or keys", /(workspace\.db|vault\.key)$/],
  ];
  for (const [name, pattern] of mustNot) expect(!has(pattern), `the archive holds no ${name}`);
}

function lookBeside(folder) {
  const unpacked = join(folder, "app.asar.unpacked");
  const all = existsSync(unpacked) ? readdirSync(unpacked, { recursive: true }).map(String) : [];
  expect(
    all.some((file) => /better-sqlite3.+\.node$/.test(file)),
    "SQLite's binary lies beside the archive",
  );
  expect(
    all.some((file) => /@duckdb.+libduckdb\.so/.test(file)),
    "DuckDB's library lies beside the archive",
  );
  expect(
    all.some((file) => /out\/main\/chunks\/thread-.+\.js$/.test(file)),
    "the threads' entries lie beside the archive",
  );
}

/** Threads, child processes, native code and data files, as far as an example needs them. */
function run(app, example) {
  const args = [
    join(app, "out/main/cli.js"),
    "run",
    join(app, `resources/examples/${example}.workflow.yaml`),
    "--json",
    "--workspace",
    join(work, "runs"),
  ];
  const ran = spawnSync(process.execPath, args, { cwd: work, encoding: "utf8", timeout: 60_000 });
  const status = ran.status === 0 ? JSON.parse(ran.stdout).status : `${ran.stdout}${ran.stderr}`.slice(-500);
  expect(status === "completed", `what was packed runs ${example}: ${status}`);
}

async function start(app) {
  process.env["ELECTRON_OVERRIDE_DIST_PATH"] = join(root, "test/electron-host");
  const studio = await _electron.launch({
    args: [app, `--workspace=${join(work, "workspace")}`],
    cwd: work,
    env: { ...process.env, ELECTRON_HOST_USER_DATA: join(work, "user"), XDG_DATA_HOME: join(work, "user") },
  });
  try {
    const page = await studio.firstWindow();
    await page.getByRole("heading", { name: "Workflows" }).first().waitFor({ timeout: 20_000 });
    expect(true, "what was packed starts, away from the checkout");
    await page.getByText("Customer Data Processing").first().waitFor({ state: "attached", timeout: 20_000 });
    expect(true, "and shows its examples");
  } finally {
    await studio.close();
  }
}

try {
  if (!existsSync(join(root, "out/main/desktop.js"))) throw new Error("There is no build: run `npm run build` first.");
  const resources = pack();
  const archive = join(resources, "app.asar");
  console.log(`app.asar: ${(statSync(archive).size / 1e6).toFixed(1)} MB`);
  lookInto(archive);
  lookBeside(resources);
  const app = join(work, "app");
  extractAll(archive, app);
  run(app, "customer_data_processing");
  run(app, "weather_analysis");
  await start(app);
} catch (error) {
  expect(false, error instanceof Error ? error.message : String(error));
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}
process.exitCode = problems.length === 0 ? 0 : 1;
