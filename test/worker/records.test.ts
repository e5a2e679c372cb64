import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "@shared/base/json";
import { behaviours, loadBehaviours } from "../../src-main/worker/behaviours/index";
import { errorOf, outputOf, taskOf, toolsOf } from "./task";

const orders = [
  { id: 1, country: "KE", amount: 10, vip: true, tags: ["a"], at: { city: "Nairobi" } },
  { id: 2, country: "NO", amount: 30, vip: false, tags: ["b", "c"] },
  { id: 3, country: "KE", amount: 25.5, note: "late" },
  { id: 4, country: null, amount: null },
];
const ids = async (conditions: Json) =>
  ((await outputOf("filter", { conditions }, orders)) as JsonObject[]).map((record) => record["id"]);

describe("records", () => {
  it("default to the input; one object is one record", async () => {
    expect(await outputOf("filter", { conditions: {} }, { a: 1 })).toEqual([{ a: 1 }]);
    expect(await outputOf("filter", { conditions: {}, records: [{ b: 1 }] }, { a: 1 })).toEqual([{ b: 1 }]);
  });

  it.each<[Json, string]>([
    [5, "The input is a number"],
    [null, "The input is null"],
    ["text", "The input is a text"],
    [[{ a: 1 }, 2], "Record 1 of the input is a number"],
  ])("%j is a validation_error", async (input, message) => {
    expect(await errorOf("sort", { by: "a" }, input)).toMatchObject({
      type: "validation_error",
      message: expect.stringContaining(message),
    });
  });

  it("are worked on synchronously once loaded", async () => {
    await loadBehaviours(["filter"]);
    expect(behaviours["filter"]!.run(taskOf("filter", { conditions: {} }, []), toolsOf())).toMatchObject({
      output: [],
      facts: "0 records",
    });
  });
});

describe("filter conditions", () => {
  it.each<[Json, number[]]>([
    [{ country: "KE" }, [1, 3]],
    [{ country: null }, [4]],
    [{ vip: null }, [3, 4]],
    [{ amount: { eq: 30 } }, [2]],
    [{ country: { ne: "KE" } }, [2, 4]],
    [{ amount: { gt: 10 } }, [2, 3]],
    [{ amount: { gte: 10, lt: 30 } }, [1, 3]],
    [{ amount: { lte: 10 } }, [1]],
    [{ country: { gt: "L" } }, [2]],
    [{ amount: { gt: "1" } }, []],
    [{ country: { in: ["NO", null] } }, [2, 4]],
    [{ tags: { contains: "c" } }, [2]],
    [{ note: { contains: "at" } }, [3]],
    [{ country: { matches: "^[KN]" } }, [1, 2, 3]],
    [{ note: { exists: true } }, [3]],
    [{ amount: { exists: false } }, [4]],
    [{ tags: { eq: ["a"] } }, [1]],
    [{ "at.city": "Nairobi" }, [1]],
    [{ country: "KE", amount: { gt: 20 } }, [3]],
    ["record.id > 1 && record.id < 4", [2, 3]],
    ["{{ record.id == 2 }}", [2]],
    [{}, [1, 2, 3, 4]],
  ])("%j keeps %j", async (conditions, kept) => {
    expect(await ids(conditions)).toEqual(kept);
  });

  it("refuse an unknown comparison, a bad pattern and bad CEL by name", async () => {
    expect(await errorOf("filter", { conditions: { a: { near: 1 } } }, [])).toMatchObject({
      place: "config.conditions.a",
    });
    expect(await errorOf("filter", { conditions: { a: { matches: "(" } } }, [])).toMatchObject({
      type: "validation_error",
    });
    expect(await errorOf("filter", { conditions: "record.a >" }, [])).toMatchObject({
      type: "expression_error",
      place: "config.conditions",
    });
    expect(await errorOf("filter", { conditions: "record.nope > 1" }, [{ note: 1 }])).toMatchObject({
      type: "expression_error",
    });
    expect(
      await errorOf("filter", { conditions: 'record.constructor.constructor("return 1")()' }, [{ note: 1 }]),
    ).toMatchObject({ type: "expression_error" });
  });

  it("take time linear in the text", async () => {
    const text = "a".repeat(50_000);
    const conditions = { text: { matches: "(a+)+$" } };
    expect(await outputOf("filter", { conditions }, [{ text: `${text}!` }])).toEqual([]);
  });
});

describe("map", () => {
  it("renames fields in their places and computes others", async () => {
    const config = {
      fields: { qty: "quantity", gone: "x" },
      computed_fields: { total: "record.price * record.quantity", price: "record.price + 1" },
    };
    const output = await outputOf("map", config, [{ qty: 2, price: 5, note: "n" }]);
    expect(output).toEqual([{ quantity: 2, price: 6, note: "n", total: 10 }]);
    expect(Object.keys((output as JsonObject[])[0]!)).toEqual(["quantity", "price", "note", "total"]);
  });

  it("swaps names, and a renamed field replaces its namesake", async () => {
    expect(await outputOf("map", { fields: { a: "b", b: "a" } }, [{ a: 1, b: 2 }])).toEqual([{ b: 1, a: 2 }]);
    expect(await outputOf("map", { fields: { a: "b" } }, [{ a: 1, b: 2 }, { b: 3 }])).toEqual([{ b: 1 }, { b: 3 }]);
  });

  it("keeps a field called __proto__ a field", async () => {
    const output = (await outputOf("map", { fields: { a: "__proto__" } }, [{ a: { evil: 1 } }])) as JsonObject[];
    expect(JSON.stringify(output)).toBe('[{"__proto__":{"evil":1}}]');
    expect(({} as JsonObject)["evil"]).toBeUndefined();
  });
});

