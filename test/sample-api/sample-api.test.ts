import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startSampleApi, type Counts, type SampleApi } from "../../src-main/sample-api/server";

let api: SampleApi;
beforeAll(async () => void (api = await startSampleApi()));
afterAll(() => api.close());
beforeEach(() => api.reset());

async function call(path: string, init: RequestInit & { json?: unknown } = {}) {
  const { json, ...rest } = init;
  const body =
    json === undefined
      ? {}
      : {
          method: "POST",
          body: JSON.stringify(json),
          headers: { "content-type": "application/json", ...rest.headers },
        };
  const response = await fetch(api.url + path, { ...rest, ...body });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, never> };
}

describe("the sample API", () => {
  test("listens on loopback only", () => {
    expect(api.url).toBe(`http://127.0.0.1:${api.port}`);
  });

  test("gives customers in pages that lead to each other, some with a wrong e-mail", async () => {
    let path: string | null = "/customers?page_size=50";
    const all: { id: number; email: string }[] = [];
    let pages = 0;
    while (path !== null) {
      const { body } = await call(path);
      const page = body as unknown as { data: { id: number; email: string }[]; next: string | null; total: number };
      all.push(...page.data);
      path = page.next;
      pages++;
      expect(page.total).toBe(230);
    }
    expect(pages).toBe(5);
    expect(new Set(all.map((c) => c.id)).size).toBe(230);
    const wrong = all.filter((c) => !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(c.email));
    expect(wrong.length).toBe(15);
    expect((await call("/customers/7")).body).toMatchObject({ id: 7 });
    expect((await call("/customers/999")).status).toBe(404);
  });

  test("enriches customers by id", async () => {
    const { body } = await call("/enrich/demographics", { json: { ids: [1, 2, 9_999] } });
    expect((body as unknown as { data: object[] }).data).toHaveLength(2);
    expect((await call("/enrich/purchases", { json: {} })).status).toBe(422);
    expect((await call("/enrich/nothing", { json: { ids: [] } })).status).toBe(404);
  });

  test("carries out a change once an idempotency key, and counts both kinds of call", async () => {
    const charge = { json: { amount: 10, order_id: "ord_1" }, headers: { "idempotency-key": "exec/charge" } };
    const first = await call("/payments/charge", charge);
    const again = await call("/payments/charge", charge);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("idempotent-replay")).toBe("true");
    await call("/payments/charge", { json: { amount: 10 } });
    expect((await call("/_counts")).body as unknown as Counts).toEqual({
      raw: 3,
      distinct: 2,
      routes: { "POST /payments/charge": { raw: 3, distinct: 2 } },
    });
    await call("/_reset", { method: "POST" });
    expect(api.counts().raw).toBe(0);
  });

  test("does not remember a failure as the answer", async () => {
    const headers = { "idempotency-key": "k" };
    expect((await call("/flaky/a?fails=1", { method: "POST", headers })).status).toBe(503);
    expect((await call("/flaky/a?fails=1", { method: "POST", headers })).status).toBe(200);
    expect(api.counts().routes["POST /flaky/a"]).toEqual({ raw: 2, distinct: 1 });
  });

  test("fails as asked, then works, for each key", async () => {
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await call("/flaky/b?fails=2&status=500")).status);
    expect(statuses).toEqual([500, 500, 200, 200]);
    expect((await call("/flaky/c?fails=1")).status).toBe(503);
  });

  test("answers with any status, and when to come back", async () => {
    const { status, headers } = await call("/status/429?retry_after=2");
    expect([status, headers.get("retry-after")]).toEqual([429, "2"]);
    expect((await call("/status/999")).status).toBe(400);
  });

  test("answers late", async () => {
    expect((await call("/slow/step?ms=20")).body).toEqual({ waited_ms: 20, name: "step" });
    const from = performance.now();
    await fetch(`${api.url}/slow/step?ms=200`, {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    expect(performance.now() - from).toBeGreaterThan(190);
    const abort = new AbortController();
    const cut = fetch(`${api.url}/slow?ms=100000`, { signal: abort.signal }).catch((error: Error) => error.name);
    abort.abort();
    expect(await cut).toBe("AbortError");
  });

  test("reserves, charges, refunds and ships", async () => {
    const lines = [{ sku: "KB-101", quantity: 2 }];
    expect((await call("/inventory/reserve", { json: { order_id: "ord_1", lines } })).body).toMatchObject({
      reservation_id: "res_ord_1",
    });
    expect((await call("/inventory/reserve", { json: { lines: [{ sku: "HS-412", quantity: 1 }] } })).status).toBe(409);
    expect((await call("/payments/charge", { json: { amount: 5, card: "4000000000000002" } })).status).toBe(402);
    expect((await call("/payments/refund", { json: { payment_id: "pay_ord_1" } })).body).toMatchObject({
      status: "refunded",
    });
    expect((await call("/shipments", { json: { order_id: "ord_1" } })).body).toMatchObject({
      shipment_id: "shp_ord_1",
    });
    expect((await call("/orders/ord_3")).body).toMatchObject({ id: "ord_3" });
    expect((await call("/inventory/constructor")).status).toBe(404);
  });

  test("says what it was sent", async () => {
    const { body } = await call("/echo/deep?a=1", { json: { x: [1] } });
    expect(body).toMatchObject({ method: "POST", path: "/echo/deep", query: { a: "1" }, body: { x: [1] } });
    expect(
      (await call("/echo", { method: "POST", body: "{", headers: { "content-type": "application/json" } })).status,
    ).toBe(400);
  });
});
