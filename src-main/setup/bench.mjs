// `npm run bench [-- NAME…] [--json]`: every workload in test/bench, one process each, so that none warms up another.
import { readdirSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import {
  HOST_FLAGS,
  ensureBrowser,
  ensureBuilt,
  ensureInstalled,
  environment,
  projectNode,
  root,
  stop,
} from "./ensure.mjs";

const args = process.argv.slice(2);
const json = args.includes("--json");
const names = args.filter((arg) => !arg.startsWith("--"));
const known = readdirSync(join(root, "test/bench"))
  .filter((file) => file.endsWith(".bench.mjs"))
  .map((file) => file.replace(".bench.mjs", ""));
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) stop(`There is no workload "${unknown[0]}". There are: ${known.join(", ")}.`);

await ensureInstalled();
await ensureBuilt();
const wanted = names.length > 0 ? names : known;
const browser = wanted.includes("canvas") || wanted.includes("startup") ? await ensureBrowser() : "";
const results = {};
let code = 0;
for (const name of wanted) {
  const child = spawnSync(
    projectNode(),
    [...HOST_FLAGS, "--expose-gc", join(root, "test/bench", `${name}.bench.mjs`)],
    {
      cwd: root,
      encoding: "utf8",
      env: environment({ CHROME_PATH: browser, NODE_ENV: "production" }),
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  if (child.status !== 0) {
    code = 1;
    results[name] = { failed: `exit code ${child.status}` };
  } else results[name] = JSON.parse(child.stdout);
  if (!json) print(name, results[name]);
}
if (json) console.log(JSON.stringify(results, null, 2));
process.exit(code);

function print(name, result) {
  console.log(`\n${name}`);
  for (const [key, value] of Object.entries(result.figures ?? result))
    console.log(`  ${key.padEnd(44)} ${format(value)}`);
  for (const [key, value] of Object.entries(result.limits ?? {}))
    console.log(`  limit: ${key.padEnd(37)} ${format(value)}`);
}

function format(value) {
  if (typeof value !== "number") return typeof value === "string" ? value : JSON.stringify(value);
  return value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
}
