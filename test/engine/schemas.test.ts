import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "@shared/base/json";
import { checkedAnswer } from "../../src-main/engine/forms";
import { problemsOf } from "../../src-main/engine/schemas";

const problems = (schema: JsonObject, value: Json): string =>
  problemsOf({ p: schema }, { p: value })
    .map(({ message }) => message)
    .join(" ");

// Each of these would hold a backtracking engine, or a check without an end, for longer than any test waits.
describe("no schema holds the host", () => {
  it("whose pattern backtracks without end", () => {
    const nested = { type: "string", pattern: "^(a+)+$" };
    expect(problems(nested, `${"a".repeat(200)}!`)).toBe('Parameter p must match pattern "^(a+)+$".');
    expect(problems(nested, "aaa")).toBe("");
    const answered = checkedAnswer({ code: `${"a".repeat(200)}!` }, { type: "object", properties: { code: nested } });
    expect(answered).toEqual({ ok: false, message: 'code must match pattern "^(a+)+$".' });
  });

  it("whose pattern asks for more steps than there are", () => {
    const counted = { type: "string", pattern: "[ab]*a[ab]{899}$" };
    expect(problems(counted, "ab".repeat(1_000))).toBe("");
    expect(problems(counted, "ab".repeat(1_000_000))).toContain("is too long for the pattern");
    expect(problems({ type: "array", items: counted }, Array<string>(100_000).fill("ab".repeat(50)))).toContain(
      "too long",
    );
  });

  it("whose pattern looks around", () => {
    expect(problems({ type: "string", pattern: "^(?=.*[0-9])" }, "a1")).toContain("write it without");
  });

  it("whose format is slow on long texts", () => {
    expect(problems({ type: "string", format: "url" }, `http://${":".repeat(500_000)}`)).toContain(
      "longer than 1000 ms",
    );
  });

  it("whose parts name one another without end", () => {
    expect(problems({ $ref: "#/properties/p" }, 1)).toContain("go round in circles");
    const doubling: { [name: string]: Json } = { d0: { type: "number" } };
    for (let at = 1; at < 60; at++)
      doubling[`d${at}`] = { allOf: Array<Json>(2).fill({ $ref: `#/properties/p/$defs/d${at - 1}` }) };
    expect(problems({ $defs: doubling, $ref: "#/properties/p/$defs/d59" }, 1)).toContain("longer than 1000 ms");
    expect(problems({ type: "string" }, "the next is checked as ever")).toBe("");
  });

  it("whose items are all to differ", () => {
    const many = Array.from({ length: 200_000 }, (_, at) => ({ at }));
    expect(problems({ type: "array", uniqueItems: true }, many)).toContain("longer than 1000 ms");
  });
});

it("two workflows may give their schemas the same $id", () => {
  const named = { $id: "https://example.com/order", type: "object", required: ["id"] };
  expect(problems({ ...named }, { id: 1 })).toBe("");
  expect(problems({ ...named }, {})).toBe("Parameter p.id is missing.");
});

it("of very many problems the first are told", () => {
  const told = problemsOf({ p: { type: "array", items: { type: "string" } } }, { p: Array<Json>(5_000).fill(1) });
  expect(told).toHaveLength(21);
  expect(told.at(-1)?.message).toBe("There are 4980 more problems.");
});
