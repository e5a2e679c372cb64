// 10,000 executions that wait (half for a retry, half for a moment) in a host that has done nothing before: what it grew by, its
// threads' heaps and everything that starting them loaded and left behind included, and what they cost while nothing is due. Starting
// them is not timed.
import { openBenchHost, report } from "./kit.mjs";

const COUNT = 10_000;
const WATCHED_MS = 10_000;

const waiting = {
  id: "waiting",
  name: "Waiting",
  version: "1.0.0",
  components: [
    { id: "pause", type: "wait", config: { duration: "1h" } },
    { id: "after", type: "log", config: { message: "over" } },
  ],
};
const retrying = {
  id: "retrying",
  name: "Retrying",
  version: "1.0.0",
  components: [
    {
      id: "call",
      type: "http_request",
      config: { url: "http://127.0.0.1:1/" },
      retry_policy: { max_attempts: 2, initial_delay_ms: 3_600_000, max_delay_ms: 3_600_000, jitter: false },
    },
  ],
};

const host = await openBenchHost("waiting");
const { engine, store } = host;
const start = async (definition) => {
  const started = await engine.begin({
    definition,
    input: { order: "A7" },
    parameters: {},
    env: {},
    folder: store.files,
    allowed: [],
    hosts: {},
    trusted: false,
  });
  if (!started.ok) throw new Error(JSON.stringify(started.problem));
};
const settle = async (count) => {
  while (engine.info().waiting < count || engine.info().running > 0) await new Promise((done) => setTimeout(done, 50));
};
const resident = async () => {
  global.gc?.();
  await new Promise((done) => setTimeout(done, 1000));
  global.gc?.();
  return process.memoryUsage().rss / (1024 * 1024);
};

const before = await resident();
for (let n = 0; n < COUNT; n += 100) {
  await Promise.all(Array.from({ length: 100 }, (_, at) => start(at % 2 === 0 ? waiting : retrying)));
  await settle(n + 100);
}
const grown = (await resident()) - before;
const from = process.cpuUsage();
await new Promise((done) => setTimeout(done, WATCHED_MS));
const used = process.cpuUsage(from);
const cpu = ((used.user + used.system) / 1000 / WATCHED_MS) * 100;

await report(
  {
    figures: { executions: engine.info().waiting, "resident growth MB": grown, "CPU % of a core over 10 s": cpu },
    limits: {},
    ratios: {},
    budgets: { "resident growth MB": 200, "CPU % of a core over 10 s": 1 },
  },
  host,
);
