#!/usr/bin/env node
// `npx apg` in a checkout: the built command line on the project's own Node, built first if a source changed.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { HOST_FLAGS, ensureBuilt, ensureInstalled, environment, projectNode, root } from "./ensure.mjs";

if (existsSync(join(root, "src-shared"))) {
  await ensureInstalled();
  await ensureBuilt();
}
const child = spawn(projectNode(), [...HOST_FLAGS, join(root, "out/main/cli.js"), ...process.argv.slice(2)], {
  stdio: "inherit",
  env: environment(),
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
