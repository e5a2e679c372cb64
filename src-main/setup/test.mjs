// `npm test`: installs packages and a browser where they are missing, builds, then runs every test
// and looks into the package that an installer would hold. Words after `--` go to vitest.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ensureBrowser,
  ensureBuilt,
  ensureDatabaseServers,
  ensureInstalled,
  environment,
  projectNode,
  root,
  run,
} from "./ensure.mjs";

await ensureInstalled();
await ensureBuilt();
const browser = await ensureBrowser();
const missing = await ensureDatabaseServers();

const results = mkdtempSync(join(tmpdir(), "apg-test-"));
const total = { passed: 0, failed: 0, skipped: 0 };
// Where every test has to run, a server that could not be had is a failure.
let code = missing.length > 0 && process.env.APG_SKIP_NONE === "1" ? 1 : 0;

/** Runs one vitest project and adds its counts to the total. */
async function suite(name, config) {
  const report = join(results, `${name}.json`);
  const args = ["run", "--config", config, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const ended = await run(
    projectNode(),
    [join(root, "node_modules/vitest/vitest.mjs"), ...args, ...process.argv.slice(2)],
    {
      env: environment({ CHROME_PATH: browser }),
      stdout: 1,
    },
  );
  if (ended !== 0) code = 1;
  if (!existsSync(report)) return;
  const counts = JSON.parse(readFileSync(report, "utf8"));
  total.passed += counts.numPassedTests;
  total.failed += counts.numFailedTests;
  total.skipped += counts.numPendingTests;
}

await suite("core", "vitest.config.ts");
await suite("screens", "vitest.e2e.config.ts");
if (process.argv.length === 2 && process.platform === "linux") {
  const packed = await run(projectNode(), [join(root, "test/package/check.mjs")], {
    env: environment({ CHROME_PATH: browser }),
    stdout: 1,
  });
  if (packed !== 0) code = 1;
  total[packed === 0 ? "passed" : "failed"] += 1;
}
rmSync(results, { recursive: true, force: true });
for (const name of missing)
  console.log(`Skipped: all tests on ${name}, which is not installed and could not be. Install it and run again.`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(code || (total.passed === 0 ? 1 : 0));
