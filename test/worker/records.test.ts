import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "@shared/base/json";
import { behaviours, loadBehaviours } from "../../src-main/worker/behaviours/index";
import { errorOf, outputOf, perform, taskOf, toolsOf } from "./task";

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

describe("decision and switch", () => {
  const cases = [
    { id: "a", condition: false },
    { id: "b", condition: true },
    { id: "c", condition: true },
  ];

  it("choose the first case that holds", async () => {
    expect(await perform(taskOf("decision", { cases, default: "d" }, { n: 1 }))).toEqual({
      kind: "completed",
      output: { case: "b", value: { n: 1 } },
      chosen: "b",
      facts: "b",
    });
    const equals = [
      { id: "one", equals: 1 },
      { id: "obj", equals: { x: 1, y: [2] } },
    ];
    expect(await perform(taskOf("switch", { value: { y: [2], x: 1.0 }, cases: equals }))).toMatchObject({
      chosen: "obj",
    });
  });

  it("fall back on the default, and without one fail", async () => {
    expect(await perform(taskOf("decision", { cases: [], default: "d" }))).toMatchObject({ chosen: "d" });
    expect(
      await perform(taskOf("switch", { value: 5, cases: [{ id: "one", equals: "5" }], default: "d" })),
    ).toMatchObject({ chosen: "d" });
    expect(await errorOf("decision", { cases: [{ id: "a", condition: false }] })).toMatchObject({
      type: "validation_error",
    });
    expect(await errorOf("switch", { value: 5, cases: [] })).toMatchObject({ type: "validation_error" });
  });

  it("refuse conditions that are neither true nor false", async () => {
    expect(await errorOf("decision", { cases: [{ id: "a", condition: "yes" }] })).toMatchObject({
      place: "config.cases[0].condition",
    });
  });
});

describe("merge", () => {
  const left = [{ id: 1, a: "l1" }, { id: 2, a: "l2" }, { a: "no key" }];
  const right = [
    { id: 2, b: "r2" },
    { id: 2, b: "r2b", a: "wins" },
    { id: 3, b: "r3" },
  ];

  it("gives an object by predecessor, or appends", async () => {
    expect(await outputOf("merge", { mode: "all" }, { left, right })).toEqual({ left, right });
    expect(await outputOf("merge", { combine: "append" }, { left, right, one: 5 })).toEqual([...left, ...right, 5]);
    expect(await outputOf("merge", { combine: "append" }, null)).toEqual([]);
  });

  it("joins by a field", async () => {
    const matched = [
      { id: 2, a: "l2", b: "r2" },
      { id: 2, a: "wins", b: "r2b" },
    ];
    expect(await outputOf("merge", { combine: "join_by", join_by: "id", join_type: "inner" }, { left, right })).toEqual(
      matched,
    );
    expect(await outputOf("merge", { join_by: ["id"], join_type: "left" }, { left, right })).toEqual([
      left[0],
      ...matched,
      left[2],
    ]);
    expect(await outputOf("merge", { join_by: "id" }, { left, right })).toEqual([
      left[0],
      ...matched,
      left[2],
      right[2],
    ]);
  });

  it("refuses unknown ways, and a join without a field", async () => {
    expect(await errorOf("merge", { combine: "stack" }, {})).toMatchObject({ place: "config.combine" });
    expect(await errorOf("merge", { combine: "join_by" }, { left })).toMatchObject({ place: "config.join_by" });
    expect(await errorOf("merge", { join_by: "id", join_type: "outer" }, { left })).toMatchObject({
      place: "config.join_type",
    });
    expect(await errorOf("merge", { join_by: "id" }, { left: [1], right })).toMatchObject({ type: "validation_error" });
  });
});

describe("start, end and log", () => {
  it("pass the input on, or give an output", async () => {
    expect(await perform(taskOf("start", { trigger_type: "manual" }, { a: 1 }))).toMatchObject({
      output: { a: 1 },
      facts: "manual",
    });
    expect(await outputOf("end", {}, { a: 1 })).toEqual({ a: 1 });
    expect(await outputOf("end", { output: [1] }, { a: 1 })).toEqual([1]);
  });

  it("say how the workflow ends", async () => {
    expect(await perform(taskOf("end", { status: "completed_with_warnings" }))).toMatchObject({
      kind: "completed",
      warnings: [expect.any(String)],
    });
    expect(await errorOf("end", { status: "failed" })).toMatchObject({ type: "component_error" });
    expect(await errorOf("end", { status: "well" })).toMatchObject({ place: "config.status" });
  });

  it("write a line", async () => {
    expect(await perform(taskOf("log", { message: "hi", level: "warning" }))).toMatchObject({
      output: null,
      logs: [{ level: "warning", message: "hi" }],
    });
    expect(await perform(taskOf("log", {}, { n: 1 }))).toMatchObject({ logs: [{ level: "info", message: '{"n":1}' }] });
    expect(await errorOf("log", { level: "loud" })).toMatchObject({ place: "config.level" });
  });
});

