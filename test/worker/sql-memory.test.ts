import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "@shared/base/json";
import { readRules, TRANSFORMATION_KEYS } from "../../src-main/worker/records/rules";
import { transformFiles } from "../../src-main/worker/data/transform";
import { folder, outputOf, perform, taskOf, toolsOf } from "./task";

const at = folder();
const place = { folder: at, allowed: [at], hosts: {}, trusted: false, scratch: folder() };
const file = (config: JsonObject, input: Json = null) => outputOf("file", config, input, { place });

describe("SQL and memory agree", () => {
  const cell = fc.oneof(
    fc.constantFrom<Json>(0, 1, 2, 2.5, -1, "a", "b", "", true, false, null, "é\u{1f600}", '"', "1"),
    fc.constant(undefined),
  );
  const row = fc
    .record({
      n: fc.constantFrom<Json>(0, 1, 2, 3.5, -7),
      s: fc.constantFrom<Json>("a", "b", "ab", "ç"),
      m: cell,
      "d e": cell,
    })
    .map(
      (record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as JsonObject,
    );
  const field = fc.constantFrom("n", "s", "m", "d e", "none");
  const literal = fc.constantFrom<Json>(1, 2, "a", "b", null, true);
  const test = fc.oneof(
    literal,
    fc.record({ ne: literal }),
    fc.record({ gt: fc.constantFrom<Json>(1, "a"), lte: fc.constantFrom<Json>(2, "b") }),
    fc.record({ in: fc.array(literal, { maxLength: 3 }) }),
    fc.record({ matches: fc.constantFrom("^a", "b$") }),
    fc.record({ exists: fc.boolean() }),
  );
  const where = fc.oneof(
    fc.dictionary(field, test, { maxKeys: 2 }),
    fc.constantFrom(
      "record.n > 1",
      "record.s == 'a' || record.n < 0",
      "has(record.m) && record.m == 2",
      "!(record.n >= 2) ? true : record.s.startsWith('a')",
      "record.s + 'x' == 'ax'",
      "default(record.m, 'zz') == 'zz'",
    ),
  );
  const rules = fc.record(
    {
      map_fields: fc.constantFrom({ n: "renamed" }, { m: "q" }, { none: "s" }, { s: "m" }),
      computed_fields: fc.constantFrom({ c: "2.0" }, { c: "1 + 2 * 3" }, { c: "'k'" }),
      filter_conditions: fc.dictionary(field, test, { maxKeys: 2 }),
      group_by: fc.oneof(field, fc.uniqueArray(field, { minLength: 1, maxLength: 2 })),
      aggregate_functions: fc.record(
        {
          count: fc.constantFrom(["*"], ["m", "none"]),
          min: fc.constant(["m"]),
          max: fc.constant(["s"]),
          count_distinct: fc.constant(["m"]),
          first: fc.constant(["d e"]),
          last: fc.constant(["m"]),
        },
        { requiredKeys: [] },
      ),
      sort_by: fc.oneof(
        field,
        field.map((name) => `-${name}`),
        fc.constant(["m", "-s"]),
      ),
    },
    { requiredKeys: [] },
  );

  async function both(rows: readonly JsonObject[], written: JsonObject, name: string): Promise<void> {
    const parsed = readRules(written, TRANSFORMATION_KEYS, "rules");
    const memory = await perform(taskOf("transform", { transformation_rules: written }, rows));
    await file({ operation: "write", path: name, records: rows });
    const sql = await transformFiles(
      taskOf("transform", { source: name, streaming: false }, null, { place }),
      toolsOf(),
      parsed,
      { inPlace: 1e9, smallFile: -1 },
    );
    if (memory.kind === "failed" || sql.kind === "failed")
      expect(sql).toMatchObject({
        kind: memory.kind,
        error: { type: memory.kind === "failed" ? memory.error.type : "" },
      });
    // In a large file null and missing are the same.
    else expect(withoutNulls(sql.output)).toEqual(withoutNulls(memory.output));
  }

  function withoutNulls(value: Json): Json {
    return JSON.parse(JSON.stringify(value, (_, one: unknown) => (one === null ? undefined : one))) as Json;
  }

  it("over JSON lines, whatever the records and rules", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), rules, (rows, written) =>
        both(rows, written as JsonObject, "law.jsonl"),
      ),
      { numRuns: 150 },
    );
  });

  it("over conditions in CEL", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), where, (rows, filter_conditions) =>
        both(rows, { filter_conditions: filter_conditions as Json }, "cel.jsonl"),
      ),
      { numRuns: 100 },
    );
  });

  it("over computed fields", async () => {
    const sources = [
      "record.n * 2 + 1",
      "record.n / 2",
      "-record.n",
      "record.s + '!'",
      "record.n > 1 && record.s != 'b'",
      "record.n > 1 ? 'big' : 'small'",
      "record.m == null",
      "record.s.endsWith('b')",
      "record.s.matches('^a')",
      "default(record.none, 7)",
      "record.m * 2",
      "5 / 2",
      "record.n / 0",
    ];
    for (const source of sources) {
      const rows = [
        { n: 1.5, s: "ab", m: 2 },
        { n: 2, s: "b", m: 4 },
      ];
      await both(rows, { computed_fields: { c: source } }, "computed.jsonl");
    }
  });
});
