import { describe, expect, it } from "vitest";
import { errorOf, outputOf } from "./task";

const withPattern = (pattern: string) => ({
  schema: { type: "object", properties: { code: { type: "string", pattern } } },
});

describe("patterns in a schema", () => {
  it("are found in linear time, whatever they are", async () => {
    const hostile = [{ code: `${"a".repeat(5_000)}!` }];
    expect(await outputOf("validate", withPattern("^(a+)+$"), hostile)).toMatchObject({ rejected_count: 1 });
  });

  it("mean what JSON Schema says: found anywhere unless anchored", async () => {
    const records = [{ code: "x-42-y" }, { code: "none" }];
    expect(await outputOf("validate", withPattern("\\d+"), records)).toMatchObject({
      valid_count: 1,
      rejected_count: 1,
    });
    expect(await outputOf("validate", withPattern("^\\+?[1-9]\\d{1,14}$"), [{ code: "+254711000111" }])).toMatchObject({
      valid_count: 1,
    });
  });

  it("with look-around are refused in a sentence", async () => {
    expect(await errorOf("validate", withPattern("^(?=.*a).+$"), [{ code: "a" }])).toMatchObject({
      type: "validation_error",
      message: expect.stringContaining("look-around"),
      place: "config.schema",
    });
  });
});
