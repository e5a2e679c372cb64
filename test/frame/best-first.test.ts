import { describe, expect, it } from "vitest";
import { bestFirst } from "../../src-renderer/frame/best-first";

const found = (query: string, ...texts: string[]) => bestFirst(texts, query, (text) => text);

describe("what is found by words", () => {
  it("begins with what begins so", () => {
    expect(found("cust", "Count Big Orders", "Late Customers", "Customer Data")).toEqual([
      "Customer Data",
      "Late Customers",
    ]);
  });

  it("holds every word, in any order", () => {
    expect(found("data cust", "Customer Data", "Customer Orders")).toEqual(["Customer Data"]);
  });

  it("takes signs as they are", () => {
    expect(found("a.c (", "abc (", "a.c (x")).toEqual(["a.c (x"]);
  });

  it("is everything without a word", () => {
    expect(found("  ", "b", "a")).toEqual(["b", "a"]);
  });
});
