// The built command line on a workflow of three steps, cold; npx apart; the studio's first paint and the web host's idle memory.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { built, percentile, report, root, temporaryFolder, webAddress } from "./kit.mjs";

const folder = temporaryFolder("startup");
const file = join(folder, "small.workflow.yaml");
writeFileSync(
  file,
  `id: small
name: Small
version: 1.0.0
purpose: Add one three times
components:
${[1, 2, 3].map((i) => `  - {id: add_${i}, type: transform, name: Add ${i}, config: {transformation_rules: {computed_fields: {n: record.n + 1}}}}`).join("\n")}
`,
);
writeFileSync(join(folder, "input.json"), '{"n": 1}');
const timed = (command, args) => {
  const from = performance.now();
  const ended = spawnSync(command, args, { encoding: "utf8", cwd: root });
  if (ended.status !== 0) throw new Error(`${command} ended with ${ended.status}: ${ended.stderr}`);
  return performance.now() - from;
};
const run = [
  "run",
  file,
  "--input",
  join(folder, "input.json"),
  "--json",
  "--quiet",
  "--workspace",
  join(folder, "workspace"),
];
const direct = Array.from({ length: 11 }, () => timed(process.execPath, [built("cli.js"), ...run]));
const bare = Array.from({ length: 5 }, () => timed(process.execPath, ["-e", "0"]));
const npx = Array.from({ length: 3 }, () => timed("npx", ["apg", ...run]));

const web = spawn(process.execPath, [built("web.js"), "--no-open", "--workspace", join(folder, "web")], {
  stdio: ["ignore", "pipe", "inherit"],
});
const address = await webAddress(web);
const { chromium } = await import("playwright-core");
const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH,
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const paints = [];
for (let i = 0; i < 3; i++) {
  const page = await (await browser.newContext()).newPage();
  await page.goto(address);
  await page.getByRole("main").first().waitFor();
  paints.push(
    await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN),
  );
  await page.close();
}
await browser.close();
// Idle threads go after ten seconds, and then the host collects.
await new Promise((resolve) => setTimeout(resolve, 20_000));
const idle = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${web.pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
web.kill("SIGTERM");

await report({
  figures: {
    "command line p50 s": percentile(direct, 50) / 1000,
    "command line p99 s": percentile(direct, 99) / 1000,
    "npx apg p50 s": percentile(npx, 50) / 1000,
    "first paint s (cold, median)": percentile(paints, 50) / 1000,
    "idle web host MB": idle,
  },
  limits: { "bare node s": percentile(bare, 50) / 1000 },
  ratios: { "command line ÷ bare node": percentile(direct, 50) / percentile(bare, 50) },
  budgets: { "command line p50 s": 0.5, "first paint s (cold, median)": 1.5, "idle web host MB": 150 },
});
