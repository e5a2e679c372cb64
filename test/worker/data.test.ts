import { mkdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "@shared/base/json";
import { readRules, TRANSFORMATION_KEYS } from "../../src-main/worker/records/rules";
import { applyRules } from "../../src-main/worker/records/apply";
import { transformFiles } from "../../src-main/worker/data/transform";
import { withDuck } from "../../src-main/worker/data/duck";
import { plain } from "../../src-main/worker/data/sql";
import { placementOf } from "../../src-main/worker/behaviours/index";
import { errorOf, folder, outputOf, perform, taskOf, toolsOf } from "./task";

const at = folder();
const place = { folder: at, allowed: [at], hosts: {}, trusted: false, scratch: folder() };
const write = (name: string, text: string) => writeFileSync(join(at, name), text);
const read = (name: string) => readFileSync(join(at, name), "utf8");
const file = (config: JsonObject, input: Json = null) => outputOf("file", config, input, { place });
const refused = (type: string, config: JsonObject, input: Json = null) => errorOf(type, config, input, { place });
const transform = (config: JsonObject, input: Json = null) => outputOf("transform", config, input, { place });

const records = [
  { id: 1, name: "Ann", amount: 10.5, vip: true },
  { id: 2, name: 'Bo "x", y', amount: null, vip: false },
  { id: 3, name: "Ço\nd", amount: -3, vip: true },
];
const many = Array.from({ length: 12_000 }, (_, i) => ({ id: i, group: `g${i % 3}`, amount: i % 10 }));

describe("file", () => {
  it.each(["a.json", "a.jsonl", "a.csv", "a.parquet", "a.tsv", "a.ndjson"])(
    "writes %s and reads it back",
    async (path) => {
      const written = (await file({ operation: "write", path, records })) as JsonObject;
      expect(written).toEqual({ path, rows: 3, bytes: statSync(join(at, path)).size });
      expect(await file({ operation: "read", path })).toEqual(records);
    },
  );

  it("takes the input when there are no records, and the format from config", async () => {
    await file({ operation: "write", path: "x.data", format: "jsonl" }, records);
    expect(await file({ path: "x.data", format: "jsonl" })).toEqual(records);
    expect(await refused("file", { operation: "write", path: "x.data", format: "xml" })).toMatchObject({
      place: "config.format",
    });
  });

  it("writes and reads text", async () => {
    expect(await file({ operation: "write", path: "t.txt", content: "a\nb\n" })).toEqual({
      path: "t.txt",
      rows: 2,
      bytes: 4,
    });
    expect(await file({ operation: "append", path: "t.txt", content: "c" })).toEqual({
      path: "t.txt",
      rows: 1,
      bytes: 5,
    });
    expect(await file({ operation: "read", path: "t.txt" })).toBe("a\nb\nc");
    await file({ operation: "write", path: "t.txt" }, { n: 1 });
    expect(read("t.txt")).toBe('{"n":1}');
  });

  it.each(["p.json", "p.jsonl", "p.csv", "p.parquet"])("appends to %s", async (path) => {
    await file({ operation: "append", path, records: records.slice(0, 1) });
    expect(await file({ operation: "append", path, records: records.slice(1) })).toMatchObject({ rows: 2 });
    expect(await file({ operation: "read", path })).toEqual(records);
  });

  it("appends to CSV under the columns that are there", async () => {
    write("order.csv", "b,a\n1,2");
    await file({ operation: "append", path: "order.csv", records: [{ a: 4, b: 3 }, { a: 5 }] });
    expect(read("order.csv")).toBe("b,a\n1,2\n3,4\n,5\n");
    expect(await refused("file", { operation: "append", path: "order.csv", records: [{ c: 1 }] })).toMatchObject({
      message: expect.stringContaining('"c"'),
    });
  });

  it("reads some columns, other delimiters, and tables without a header", async () => {
    write("semi.csv", "a;b;c\n1;x;true\n2;y;false\n");
    expect(await file({ path: "semi.csv", delimiter: ";" })).toEqual([
      { a: 1, b: "x", c: true },
      { a: 2, b: "y", c: false },
    ]);
    expect(await file({ path: "semi.csv", columns: ["c", "a"] })).toEqual([
      { c: true, a: 1 },
      { c: false, a: 2 },
    ]);
    write("bare.csv", "1,x\n2,y\n");
    expect(await file({ path: "bare.csv", header: false })).toEqual([
      { column0: 1, column1: "x" },
      { column0: 2, column1: "y" },
    ]);
    await file({ operation: "write", path: "out.csv", records, columns: ["vip", "id"], header: false, delimiter: ";" });
    expect(read("out.csv")).toBe("true;1\nfalse;2\ntrue;3\n");
  });

  it("keeps post codes and dates what they are", async () => {
    write("codes.csv", "zip,day,n\n00501,2024-01-02,1\n10001,2024-02-30,2\n");
    expect(await file({ path: "codes.csv" })).toEqual([
      { zip: "00501", day: "2024-01-02", n: 1 },
      { zip: "10001", day: "2024-02-30", n: 2 },
    ]);
  });

  it("lists, moves and deletes", async () => {
    mkdirSync(join(at, "sub"));
    write("sub/b.txt", "2");
    write("sub/a.csv", "1");
    expect(await file({ operation: "list", path: "sub" })).toMatchObject([
      { path: "sub/a.csv", name: "a.csv", bytes: 1 },
      { name: "b.txt" },
    ]);
    expect(await file({ operation: "list", path: "sub/*.t?t" })).toMatchObject([{ path: "sub/b.txt" }]);
    expect(await file({ operation: "move", path: "sub/b.txt", to: "deep/er/c.txt" })).toEqual({
      path: "deep/er/c.txt",
      from: "sub/b.txt",
    });
    expect(
      await refused("file", { operation: "move", path: "sub/a.csv", to: "deep/er/c.txt", overwrite: false }),
    ).toMatchObject({ place: "config.overwrite" });
    expect(await file({ operation: "delete", path: "sub/a.csv" })).toEqual({ path: "sub/a.csv", deleted: true });
    expect(await refused("file", { operation: "delete", path: "sub/a.csv" })).toMatchObject({ type: "not_found" });
    expect(await file({ operation: "delete", path: "sub/a.csv", missing_ok: true })).toEqual({
      path: "sub/a.csv",
      deleted: false,
    });
    expect(await refused("file", { operation: "delete", path: "sub" })).toMatchObject({ type: "validation_error" });
  });

  it("says what is missing or wrong", async () => {
    expect(await refused("file", { path: "none.csv" })).toMatchObject({
      type: "not_found",
      message: "There is no file none.csv.",
    });
    expect(await file({ path: "none.csv", missing_ok: true })).toEqual([]);
    expect(await refused("file", { operation: "shred", path: "a" })).toMatchObject({ place: "config.operation" });
    expect(await refused("file", { path: "sub", format: "csv" })).toMatchObject({ type: "validation_error" });
    expect(await refused("file", { operation: "write", path: "a.json", overwrite: false }, [])).toMatchObject({
      place: "config.overwrite",
    });
    write("bad.jsonl", '{"a":1}\n{oops\n');
    expect(await refused("file", { path: "bad.jsonl" })).toMatchObject({
      type: "validation_error",
      message: expect.stringContaining("bad.jsonl:2"),
    });
  });

  it("leaves a file as it was when a write fails", async () => {
    write("keep.json", "[]");
    expect(await refused("file", { operation: "write", path: "keep.json", records: [1] })).toMatchObject({
      type: "validation_error",
    });
    expect(read("keep.json")).toBe("[]");
  });

  it.each(["../up.csv", "/etc/passwd", "sub/../../up.csv", "link/secret.txt", "dangling"])(
    "refuses %s",
    async (path) => {
      const outside = folder();
      writeFileSync(join(outside, "secret.txt"), "s");
      try {
        symlinkSync(outside, join(at, "link"));
        symlinkSync(join(outside, "nothing"), join(at, "dangling"));
      } catch (thrown) {
        expect((thrown as NodeJS.ErrnoException).code).toBe("EEXIST");
      }
      for (const operation of ["read", "write", "append", "delete"]) {
        expect(await refused("file", { operation, path, format: "text", content: "x" })).toMatchObject({
          type: "authorization_error",
        });
      }
    },
  );

  it("reads names that look like patterns as names", async () => {
    write("[a]*?.csv", "n\n1\n");
    expect(await file({ path: "[a]*?.csv" })).toEqual([{ n: 1 }]);
    write("it's.csv", "n\n2\n");
    expect(await file({ path: "it's.csv" })).toEqual([{ n: 2 }]);
  });
});

describe("a dataset", () => {
  it("stands for what is large, and later components work on the file", async () => {
    await file({ operation: "write", path: "many.jsonl", records: many });
    const reference = (await file({ path: "many.jsonl" })) as JsonObject;
    expect(reference).toMatchObject({
      rows: 12_000,
      dataset: { source: { format: "jsonl", size: statSync(join(at, "many.jsonl")).size } },
    });
    const on = (type: string, config: JsonObject, input: Json) => outputOf(type, config, input, { place });
    const mapped = await on(
      "map",
      { fields: { amount: "value" }, computed_fields: { twice: "record.value * 2" } },
      reference,
    );
    expect(mapped).toMatchObject({ rows: 12_000 });
    const few = await on("filter", { conditions: { group: "g1", value: 9, id: { lt: 100 } } }, mapped);
    expect(few).toEqual(
      applyRules(
        many.map(({ amount, ...rest }) => ({ ...rest, value: amount, twice: amount * 2 })),
        readRules({ w: { group: "g1", value: 9, id: { lt: 100 } } }, { where: "w" }, ""),
      ),
    );
    expect(await on("aggregate", { group_by: "group", functions: { sum: ["twice"], count: ["*"] } }, mapped)).toEqual([
      { group: "g0", sum_twice: 36_000, count: 4000 },
      { group: "g1", sum_twice: 36_000, count: 4000 },
      { group: "g2", sum_twice: 36_000, count: 4000 },
    ]);
    const sorted = await on("sort", { by: "-id" }, reference);
    expect(await on("filter", { conditions: "record.id >= 11998" }, sorted)).toMatchObject([
      { id: 11_999 },
      { id: 11_998 },
    ]);
    expect(await on("validate", { schema: { properties: { id: { maximum: 10 } } } }, reference)).toMatchObject({
      valid_count: 11,
    });
    expect(await file({ operation: "write", path: "copy.csv" }, mapped)).toMatchObject({ rows: 12_000 });
    expect(read("copy.csv").slice(0, 40)).toBe("id,group,value,twice\n0,g0,0,0.0\n1,g1,1,2".slice(0, 40));
  });

  it("is read where ways are merged", async () => {
    const left = await file({ path: "many.jsonl" });
    expect(left).toMatchObject({ rows: 12_000 });
    const input = { left, right: [{ id: 5, extra: true }] };
    const task = taskOf("merge", { join_by: "id", join_type: "inner" }, input, { place });
    expect(placementOf(task)).toBe("child");
    expect(await perform(task)).toMatchObject({ output: [{ id: 5, group: "g2", amount: 5, extra: true }] });
    expect(await outputOf("merge", { combine: "append" }, input, { place })).toHaveLength(12_001);
  });

  it("says so when its file changed", async () => {
    await file({ operation: "write", path: "change.jsonl", records: many });
    const reference = await file({ path: "change.jsonl" });
    utimesSync(join(at, "change.jsonl"), 1, 1);
    expect(await refused("filter", { conditions: {} }, reference)).toMatchObject({
      type: "validation_error",
      message: expect.stringContaining("changed"),
    });
  });

  it("gives nobody a file that is not allowed", async () => {
    const outside = join(folder(), "x.jsonl");
    writeFileSync(outside, "{}\n");
    const forged = {
      dataset: { source: { path: outside, format: "jsonl", size: 3, mtime: 1, digest: "x" }, steps: [] },
      rows: 1,
    };
    expect(await refused("filter", { conditions: {} }, forged)).toMatchObject({ type: "authorization_error" });
  });
});

describe("transform from and to files", () => {
  it("reads a source, writes a destination", async () => {
    await file({ operation: "write", path: "in.csv", records: many.slice(0, 100) });
    const transformation_rules = { filter_conditions: { group: "g0" }, map_fields: { id: "key" } };
    const output = await transform({
      source: "in.csv",
      destination: { path: "out/x", format: "json" },
      transformation_rules,
    });
    expect(output).toMatchObject({ path: "out/x", rows: 34 });
    expect(JSON.parse(read("out/x"))).toHaveLength(34);
    expect(
      await transform({ source: { path: "out/x", format: "json" }, transformation_rules: { sort_by: "-key" } }),
    ).toMatchObject({ 0: { key: 99 } });
    expect(await transform({ records, destination: "out/r.parquet" })).toMatchObject({ rows: 3 });
    expect(await transform({ source: "out/r.parquet" })).toEqual(records);
  });

  it.each(["csv", "json", "jsonl", "parquet"])("writes a large source as %s", async (format) => {
    await file({ operation: "write", path: "large.jsonl", records: many });
    const scale = { computed_fields: { double: "record.amount * 2" }, sort_by: "-id" };
    const output = transformFiles(
      taskOf("transform", { source: "large.jsonl", destination: `large-out.${format}` }, null, { place }),
      toolsOf(),
      readRules(scale, TRANSFORMATION_KEYS, "r"),
      { inPlace: 10, smallFile: 0 },
    );
    expect(await output).toMatchObject({ output: { rows: 12_000 } });
    const back = await transform({ source: `large-out.${format}`, streaming: false });
    expect((back as JsonObject[])[0]).toEqual({ id: 11_999, group: "g2", amount: 9, double: 18 });
  });

  it("passes large results on as a dataset unless streaming is off", async () => {
    expect(await transform({ source: "large.jsonl" })).toMatchObject({ rows: 12_000 });
    expect(await transform({ source: "large.jsonl", streaming: false })).toHaveLength(12_000);
  });

  it("uses no more memory than memory_limit_mb, and the disk beyond", async () => {
    const wide = Array.from({ length: 60_000 }, (_, i) => `${i},${(i * 7919) % 60_000},${"x".repeat(400)}`);
    write("wide.csv", `a,b,c\n${wide.join("\n")}\n`);
    const config = { source: "wide.csv", destination: "wide-out.csv", transformation_rules: { sort_by: "b" } };
    expect(await transform({ ...config, memory_limit_mb: 128 })).toMatchObject({ rows: 60_000 });
    const limits = { memoryMb: 100, scratch: place.scratch, signal: new AbortController().signal };
    expect(await withDuck(limits, (duck) => duck.rows(plain("SELECT current_setting('memory_limit')")))).toEqual([
      ["95.3 MiB"],
    ]);
    expect(await refused("transform", { ...config, memory_limit_mb: "much" })).toMatchObject({
      place: "config.memory_limit_mb",
    });
  });

  it("goes batch by batch where SQL cannot say a rule, and tells how far it is", async () => {
    const told: string[] = [];
    const config = {
      source: "large.csv",
      batch_size: 5000,
      transformation_rules: {
        computed_fields: { t: "record.group + string(record.id)" },
        aggregate_functions: { count_distinct: ["t"] },
      },
    };
    await transform({ source: "large.jsonl", destination: "large.csv" });
    expect(await perform(taskOf("transform", config, null, { place }), toolsOf(told))).toMatchObject({
      output: [{ count_distinct_t: 12_000 }],
    });
    // How far the database engine itself is may be told between.
    expect(told).toEqual(expect.arrayContaining(["reading large.csv", "5,000 records read", "10,000 records read"]));
  });

  it("is stopped by its signal", async () => {
    const controller = new AbortController();
    controller.abort();
    expect(
      await perform(taskOf("transform", { source: "large.csv" }, null, { place }), toolsOf([], controller.signal)),
    ).toMatchObject({ error: { type: "cancelled" } });
  });
});
