import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Json } from "@shared/base/json";
import { readConnectionsFile } from "@shared/components/connections-file";
import { SAMPLE_HOST, startSampleApi, type SampleApi } from "../../src-main/sample-api/server";
import { bench, workflow, type Bench } from "../engine/running";
import { EXAMPLES, readExample } from "./run-example";

let api: SampleApi;
beforeAll(async () => {
  api = await startSampleApi();
});
beforeEach(() => api.reset());
afterAll(() => api.close());

function shop(): Bench {
  const opened = bench();
  const brought = readConnectionsFile(readFileSync(join(EXAMPLES, "order_processing.connections.json"), "utf8"));
  if (!brought.ok) throw new Error(brought.problem);
  for (const connection of brought.value) opened.store.connections.set(connection);
  return opened;
}

const order = (shop: Bench, input: Json) =>
  shop.run(readExample("order_processing"), { input, hosts: { [SAMPLE_HOST]: api.url } });

/** What the example's database has: orders, and the stock of keyboards. */
async function kept(shop: Bench): Promise<{ readonly orders: Json; readonly stock: Json }> {
  const look = (query: string): { readonly config: { readonly [key: string]: Json } } => ({
    config: { connection: "order_store", query },
  });
  const { json } = await shop.run(
    workflow(
      [
        { id: "orders", type: "database", ...look("select count(*) as count from orders") },
        { id: "stock", type: "database", ...look("select stock from inventory where sku = 'KB-101'") },
      ],
      { outputs: { orders: "{{ orders.output.rows[0].count }}", stock: "{{ stock.output.rows[0].stock }}" } },
    ),
  );
  return json as { orders: Json; stock: Json };
}

test("an order is taken as a whole", async () => {
  const opened = shop();
  const ended = await order(opened, { quantity: 2 });
  expect(ended).toMatchObject({ status: "completed", json: { shipment_id: `shp_${ended.id}` } });
  expect(await kept(opened)).toEqual({ orders: 1, stock: 998 });
  const { routes } = api.counts();
  expect(routes["POST /capabilities/payments/charge"]).toEqual({ raw: 1, distinct: 1 });
  expect(routes["POST /capabilities/payments/refund"]).toBeUndefined();
});

test("an order that cannot be shipped leaves nothing behind", async () => {
  const opened = shop();
  await order(opened, { quantity: 2 });
  const ended = await order(opened, { quantity: 5, carrier: "down" });
  expect(ended).toMatchObject({ status: "failed", undo: { done: 3, failed: 0, left: 0 } });
  expect(await kept(opened)).toEqual({ orders: 1, stock: 998 });
  expect(api.counts().routes["POST /capabilities/payments/refund"]).toEqual({ raw: 1, distinct: 1 });
});
