// A CSV file of 2 GB, filtered and aggregated into a table of a SQLite database: time, and memory over all processes.
import { spawnSync } from "node:child_process";
import { closeSync, openSync, rmSync, statfsSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openBenchHost, peakMemory, report, runOnce, temporaryFolder } from "./kit.mjs";

const WANTED_BYTES = 2_000_000_000;

// The file is made by a process of its own, whose memory is not counted.
if (process.argv[2] === "make") {
  make(process.argv[3], Number(process.argv[4]));
  process.exit(0);
}

const host = await openBenchHost("csv");
const file = join(host.store.files, "orders.csv");
const { bavail, bsize } = statfsSync(host.folder);
// Half of the disk stays free, whatever is asked for.
const bytes = Math.min(WANTED_BYTES, (bavail * bsize) / 2);
const made = spawnSync(process.execPath, [fileURLToPath(import.meta.url), "make", file, String(bytes)], {
  stdio: ["ignore", "ignore", "inherit"],
});
if (made.status !== 0) throw new Error(`the file could not be made: exit code ${made.status}`);

host.store.connections.set({
  name: "warehouse",
  kind: "sqlite",
  settings: { "*": { file: "warehouse.sqlite" } },
  serves: [],
});
const rules = {
  filter_conditions: { status: "paid", amount: { gt: 20 } },
  group_by: ["region", "customer"],
  aggregate_functions: { sum: ["amount"], count: ["id"] },
};
const importing = {
  id: "import",
  name: "Import",
  version: "1.0.0",
  components: [
    {
      id: "make_table",
      type: "database",
      name: "Make the table",
      config: {
        connection: "warehouse",
        query:
          "create table if not exists totals (region text, customer text, sum_amount real, count_id integer, primary key (region, customer))",
      },
    },
    {
      id: "sum_up",
      type: "transform",
      name: "Sum up the orders",
      config: {
        source: "orders.csv",
        destination: { connection: "warehouse", table: "totals", mode: "replace" },
        transformation_rules: rules,
      },
    },
    {
      id: "check",
      type: "database",
      name: "Look at the table",
      config: {
        connection: "warehouse",
        query: "select count(*) as rows_written, sum(count_id) as orders, sum(sum_amount) as amount from totals",
      },
    },
  ],
};
const from = performance.now();
const { result, peakBytes } = await peakMemory(() => runOnce(host, importing));
const seconds = (performance.now() - from) / 1000;
const [found] = result.output.json.rows;

const { DuckDBInstance } = await import("@duckdb/node-api");
const instance = await DuckDBInstance.create(":memory:", {
  memory_limit: "256MB",
  temp_directory: temporaryFolder("duckdb"),
});
const connection = await instance.connect();
const aloneFrom = performance.now();
const answer = await connection.runAndReadAll(
  `select count(*), sum(orders), sum(amount) from (select region, customer, sum(amount) as amount, count(id) as orders from read_csv('${file}') where status = 'paid' and amount > 20 group by region, customer)`,
);
const alone = (performance.now() - aloneFrom) / 1000;
const [[rows, orders, amount]] = answer.getRows();
if (Number(rows) !== found.rows_written || Number(orders) !== found.orders || Math.abs(amount - found.amount) > 1)
  throw new Error(`not the same: ${JSON.stringify(found)} and ${rows}, ${orders}, ${amount}`);

const size = statSync(file).size;
rmSync(file);
await report(
  {
    figures: {
      "file GB": size / 1e9,
      seconds: seconds,
      "MB/s": size / 1e6 / seconds,
      "peak MB, all processes": peakBytes / 1024 / 1024,
      "rows in the table": found.rows_written,
    },
    limits: { "DuckDB alone s": alone },
    ratios: { "seconds ÷ DuckDB alone": seconds / alone },
    budgets: { "peak MB, all processes": 512 },
  },
  host,
);

function make(path, most) {
  const regions = ["north", "south", "east", "west"];
  const states = ["paid", "open", "paid", "sent back"];
  const out = openSync(path, "w");
  let written = writeSync(out, "id,customer,region,status,amount,ordered_at,note\n");
  for (let id = 0; written < most;) {
    let text = "";
    for (const end = id + 20_000; id < end; id++) {
      text += `${id},customer-${(id * 7919) % 5000},${regions[(id >> 2) % 4]},${states[id % 4]},${(id % 10_000) / 100},2026-${String((id % 12) + 1).padStart(2, "0")}-15,"deliver to the door, ring twice ${"x".repeat(id % 40)}"\n`;
    }
    written += writeSync(out, text);
  }
  closeSync(out);
}
