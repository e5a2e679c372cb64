import { bodyOf, numberIn, queryOf, refuse, type Routes } from "./routes";

interface Line {
  readonly sku: string;
  readonly quantity: number;
}

const STOCK: { readonly [sku: string]: { readonly name: string; readonly price: number; readonly stock: number } } = {
  "KB-101": { name: "Keyboard", price: 79.5, stock: 120 },
  "MS-204": { name: "Mouse", price: 24.9, stock: 300 },
  "MN-330": { name: "Monitor", price: 249, stock: 18 },
  "CB-007": { name: "Cable", price: 6.75, stock: 2_000 },
  "LP-900": { name: "Laptop", price: 1_190, stock: 7 },
  "HS-412": { name: "Headset", price: 59.9, stock: 0 },
};

/** A card whose number ends like this is always declined. */
const DECLINED = "0002";

/** A shop: orders, inventory, payments, shipments. Nothing is kept, so the same request always has the same answer. */
export const shopRoutes: Routes = (server) => {
  server.get("/orders", (request) => {
    const limit = numberIn(queryOf(request), "limit", 6, 1, 100);
    return { data: Array.from({ length: limit }, (_, position) => order(position + 1)), next: null };
  });

  server.get("/orders/:id", (request, reply) => {
    const number = Number(/^(?:ord_)?(\d{1,6})$/.exec((request.params as { readonly id: string }).id)?.[1] ?? 0);
    return number > 0
      ? order(number)
      : refuse(reply, 404, "unknown_order", "Orders are called ord_1, ord_2 and so on.");
  });

  server.get("/inventory/:sku", (request, reply) => {
    const { sku } = request.params as { readonly sku: string };
    const item = Object.hasOwn(STOCK, sku) ? STOCK[sku] : undefined;
    return item === undefined ? refuse(reply, 404, "unknown_sku", `Nothing is called ${sku}.`) : { sku, ...item };
  });

  server.post("/inventory/reserve", (request, reply) => {
    const body = bodyOf(request);
    const lines = Array.isArray(body.lines) ? (body.lines as readonly Line[]) : [];
    if (lines.length === 0)
      return refuse(reply, 422, "lines_missing", "The body needs `lines`, a list of {sku, quantity}.");
    const short = lines.filter(
      ({ sku, quantity }) => (Object.hasOwn(STOCK, sku) ? (STOCK[sku]?.stock ?? 0) : 0) < quantity,
    );
    if (short.length > 0)
      return refuse(reply, 409, "out_of_stock", `Not enough of ${short.map(({ sku }) => sku).join(", ")}.`);
    return { reservation_id: `res_${String(body.order_id ?? "order")}`, lines };
  });

  server.post("/inventory/release", (request) => ({ released: bodyOf(request).reservation_id ?? null }));

  // Twice: as a shop's own API, and as the capability `payments`.
  for (const base of ["/payments", "/capabilities/payments"]) {
    server.post(`${base}/charge`, (request, reply) => {
      const { amount, card, order_id: orderId } = bodyOf(request);
      if (typeof amount !== "number" || amount <= 0)
        return refuse(reply, 422, "bad_amount", "`amount` must be a positive number.");
      if (typeof card === "string" && card.endsWith(DECLINED))
        return refuse(reply, 402, "card_declined", "The card was declined.");
      return { payment_id: `pay_${String(orderId ?? "order")}`, amount, status: "charged" };
    });

    server.post(`${base}/refund`, (request) => {
      const { payment_id: paymentId, amount } = bodyOf(request);
      return { refund_id: `ref_${String(paymentId ?? "payment")}`, amount: amount ?? null, status: "refunded" };
    });
  }

  server.post("/shipments", (request) => {
    const { order_id: orderId, address } = bodyOf(request);
    return {
      shipment_id: `shp_${String(orderId ?? "order")}`,
      address: address ?? null,
      carrier: "Sample Post",
      days: 3,
    };
  });

  server.delete("/shipments/:id", (request) => ({ cancelled: (request.params as { readonly id: string }).id }));

  server.post("/messages", (request) => ({ accepted: true, to: bodyOf(request).to ?? null }));
};

function order(number: number): object {
  const skus = Object.keys(STOCK).filter((sku) => (STOCK[sku]?.stock ?? 0) > 0);
  const lines = Array.from({ length: 1 + (number % 3) }, (_, position) => {
    const sku = skus[(number + position * 2) % skus.length] as string;
    return { sku, quantity: 1 + ((number + position) % 4), price: STOCK[sku]?.price };
  });
  return {
    id: `ord_${number}`,
    customer_id: 1 + ((number * 31) % 230),
    status: number % 4 === 0 ? "on_hold" : "paid",
    lines,
  };
}
