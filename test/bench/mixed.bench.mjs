// 50 executions at once of a mixed workflow of eight steps: http, validate, transform, decision, code, parallel, cache, log.
import { spawn } from "node:child_process";
import { built, load, openBenchHost, report, rounds, sqliteCommits } from "./kit.mjs";
import { mixed } from "./mixed.mjs";

const api = spawn(process.execPath, [built("cli.js"), "sample-api"], { stdio: ["ignore", "pipe", "inherit"] });
const url = await new Promise((resolve) => api.stdout.once("data", (data) => resolve(String(data).trim())));
process.on("exit", () => api.kill());

const host = await openBenchHost("mixed");
const { engine, store } = host;
let next = 0;
let failed = 0;
const once = async () => {
  next += 1;
  const id = (next % 100) + 1;
  const started = await engine.begin({
    definition: mixed,
    input: { id },
    parameters: {},
    env: {},
    folder: store.files,
    allowed: [],
    hosts: { "sample.apg.test": url },
    trusted: false,
  });
  if (!started.ok) throw new Error(JSON.stringify(started.problem));
  const ended = await engine.settled(started.value.id);
  if (ended.status !== "completed" || ended.output.json.id !== id || ended.output.json.score !== 4950) {
    failed += 1;
    process.stderr.write(`${ended.status} ${JSON.stringify(ended.error ?? ended.output)}\n`);
  }
};
await load(200, 50, once);
const fifty = await rounds(5, 400, 50, once);

/** The same calls without a workflow around them. */
const { request } = await import("undici");
const raw = await rounds(3, 1000, 50, async () => {
  next += 1;
  const answer = await request(`${url}/customers/${(next % 100) + 1}`);
  JSON.parse(await answer.body.text());
});
const commits = await sqliteCommits();
await report(
  {
    figures: {
      "executions/s, 50 in flight": fifty.perSecond,
      "best round": fifty.best,
      "p50 ms": fifty.p50,
      "p99 ms": fifty.p99,
      "CPU µs an execution": fifty.cpuMicros,
      "success %": 100 * (1 - failed / (200 + 5 * 400)),
    },
    limits: { "raw calls/s": raw.perSecond, "sqlite commits/s (1 KB, NORMAL)": commits },
    ratios: { "executions ÷ raw calls": fifty.perSecond / raw.perSecond },
    budgets: { "executions/s, 50 in flight": 150, "success %": 100 },
  },
  host,
);
