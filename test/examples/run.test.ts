import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Json } from "@shared/base/json";
import { SAMPLE_HOST, startSampleApi, type SampleApi } from "../../src-main/sample-api/server";
import { EXAMPLES, readExample, runExample, type Place } from "./run-example";

let api: SampleApi;
let place: Place;
beforeAll(async () => {
  api = await startSampleApi();
  const folder = mkdtempSync(join(tmpdir(), "apg-examples-"));
  cpSync(join(EXAMPLES, "data"), join(folder, "data"), { recursive: true });
  place = { folder, hosts: { [SAMPLE_HOST]: api.url } };
});
afterAll(async () => {
  await api.close();
  rmSync(place.folder, { recursive: true });
});

async function outputOf<T = unknown>(id: string, input?: Json): Promise<T> {
  const given =
    input === undefined ? (JSON.parse(readFileSync(join(EXAMPLES, `${id}.input.json`), "utf8")) as Json) : input;
  const run = await runExample(readExample(id), given, place);
  const failed = run.entries.find(
    ({ event }) => event.kind === "attempt-failed" || event.kind === "preparation-failed",
  );
  expect(failed?.event, JSON.stringify(failed?.event)).toBeUndefined();
  expect(run.status).toBe("completed");
  return run.output as T;
}

const lines = (file: string) => readFileSync(join(place.folder, file), "utf8").trim().split("\n");

describe("an example, run with the real behaviours", () => {
  test("hello_parallel greets twice", async () => {
    expect(await outputOf("hello_parallel")).toEqual({ greetings: "Hello, world! Hujambo, world!", length: 13 });
  });

  test("ticket_routing chooses by urgency, then by plan", async () => {
    expect(await outputOf("ticket_routing")).toMatchObject({
      case: "account_manager",
      assignment: { team: "account manager" },
    });
    expect(await outputOf("ticket_routing", null)).toMatchObject({ case: "on_call", assignment: { urgency: 5 } });
    expect(await outputOf("ticket_routing", { subject: "A question" })).toMatchObject({ case: "help_desk" });
  });

  test("customer_data_processing stores valid customers and lists the others with reasons", async () => {
    const all = await outputOf<{ stored: number; rejected_count: number }>("customer_data_processing", null);
    expect(all).toMatchObject({ extracted: 230, stored: 211, rejected_count: 19 });
    expect(all.stored + all.rejected_count).toBe(230);
    const stored = lines("output/customers.jsonl").map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(stored).toHaveLength(211);
    expect(stored[0]).toMatchObject({
      id: 1,
      name: expect.any(String),
      email_domain: "example.org",
      region: expect.any(String),
      age_group: expect.any(String),
      tier: expect.stringMatching(/gold|silver|bronze/),
    });
    const rejected = lines("output/rejected.jsonl").map((line) => JSON.parse(line) as { errors: string[] });
    expect(rejected.every(({ errors }) => errors.length > 0)).toBe(true);
    const active = await outputOf("customer_data_processing");
    expect(active).toMatchObject({ extracted: 184 });
  });

  test("nightly_import brings a table up to date, as often as it runs", async () => {
    interface Imported {
      readonly stored: number;
      readonly rejected: number;
      readonly by_state: readonly { readonly state: string; readonly airports: number }[];
    }
    const first = await outputOf<Imported>("nightly_import");
    expect(first.stored + first.rejected).toBe(3376);
    expect(first.stored).toBeGreaterThan(3300);
    expect(first.by_state[0]).toMatchObject({
      state: expect.stringMatching(/^[A-Z]{2}$/),
      airports: expect.any(Number),
    });
    expect(lines("output/nightly-report.csv")).toHaveLength(1 + first.by_state.length);
    expect(lines("output/nightly-rejected.jsonl")).toHaveLength(first.rejected);
    expect(await outputOf<Imported>("nightly_import")).toEqual(first);
  });

  test("airports_flights ranks airports", async () => {
    const output = await outputOf<{ busiest: { iata: string }[]; airports: number; states: number }>(
      "airports_flights",
    );
    expect(output.busiest.map(({ iata }) => iata).slice(0, 3)).toEqual(["ATL", "ORD", "DFW"]);
    expect(lines("output/busiest_airports.csv").length).toBe(1 + output.airports);
    expect(JSON.parse(readFileSync(join(place.folder, "output/departures_by_state.json"), "utf8"))).toHaveLength(
      output.states,
    );
  });

  test("weather_analysis sums up four years", async () => {
    const output = await outputOf<{ years: { year: string; days: number }[]; hot_days: number }>("weather_analysis");
    expect(output.years.map(({ year, days }) => [year, days])).toEqual([
      ["2012", 366],
      ["2013", 365],
      ["2014", 365],
      ["2015", 365],
    ]);
    expect(lines("output/hot_days.jsonl")).toHaveLength(output.hot_days);
    expect(lines("output/weather_by_year.csv")[0]).toContain("avg_temp_max");
  });

  test("orders_in_a_loop fulfils each paid order once", async () => {
    api.reset();
    const output = await outputOf("orders_in_a_loop");
    expect(output).toMatchObject({ fulfilled: 5, total: expect.any(Number) });
    expect(api.counts().routes["POST /payments/charge"]?.distinct).toBe(5);
    expect(await outputOf("fulfil_order")).toMatchObject({ amount: 99.75, shipment_id: "shp_ord_77" });
  });

  test.each(["airports_flights", "fulfil_order", "hello_parallel", "orders_in_a_loop", "weather_analysis"])(
    "%s also runs without an input",
    async (id) => {
      expect(await outputOf(id, null)).not.toBeNull();
    },
  );
});
