import { describe, expect, it } from "vitest";
import { CONNECTION_KINDS } from "@shared/components/connection-kinds";
import { readTrigger } from "@shared/workflow/triggers/read";
import { TRIGGER_TYPES } from "@shared/workflow/triggers/trigger";
import { fieldKind } from "../../src-renderer/inspector/field-kind";
import { newTrigger, triggerFields } from "../../src-renderer/inspector/trigger-fields";
import { plainSchema } from "../../src-renderer/workspace/plain-schema";
import { glyphOfOutcome, readJson } from "../../src-renderer/workspace/trigger-words";
import { placed, plainOf } from "../../src-renderer/workspace/values";

describe("values of a form", () => {
  it("are placed where they belong, and go with what they leave empty", () => {
    expect(placed({}, ["auth", "type"], "bearer")).toEqual({ auth: { type: "bearer" } });
    expect(placed({ a: 1, auth: { type: "bearer" } }, ["auth", "type"], undefined)).toEqual({ a: 1 });
    expect(placed({ auth: { type: "bearer", token: "x" } }, ["auth", "token"], undefined)).toEqual({
      auth: { type: "bearer" },
    });
    expect(placed({}, ["auth"], {})).toEqual({ auth: {} });
  });

  it("are sent without keys that have none", () => {
    expect(plainOf({ "*": { host: "a", port: undefined }, prod: {} })).toEqual({ "*": { host: "a" }, prod: {} });
  });
});

describe("fields of a connection", () => {
  it("are plain values but for secrets, choices, flags and numbers", () => {
    for (const { kind, settings_schema: schema } of CONNECTION_KINDS)
      for (const [key, field] of Object.entries(schema.properties))
        expect(
          ["plain", "secret", "choice", "flag", "number", "lines", "pairs", "group", "list"],
          `${kind}.${key}`,
        ).toContain(fieldKind(plainSchema(field), undefined));
  });
});

describe("triggers", () => {
  it("of every type begin as one that can be read", () => {
    for (const type of TRIGGER_TYPES) expect(readTrigger(newTrigger(type, "orders")).ok, type).toBe(true);
  });

  it("have a field in words for each key", () => {
    for (const type of TRIGGER_TYPES)
      for (const { key, schema } of triggerFields(type)) {
        expect(schema.title, key).toMatch(/^[A-Z]/);
        expect(schema.description, key).toBeTypeOf("string");
      }
  });

  it("have a sign for each way they ended", () => {
    const signs = (["started", "queued", "skipped", "refused", "failed"] as const).map(glyphOfOutcome);
    expect(new Set(signs).size).toBe(5);
  });

  it("bring JSON, or nothing", () => {
    expect(readJson(" ")).toEqual({ ok: true, value: null });
    expect(readJson("[1]")).toEqual({ ok: true, value: [1] });
    expect(readJson("{").ok).toBe(false);
  });
});