describe("validate", () => {
  const schema = {
    type: "object",
    properties: {
      email: { type: "string", format: "email" },
      age: { type: "integer", minimum: 0, maximum: 150 },
      phone: { type: "string", pattern: "^\\+?[1-9]\\d{1,14}$" },
    },
    required: ["email"],
    additionalProperties: false,
  };
  const records = [{ email: "ann@example.com", age: 5 }, { email: "nobody", age: 200 }, { extra: 1 }];

  it("sorts records out, with what is wrong with each", async () => {
    const outcome = await perform(taskOf("validate", { schema, on_validation_error: "reject_and_log" }, records));
    expect(outcome).toMatchObject({
      output: {
        valid: [records[0]],
        rejected: [
          { record: records[1], errors: ["email is no email", "age must be <= 150"] },
          { record: records[2], errors: ["must have required property 'email'", "has the unknown field extra"] },
        ],
        valid_count: 1,
        rejected_count: 2,
      },
      facts: "1 valid · 2 rejected",
    });
    expect(outcome.logs).toHaveLength(2);
  });

  it("fails at the first, or passes them through with a warning", async () => {
    expect(await errorOf("validate", { schema, on_validation_error: "fail" }, records)).toMatchObject({
      type: "validation_error",
      place: "records[1]",
    });
    const passed = await perform(taskOf("validate", { schema, on_validation_error: "pass_through" }, records));
    expect(passed).toMatchObject({
      output: { valid: records, valid_count: 3, rejected_count: 2 },
      warnings: ["2 records passed through though not valid."],
    });
    expect(await errorOf("validate", { schema, on_validation_error: "shrug" }, records)).toMatchObject({
      place: "config.on_validation_error",
    });
  });

  it("takes records from config", async () => {
    expect(await outputOf("validate", { schema, records: [{ email: "a@b.co" }] }, 5)).toMatchObject({ valid_count: 1 });
  });

  it("cleans first, each way only when asked", async () => {
    const dirty = [{ email: " <b>ann@example.com</b> ", phone: "+123" }];
    const loose = { type: "object" };
    const cleaned = async (sanitization: JsonObject) =>
      ((await outputOf("validate", { schema: loose, sanitization }, dirty)) as { valid: JsonObject[] }).valid[0]![
        "email"
      ];
    expect(await cleaned({})).toBe(" <b>ann@example.com</b> ");
    expect(await cleaned({ trim_strings: true })).toBe("<b>ann@example.com</b>");
    expect(await cleaned({ remove_html_tags: true })).toBe(" ann@example.com ");
    expect(
      await outputOf("validate", { schema, sanitization: { trim_strings: true, remove_html_tags: true } }, dirty),
    ).toMatchObject({ valid_count: 1 });
    const nfd = [{ nested: { name: ["Ame\u0301lie <script>x</script> & co <3"] } }];
    const both = await outputOf(
      "validate",
      { schema: loose, sanitization: { normalize_unicode: true, remove_html_tags: true } },
      nfd,
    );
    expect(both).toMatchObject({ valid: [{ nested: { name: ["Am\u00e9lie  & co <3"] } }] });
  });

  it("knows draft 2020-12 and formats, and refuses a schema that is none", async () => {
    const tuple = {
      type: "object",
      properties: { p: { prefixItems: [{ type: "string", format: "uuid" }], unevaluatedItems: false } },
    };
    expect(await outputOf("validate", { schema: tuple }, [{ p: ["nope"] }])).toMatchObject({ rejected_count: 1 });
    expect(await errorOf("validate", { schema: { type: "thing" } }, [])).toMatchObject({ place: "config.schema" });
    expect(await errorOf("validate", {}, [])).toMatchObject({ place: "config.schema" });
  });
});
