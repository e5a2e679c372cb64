import { describe, expect, it } from "vitest";
import type { Json } from "@shared/base/json";
import { Query } from "../../src-main/worker/databases/placeholders";

describe("placeholders", () => {
  const sqlOf = (kind: "sqlite" | "postgresql" | "mysql", query: string, parameters: Json) =>
    new Query(query, kind).with(parameters, "parameters");

  it("are found outside texts, names and comments only", () => {
    const query = `select "a:b", ':no', '?' || ?::text /* ? /* ? */ :c */ from t -- ?\nwhere b ?? 'k' and c = ?`;
    expect(sqlOf("postgresql", query, [1, 2])).toEqual({
      sql: `select "a:b", ':no', '?' || $1::text /* ? /* ? */ :c */ from t -- ?\nwhere b ? 'k' and c = $2`,
      bound: [1, 2],
    });
    expect(sqlOf("postgresql", "select $x$ :a ? $x$, e'\\' :a', arr[1:2], :a", { a: 1 }).sql).toBe(
      "select $x$ :a ? $x$, e'\\' :a', arr[1:2], $1",
    );
    expect(sqlOf("mysql", "select 'it\\'s :a', `:b`, \":c\" # :d\n, :e", { e: 1 }).sql).toBe(
      "select 'it\\'s :a', `:b`, \":c\" # :d\n, ?",
    );
    expect(sqlOf("sqlite", "select [a:b], 'x\\', :e", { e: 1 }).sql).toBe("select [a:b], 'x\\', ?");
  });

  it("stand for lists in in (…), and elsewhere as the database has them", () => {
    expect(sqlOf("sqlite", "x in (:l)", { l: [1, "a"] })).toEqual({ sql: "x in (?, ?)", bound: [1, "a"] });
    expect(sqlOf("postgresql", "x = any(:l)", { l: [1, 2] })).toEqual({ sql: "x = any($1)", bound: [[1, 2]] });
    expect(sqlOf("sqlite", "x = :l", { l: [1, 2] })).toEqual({ sql: "x = ?", bound: ["[1,2]"] });
    expect(sqlOf("mysql", "x in (lower(:l))", { l: [1] })).toEqual({ sql: "x in (lower(?))", bound: ["[1]"] });
  });
});
