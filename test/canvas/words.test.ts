import { expect, it } from "vitest";
import { descriptorOf } from "@shared/components/catalogue";
import { summaryOf } from "../../src-renderer/canvas/words";

it("a card shows a template in short: what is computed within a text is left out", () => {
  const http = descriptorOf("http_request");
  const shown = (url: string): string => summaryOf({ id: "call", type: "http_request", config: { url } }, http);
  expect(shown("https://shop.example/{{ input_data.down ? 'a' : 'b' }}/x")).toBe("GET /…/x");
  expect(shown("https://shop.example/orders/{{ order_id }}")).toBe("GET /orders/order_id");
  expect(shown("{{ base_url }}/orders")).toBe("GET /orders");
});
