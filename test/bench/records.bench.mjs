// 1 M JSON lines of about 200 bytes: file to map, filter and aggregate, memory over all processes.
import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { openBenchHost, peakMemory, report, runOnce, temporaryFolder } from "./kit.mjs";

const ROWS = 1_000_000;
const host = await openBenchHost("records");
const file = join(host.store.files, "records.jsonl");
const regions = ["north", "south", "east", "west"];
const stream = createWriteStream(file);
for (let i = 0; i < ROWS; i += 1000) {
  let text = "";
  for (let j = i; j < i + 1000; j++) {
    text += `{"id":${j},"customer":"customer-${j % 5000}","region":"${regions[j % 4]}","status":"${j % 3 === 0 ? "inactive" : "active"}","amount":${(j % 1000) / 10},"note":"${"x".repeat(90)}"}\n`;
  }
  if (!stream.write(text)) await once(stream, "drain");
}
stream.end();
await once(stream, "finish");

const definition = {
  id: "records",
  name: "Records",
  version: "1.0.0",
  components: [
    {
      id: "summarise",
      type: "transform",
      name: "Summarise the amounts",
      config: {
        source: "records.jsonl",
        transformation_rules: {
          map_fields: { amount: "value" },
          filter_conditions: { status: "active" },
          group_by: ["region"],
          aggregate_functions: { sum: ["value"], count: ["id"] },
        },
      },
    },
  ],
};
const work = async () => {
  const from = performance.now();
  const ended = await runOnce(host, definition);
  return { ms: performance.now() - from, output: ended.output };
};
await work();
const times = [];
const { peakBytes } = await peakMemory(async () => {
  for (let i = 0; i < 5; i++) times.push((await work()).ms);
});
const { output } = await work();
const groups = output.kind === "inline" ? output.json.length : -1;

const { DuckDBInstance } = await import("@duckdb/node-api");
const connection = await (
  await DuckDBInstance.create(":memory:", { memory_limit: "256MB", temp_directory: temporaryFolder("duckdb") })
).connect();
const rawFrom = performance.now();
await connection.runAndReadAll(
  `select region, sum(amount), count(id) from read_json('${file}', format='newline_delimited') where status = 'active' group by region`,
);
const raw = performance.now() - rawFrom;
times.sort((a, b) => a - b);
await report(
  {
    figures: {
      "median s": times[2] / 1000,
      "best s": times[0] / 1000,
      "peak MB, all processes": peakBytes / 1024 / 1024,
      groups,
    },
    limits: { "DuckDB alone s": raw / 1000 },
    ratios: { "median ÷ DuckDB alone": times[2] / raw },
    budgets: { "median s": 1, "peak MB, all processes": 400 },
  },
  host,
);
