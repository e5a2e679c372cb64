import { describe, expect, test } from "vitest";
import { complete, type NameShapes } from "@shared/expression/complete";
import { highlight } from "@shared/expression/highlight";

const shapes: NameShapes = {
  customer_id: { type: "string", description: "Who buys." },
  fetch: {
    type: "object",
    properties: {
      status: { type: "integer" },
      output: {
        type: "object",
        properties: { items: { type: "array", items: { type: "object", properties: { sku: { type: "string" } } } } },
      },
    },
  },
  secrets: { type: "object", properties: { API_KEY: {} } },
};

/** `|` stands for the cursor. */
function at(marked: string, as: "template" | "condition" = "template") {
  const offset = marked.indexOf("|");
  return complete(marked.replace("|", ""), offset, shapes, as);
}
const labels = (marked: string, as?: "template" | "condition") => at(marked, as).map((c) => c.label);

describe("completion", () => {
  test("proposes names before functions, those that begin with what is typed first", () => {
    expect(labels("{{ cu| }}")[0]).toBe("customer_id");
    expect(labels("{{ | }}").slice(0, 3)).toEqual(["customer_id", "fetch", "secrets"]);
    expect(labels("{{ | }}")).toContain("default");
    expect(labels("{{ | }}")).not.toContain("filter");
  });

  test("proposes fields, also below lists and after unfinished text", () => {
    expect(labels("{{ fetch.|")).toEqual(expect.arrayContaining(["status", "output", "size"]));
    expect(labels("a {{ fetch.output.items[0].s|")[0]).toBe("sku");
    expect(labels("{{ fetch['output'].it| }}")[0]).toBe("items");
    expect(labels("{{ secrets.| }}")[0]).toBe("API_KEY");
  });

  test("proposes the methods that the value's type has", () => {
    expect(labels("{{ customer_id.up| }}")[0]).toBe("upper");
    expect(labels("{{ customer_id.| }}")).not.toContain("filter");
    expect(labels("{{ fetch.output.items.| }}")).toEqual(expect.arrayContaining(["map", "filter", "sort_by"]));
    expect(labels("{{ fetch.output.items.| }}")).not.toContain("substring");
  });

  test("replaces the word the cursor is in", () => {
    const [first] = at("{{ cust|omer }}");
    expect(first).toMatchObject({ insert: "customer_id", from: 3, to: 11, detail: "string", help: "Who buys." });
  });

  test("is silent in plain text and inside texts", () => {
    expect(at("cu|")).toEqual([]);
    expect(at("{{ a }} cu|")).toEqual([]);
    expect(at("\\{{ cu|")).toEqual([]);
    expect(at("{{ 'cu| }}")).toEqual([]);
    expect(labels("cu|", "condition")[0]).toBe("customer_id");
  });
});

describe("highlighting", () => {
  test("colours the expressions of a template", () => {
    const text = "a {{ size(fetch.x) > 1 && 'b' }}";
    expect(highlight(text).map((t) => `${t.kind}:${text.slice(t.from, t.to)}`)).toEqual([
      "brace:{{",
      "function:size",
      "name:fetch",
      "field:x",
      "operator:>",
      "number:1",
      "operator:&&",
      "string:'b'",
      "brace:}}",
    ]);
  });
});
