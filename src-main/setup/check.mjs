// `npm run check`: formatting, lint, types of each side and the walls; two at a time, one verdict.
import { join } from "node:path";
import { ensureInstalled, environment, projectNode, root, run } from "./ensure.mjs";

await ensureInstalled();
const bin = (path) => join(root, "node_modules", path);
const checks = [
  [
    "types of the screens",
    bin("svelte-check/bin/svelte-check"),
    "--tsconfig",
    "./src-renderer/tsconfig.json",
    "--threshold",
    "warning",
  ],
  [
    "lint",
    bin("eslint/bin/eslint.js"),
    "--cache",
    "--cache-location",
    bin(".cache/eslint"),
    "--max-warnings",
    "0",
    "src-shared",
    "src-main",
    "src-renderer",
    "test",
  ],
  ["types of the tests", bin("typescript/bin/tsc"), "-p", "test"],
  ["types of the core", bin("typescript/bin/tsc"), "-p", "src-shared"],
  ["types of the hosts", bin("typescript/bin/tsc"), "-p", "src-main"],
  [
    "walls",
    bin("dependency-cruiser/bin/dependency-cruiser.mjs"),
    "--config",
    ".dependency-cruiser.cjs",
    "src-shared",
    "src-main",
    "src-renderer",
  ],
  [
    "formatting",
    bin("prettier/bin/prettier.cjs"),
    "--check",
    "--cache",
    "--log-level",
    "warn",
    "src-shared",
    "src-main",
    "src-renderer",
    "test",
    "docs",
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
  ],
];

const started = Date.now();
const failures = [];
async function lane() {
  for (let next = checks.shift(); next; next = checks.shift()) {
    const [name, ...args] = next;
    const from = Date.now();
    const code = await run(projectNode(), args, {
      env: environment({ NODE_OPTIONS: "--max-old-space-size=4096" }),
      stdout: 1,
    });
    console.log(`${code === 0 ? "ok  " : "FAIL"} ${name} (${((Date.now() - from) / 1000).toFixed(1)} s)`);
    if (code !== 0) failures.push(name);
  }
}
await Promise.all([lane(), lane()]);
console.log(
  `${failures.length === 0 ? "All checks hold" : `Failed: ${failures.join(", ")}`} (${((Date.now() - started) / 1000).toFixed(1)} s)`,
);
process.exit(failures.length === 0 ? 0 : 1);
