// Any page of a value with a million rows, the first look included.
import { openBenchHost, percentile, report, runOnce } from "./kit.mjs";

const ROWS = 1_000_000;
const host = await openBenchHost("pages");
const definition = {
  id: "rows",
  name: "Rows",
  version: "1.0.0",
  components: [
    {
      id: "make",
      type: "code",
      name: "Make rows",
      config: {
        language: "javascript",
        trust: "trusted",
        timeout: 120,
        source: `return { rows: Array.from({ length: ${ROWS} }, (_, id) => ({ id, customer: "customer-" + (id % 5000), region: "north", amount: (id % 1000) / 10 })) }`,
      },
    },
  ],
};
const ended = await runOnce(host, definition, null, { trusted: true });
const { reader } = host.store;
const bytes = (await reader.list({ from: 0, limit: 1 })).bytes;

async function page(from) {
  const began = performance.now();
  const got = await reader.page(ended.id, ended.output, ["rows"], from, 100);
  const took = performance.now() - began;
  if (got.total !== ROWS || got.items[0].json.id !== from) throw new Error(`the page at ${from} is wrong`);
  return took;
}
const first = await page(ROWS / 2);
const times = [];
for (let n = 0; n < 300; n++) times.push(await page((n * 7919 * 137) % (ROWS - 100)));
await report(
  {
    figures: {
      "first look ms": first,
      "ms a page p50": percentile(times, 50),
      "ms a page p99": percentile(times, 99),
      "MB stored": bytes / 1024 / 1024,
    },
    budgets: { "first look ms": 100, "ms a page p99": 100 },
  },
  host,
);
