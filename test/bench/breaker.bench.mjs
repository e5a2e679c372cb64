// A breaker's decision, of a thousand breakers half of which are open; counting an end is part of a turn's transaction.
import { openBenchHost, percentile, report } from "./kit.mjs";

const host = await openBenchHost("breaker");
const { breakers, journal } = host.store;
const rule = { failureThreshold: 5, recoveryMs: 60_000, halfOpenCalls: 3, minimumRequests: 10, windowMs: 60_000 };
const KEYS = 1000;
const keys = Array.from({ length: KEYS }, (_, n) => `workflow_${n}/call`);
const at = Date.now();
const failed = { kind: "failed", error: { type: "server_error", message: "The server answered 503." } };
const head = {
  workflowId: "w",
  workflowName: "w",
  workflowVersion: "1.0.0",
  startedAt: at,
  debug: false,
  place: { folder: "", allowed: [], hosts: {}, trusted: false },
  rootId: "bench",
  given: { input: null, parameters: {}, env: {} },
};
const ends = keys.flatMap((key, n) =>
  Array.from({ length: 10 }, (_, i) => ({
    key,
    workflowId: "w",
    component: "call",
    rule,
    admittedAt: at,
    at: at + i,
    result: n % 2 === 0 ? failed : { kind: "answered" },
  })),
);
const turn = (n, more) => ({
  executionId: "bench",
  firstSeq: n,
  lastSeq: n,
  events: '[{"kind":"cancel-requested","at":1,"reason":"bench"}]',
  values: [],
  secrets: [],
  ...more,
});
journal.write([turn(1, { head })]);
const counting = [];
for (const [n, end] of ends.entries()) {
  const from = performance.now();
  journal.write([turn(n + 2, { breakers: [end] })]);
  counting.push((performance.now() - from) * 1000);
}
const plain = [];
for (let n = 0; n < 5000; n++) {
  const from = performance.now();
  journal.write([turn(ends.length + n + 2, {})]);
  plain.push((performance.now() - from) * 1000);
}

const ROUND = 1000;
const decisions = [];
let refused = 0;
for (let round = 0; round < 300; round++) {
  const from = performance.now();
  for (let i = 0; i < ROUND; i++) if (!breakers.admit(keys[(i * 7) % KEYS], rule, at + 100).admitted) refused++;
  decisions.push(((performance.now() - from) * 1000) / ROUND);
}
if (refused !== (300 * ROUND) / 2) throw new Error(`${refused} refused`);
await report(
  {
    figures: {
      "µs a decision p50": percentile(decisions, 50),
      "µs a decision p99": percentile(decisions, 99),
      "µs a turn that counts an end p50": percentile(counting, 50),
    },
    limits: { "µs a turn p50": percentile(plain, 50) },
    ratios: { "a turn that counts ÷ a turn": percentile(counting, 50) / percentile(plain, 50) },
    budgets: { "µs a decision p99": 5 },
  },
  host,
);
