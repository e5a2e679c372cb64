import { afterAll, beforeAll, expect, it } from "vitest";
import { startSampleApi, type SampleApi } from "../../src-main/sample-api/server";
import { mixed } from "../bench/mixed.mjs";
import { bench } from "./running";

let api: SampleApi;

beforeAll(async () => {
  api = await startSampleApi();
});
afterAll(() => api.close());

it("the guide's load: of 50 executions at once every one succeeds, and each step of each ran once", async () => {
  const host = bench();
  const hosts = { "sample.apg.test": api.url };
  const inputs = Array.from({ length: 50 }, (_, n) => ({ id: n + 1 }));
  const ended = await Promise.all(inputs.map((input) => host.run(mixed, { input, hosts })));
  expect(ended.filter(({ status }) => status !== "completed").map(({ error }) => error)).toEqual([]);
  expect(ended.map(({ json }) => json)).toEqual(
    inputs.map(({ id }) => ({ score: 4950, id, way: id * 2 + 1 > 100 ? "large" : "small" })),
  );
  const { routes } = api.counts();
  for (const { id } of inputs) expect(routes[`GET /customers/${id}`]?.raw).toBe(1);
  // Ten keys, each fetched by one of the executions that missed it at the same time.
  expect(routes["GET /slow/rates"]?.raw).toBe(10);
  const { rows } = await host.store.reader.list({ from: 0, limit: 100, status: ["completed"] });
  expect(rows).toHaveLength(50);
});
