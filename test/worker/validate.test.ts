import { describe, expect, it } from "vitest";
import type { JsonObject } from "@shared/base/json";
import { errorOf, outputOf, perform, taskOf } from "./task";

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
