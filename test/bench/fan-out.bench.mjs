// One start, 20 transforms at the same time, one merge.
import { load, openBenchHost, report, rounds, runOnce, sqliteCommits, threadRoundTrips } from "./kit.mjs";

const middle = Array.from({ length: 20 }, (_, i) => ({
  id: `work_${i + 1}`,
  type: "transform",
  name: `Work ${i + 1}`,
  config: { transformation_rules: { computed_fields: { n: `record.n + ${i}` } } },
}));
const definition = {
  id: "fan_out",
  name: "Fan out",
  version: "1.0.0",
  components: [
    { id: "begin", type: "start", name: "Begin" },
    ...middle,
    { id: "gather", type: "merge", name: "Gather" },
  ],
  connections: middle.flatMap(({ id }) => [
    { source: "begin", target: id },
    { source: id, target: "gather" },
  ]),
};

const host = await openBenchHost("fan-out");
const once = () => runOnce(host, definition, { n: 1 });
await load(200, 5, once);
const one = await rounds(5, 200, 1, once);
const commits = await sqliteCommits();
const trips = await threadRoundTrips();
await report(
  {
    figures: {
      "p50 ms": one.p50,
      "p99 ms": one.p99,
      "executions/s": one.perSecond,
      "CPU µs an execution": one.cpuMicros,
    },
    limits: { "sqlite commits/s (1 KB, NORMAL)": commits, "thread round trips/s": trips },
    ratios: { "p50 ÷ thread round trip": one.p50 / (1000 / trips) },
    budgets: { "p50 ms": 1.5 },
  },
  host,
);
