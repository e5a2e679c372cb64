import { afterAll, beforeAll, expect, it } from "vitest";
import { SAMPLE_HOST, startSampleApi, type SampleApi } from "../../src-main/sample-api/server";
import { bench } from "../engine/running";
import { readExample } from "./run-example";

let api: SampleApi;

beforeAll(async () => {
  api = await startSampleApi();
});
afterAll(() => api.close());

it("resilient_fetch takes the backup, then the last good answer, and asks the primary no more once its breaker is open", async () => {
  const host = bench();
  const run = (input: { readonly primary?: string; readonly backup?: string } | null) =>
    host.run(readExample("resilient_fetch"), { input, hosts: { [SAMPLE_HOST]: api.url } });
  const primaryCalls = (): number => api.counts().routes["GET /status/503"]?.raw ?? 0;

  const first = await run(null);
  expect(first).toMatchObject({ status: "completed_with_warnings", json: { source: "backup", tries: 3 } });
  const { addresses } = first.json as { readonly addresses: readonly string[] };
  expect(addresses).toHaveLength(3);

  const degraded = await run({ backup: "/status/500" });
  expect(degraded.json).toMatchObject({ addresses, source: "backup" });
  expect(degraded.warnings.some((warning) => warning.includes("The last good output is used"))).toBe(true);
  expect(primaryCalls()).toBe(5);
  expect(host.store.breakers.list(Date.now())[0]).toMatchObject({
    key: "resilient_fetch/primary_data_source",
    state: "open",
  });

  expect((await run(null)).json).toMatchObject({ source: "backup", tries: 1 });
  expect(primaryCalls()).toBe(5);

  host.store.breakers.reset("resilient_fetch/primary_data_source");
  const healthy = await run({ primary: "/customers?page_size=2" });
  expect(healthy).toMatchObject({ status: "completed", json: { source: "primary", tries: 1 } });
});
