import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Json, JsonObject } from "@shared/base/json";
import { readRules, TRANSFORMATION_KEYS } from "../../src-main/worker/records/rules";
import { transformFiles } from "../../src-main/worker/data/transform";
import { placementOf } from "../../src-main/worker/behaviours/index";
import { DATABASES, openTestDatabase, type TestDatabase } from "./databases";
import { toolsOf } from "./task";

const TYPES: { readonly [kind: string]: readonly [string, string] } = {
  sqlite: ["text", "real"],
  postgresql: ["text", "double precision"],
  mysql: ["varchar(100)", "double"],
};
const MANY = 12_000;

describe.each(DATABASES)("a transform and $kind", ({ kind, installed }) => {
  describe.skipIf(!installed)("where it is installed", () => {
    let db: TestDatabase;
    beforeAll(async () => void (db = await openTestDatabase(kind)));
    beforeEach(async () => {
      const [text, number] = TYPES[kind]!;
      for (const table of ["sales", "totals"]) await db.sql(`drop table if exists ${table}`);
      await db.sql(`create table sales (region ${text}, amount ${number}, id int primary key)`);
      await db.sql(`create table totals (region ${text} primary key, sum_amount ${number})`);
    });

    const transform = async (
      config: JsonObject,
      told: string[] = [],
      thresholds?: Parameters<typeof transformFiles>[3],
    ) => {
      const services = { connections: { shop: db.connection } };
      const task = db.task("transform", config, null, { services });
      expect(placementOf(task)).toBe("child");
      const rules = readRules(
        config["transformation_rules"] as Json,
        TRANSFORMATION_KEYS,
        "config.transformation_rules",
      );
      const outcome = await transformFiles(task, toolsOf(told), rules, thresholds);
      if (outcome.kind === "failed") throw new Error(`${outcome.error.type}: ${outcome.error.message}`);
      return outcome;
    };
    const write = (name: string, rows: number) =>
      writeFileSync(
        join(db.folder, name),
        `id,region,amount\n${Array.from({ length: rows }, (_, i) => `${i},r${i % 3},${i % 10}`).join("\n")}\n`,
      );
    const rows = async (sql: string) => (await db.sql(sql))["rows"] as JsonObject[];
    const into = (more: JsonObject = {}) => ({ connection: "shop", table: "sales", ...more });

    it("goes from a file into a table, batch_size rows at a time", async () => {
      write("sales.csv", MANY);
      const outcome = await transform({ source: "sales.csv", destination: into(), batch_size: 500 });
      expect(outcome.output).toEqual({ connection: "shop", table: "sales", rows: MANY });
      expect(await rows("select count(*) as n, sum(amount) as total from sales")).toEqual([{ n: MANY, total: 54_000 }]);
      // Without a transaction, what came before a bad record stays, in whole batches.
      await db.sql("delete from sales where id < 8700 or id > 8700");
      await expect(
        transform({ source: "sales.csv", destination: into({ transaction: false }), batch_size: 1000 }),
      ).rejects.toThrow("validation_error");
      expect(await rows("select count(*) as n from sales")).toEqual([{ n: 8001 }]);
      await expect(transform({ source: "sales.csv", destination: into() })).rejects.toThrow("validation_error");
      expect(await rows("select count(*) as n from sales")).toEqual([{ n: 8001 }]);
    });

    it("replaces what a table had, or updates by key", async () => {
      write("sales.csv", 30);
      const rules = { group_by: "region", aggregate_functions: { sum: ["amount"] }, sort_by: "region" };
      const config = { source: "sales.csv", transformation_rules: rules };
      const totals = { connection: "shop", table: "totals" };
      await transform({ ...config, destination: totals });
      await expect(transform({ ...config, destination: totals })).rejects.toThrow("validation_error");
      await transform({ ...config, destination: { ...totals, mode: "replace" } });
      await db.sql("update totals set sum_amount = 0");
      await transform({ ...config, destination: { ...totals, on_conflict: "ignore", key_columns: ["region"] } });
      expect((await rows("select sum_amount from totals"))[0]).toEqual({ sum_amount: 0 });
      await transform({ ...config, destination: { ...totals, on_conflict: "update", key_columns: ["region"] } });
      expect(await rows("select region, sum_amount from totals order by region")).toEqual([
        { region: "r0", sum_amount: 45 },
        { region: "r1", sum_amount: 45 },
        { region: "r2", sum_amount: 45 },
      ]);
    });

    it("goes from a table into a file, by every kind of rule", async () => {
      write("sales.csv", 3000);
      await transform({ source: "sales.csv", destination: into() });
      const source = { connection: "shop", table: "sales" };
      const rules = {
        map_fields: { region: "place" },
        computed_fields: { double: "record.amount * 2" },
        filter_conditions: { place: "r1", double: { gt: 10 } },
      };
      const outcome = await transform({
        source,
        destination: "out.jsonl",
        transformation_rules: rules,
        batch_size: 100,
      });
      const lines = readFileSync(join(db.folder, "out.jsonl"), "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as JsonObject);
      expect(outcome.output).toMatchObject({ path: "out.jsonl", rows: 400 });
      expect(lines).toHaveLength(400);
      expect(lines.every((line) => line["place"] === "r1" && line["double"] === Number(line["amount"]) * 2)).toBe(true);
      for (const inPlace of [10, 10_000]) {
        const sums = await transform(
          {
            source,
            transformation_rules: { group_by: "region", aggregate_functions: { sum: ["amount"], count: ["id"] } },
          },
          [],
          { inPlace, smallFile: 0 },
        );
        expect(sums.output).toEqual([0, 1, 2].map((n) => ({ region: `r${n}`, sum_amount: 4500, count_id: 1000 })));
      }
      await transform({
        source,
        destination: "sorted.csv",
        transformation_rules: { filter_conditions: "record.id < 3", sort_by: "-id" },
      });
      expect(
        readFileSync(join(db.folder, "sorted.csv"), "utf8")
          .split("\n")
          .slice(1, 4)
          .map((line) => line.split(",").at(-1)),
      ).toEqual(["2", "1", "0"]);
    });

    it("reads what a query finds", async () => {
      write("sales.csv", 30);
      await transform({ source: "sales.csv", destination: into() });
      const config = {
        source: { connection: "shop" },
        query: "select id from sales where amount = :amount order by id",
        parameters: { amount: 3 },
      };
      expect((await transform(config)).output).toEqual([{ id: 3 }, { id: 13 }, { id: 23 }]);
      await expect(transform({ ...config, source: into() })).rejects.toThrow("config.query");
      await expect(transform({ source: { connection: "shop" } })).rejects.toThrow("config.query");
    });

    it("goes from table to table of one database", async () => {
      write("sales.csv", MANY);
      await transform({ source: "sales.csv", destination: into() });
      const config = { source: { connection: "shop", table: "sales" }, batch_size: 700 };
      await transform({
        ...config,
        destination: { connection: "shop", table: "totals" },
        transformation_rules: { group_by: "region", aggregate_functions: { sum: ["amount"] } },
      });
      expect(await rows("select count(*) as n from totals")).toEqual([{ n: 3 }]);
      const [text, number] = TYPES[kind]!;
      await db.sql("drop table if exists copies");
      await db.sql(`create table copies (region ${text}, amount ${number}, id int primary key)`);
      const outcome = await transform({ ...config, destination: { connection: "shop", table: "copies" } });
      expect(outcome.output).toMatchObject({ rows: MANY });
      expect(await rows("select count(*) as n, max(id) as last from copies")).toEqual([{ n: MANY, last: MANY - 1 }]);
    });

    it("passes many rows on as a dataset, few as records, and all with streaming off", async () => {
      write("sales.csv", MANY);
      await transform({ source: "sales.csv", destination: into() });
      const source = { connection: "shop", table: "sales" };
      const many = await transform({ source, transformation_rules: { filter_conditions: { amount: { gte: 1 } } } });
      expect(many.output).toMatchObject({ rows: 10_800, dataset: { source: { format: "jsonl" } } });
      const few = await transform({ source, transformation_rules: { filter_conditions: { amount: 1 } } });
      expect(few.output).toHaveLength(1200);
      expect((await transform({ source, streaming: false, memory_limit_mb: 64 })).output).toHaveLength(MANY);
    });

    it("tells how far it is: records, bytes and how fast", async () => {
      write("sales.csv", MANY);
      const told: string[] = [];
      await transform({ source: "sales.csv", destination: into() }, told);
      expect(told.at(-1)).toMatch(/^12,000 records stored · [\d,]+\/s$/);
    });

    it("leaves nothing behind when it fails", async () => {
      write("sales.csv", MANY);
      await transform({ source: "sales.csv", destination: into() });
      const source = { connection: "shop", table: "sales" };
      await expect(
        transform({
          source,
          destination: "half.csv",
          transformation_rules: { computed_fields: { x: "record.nothing.at.all" } },
        }),
      ).rejects.toThrow("expression_error");
      expect(readdirSync(db.folder).filter((name) => name.includes("half"))).toEqual([]);
      expect(await rows("select count(*) as n from sales")).toEqual([{ n: MANY }]);
    });
  });
});