describe("sort", () => {
  it.each<[Json, number[]]>([
    ["amount", [1, 3, 2, 4]],
    ["-amount", [2, 3, 1, 4]],
    [
      ["country", "-amount"],
      [3, 1, 2, 4],
    ],
    [
      [{ field: "country", order: "desc" }, { field: "id" }],
      [2, 1, 3, 4],
    ],
    ["nothing", [1, 2, 3, 4]],
  ])("by %j", async (by, sorted) => {
    expect(((await outputOf("sort", { by }, orders)) as JsonObject[]).map((record) => record["id"])).toEqual(sorted);
  });

  it("puts numbers before text and compares text by code point", async () => {
    const values = ["b", 2, "\u{1f600}", "\uffff", true, 10, null, "B"];
    const output = await outputOf(
      "sort",
      { by: "v" },
      values.map((v) => ({ v })),
    );
    expect((output as JsonObject[]).map((record) => record["v"])).toEqual([
      true,
      2,
      10,
      "B",
      "b",
      "\uffff",
      "\u{1f600}",
      null,
    ]);
  });

  it("refuses what is no order", async () => {
    expect(await errorOf("sort", { by: [{ order: "asc" }] }, [])).toMatchObject({ place: "config.by" });
  });
});

describe("aggregate", () => {
  it("names its columns FUNCTION_FIELD, in the groups' order", async () => {
    const functions = {
      sum: ["amount"],
      count: ["orders", "amount", "*"],
      avg: "amount",
      min: ["amount"],
      max: ["country"],
      median: ["amount"],
      count_distinct: ["country"],
      first: ["id"],
      last: ["note"],
    };
    expect(await outputOf("aggregate", { group_by: "country", functions }, orders)).toEqual([
      {
        country: "KE",
        sum_amount: 35.5,
        count_orders: 2,
        count_amount: 2,
        count: 2,
        avg_amount: 17.75,
        min_amount: 10,
        max_country: "KE",
        median_amount: 17.75,
        count_distinct_country: 1,
        first_id: 1,
        last_note: "late",
      },
      {
        country: "NO",
        sum_amount: 30,
        count_orders: 1,
        count_amount: 1,
        count: 1,
        avg_amount: 30,
        min_amount: 30,
        max_country: "NO",
        median_amount: 30,
        count_distinct_country: 1,
        first_id: 2,
        last_note: null,
      },
      {
        country: null,
        sum_amount: null,
        count_orders: 1,
        count_amount: 0,
        count: 1,
        avg_amount: null,
        min_amount: null,
        max_country: null,
        median_amount: null,
        count_distinct_country: 0,
        first_id: 4,
        last_note: null,
      },
    ]);
  });

  it("makes one record of all without groups, even of none", async () => {
    expect(await outputOf("aggregate", { functions: { count: ["*"], sum: ["amount"] } }, orders)).toEqual([
      { count: 4, sum_amount: 65.5 },
    ]);
    expect(await outputOf("aggregate", { functions: { count: ["*"], sum: ["a"] } }, [])).toEqual([
      { count: 0, sum_a: null },
    ]);
    expect(await outputOf("aggregate", { group_by: ["a"], functions: { count: ["*"] } }, [])).toEqual([]);
  });

  it("refuses to add up text, and functions it does not know", async () => {
    expect(await errorOf("aggregate", { functions: { sum: ["country"] } }, orders)).toMatchObject({
      type: "validation_error",
    });
    expect(await errorOf("aggregate", { functions: { total: ["a"] } }, orders)).toMatchObject({
      place: "config.functions.total",
    });
    expect(await errorOf("aggregate", { functions: { sum: ["*"] } }, orders)).toMatchObject({
      type: "validation_error",
    });
  });
});

describe("transform", () => {
  it("applies its rules in their order", async () => {
    const transformation_rules = {
      map_fields: { ctry: "country" },
      computed_fields: { value: "record.price * 2" },
      filter_conditions: { value: { gt: 2 } },
      group_by: ["country"],
      aggregate_functions: { sum: ["value"], count: ["transactions"] },
      sort_by: "-sum_value",
    };
    const records = [
      { ctry: "a", price: 1 },
      { ctry: "a", price: 2 },
      { ctry: "b", price: 9 },
    ];
    expect(await outputOf("transform", { transformation_rules }, records)).toEqual([
      { country: "b", sum_value: 18, count_transactions: 1 },
      { country: "a", sum_value: 4, count_transactions: 1 },
    ]);
    expect(await outputOf("transform", { records }, null)).toEqual(records);
  });

  it("does not change what it was given", async () => {
    const records = Object.freeze([Object.freeze({ a: 1 })]) as Json;
    await outputOf(
      "transform",
      { transformation_rules: { map_fields: { a: "b" }, computed_fields: { c: "record.b" }, sort_by: "c" } },
      records,
    );
    expect(records).toEqual([{ a: 1 }]);
  });

  it("refuses rules that are none", async () => {
    expect(await errorOf("transform", { transformation_rules: "..." }, [])).toMatchObject({
      place: "config.transformation_rules",
    });
  });
});
