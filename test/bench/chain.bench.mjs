// 10 trivial transform steps on a 1 KB item, full history: one after another, and 10 in flight.
import { load, openBenchHost, report, rounds, runOnce, sqliteCommits, threadRoundTrips } from "./kit.mjs";

const steps = Array.from({ length: 10 }, (_, i) => ({
  id: `step_${i + 1}`,
  type: "transform",
  name: `Count up ${i + 1}`,
  config: { transformation_rules: { computed_fields: { n: "record.n + 1" } } },
}));
const definition = {
  id: "chain",
  name: "Chain",
  version: "1.0.0",
  components: steps,
  outputs: { n: "{{ step_10.output[0].n }}" },
};
const item = { n: 0, text: "x".repeat(1000) };

const host = await openBenchHost("chain");
const once = async () => {
  const ended = await runOnce(host, definition, item);
  if (ended.output.kind === "inline" && ended.output.json.n !== undefined && ended.output.json.n !== 10)
    throw new Error("wrong result");
};
await load(500, 10, once);
const sequential = await rounds(5, 600, 1, once);
const ten = await rounds(5, 2000, 10, once);
const commits = await sqliteCommits();
const trips = await threadRoundTrips();
await report(
  {
    figures: {
      "sequential executions/s": sequential.perSecond,
      "sequential, best round": sequential.best,
      "sequential CPU µs an execution": sequential.cpuMicros,
      "sequential p50 ms": sequential.p50,
      "sequential p99 ms": sequential.p99,
      "10 in flight executions/s": ten.perSecond,
      "10 in flight, best round": ten.best,
      "10 in flight CPU µs an execution": ten.cpuMicros,
      "10 in flight p50 ms": ten.p50,
      "10 in flight p99 ms": ten.p99,
    },
    limits: { "sqlite commits/s (1 KB, NORMAL)": commits, "thread round trips/s": trips },
    ratios: {
      "sequential ÷ thread round trips": sequential.perSecond / trips,
      "10 in flight ÷ sqlite commits": ten.perSecond / commits,
    },
    budgets: { "sequential executions/s": 1400, "10 in flight executions/s": 4500 },
  },
  host,
);
