import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { connectionKind } from "@shared/components/connection-kinds";
import { readConnectionsFile } from "@shared/components/connections-file";

describe("connections that a workflow brings along", () => {
  test("are read by name, with their settings in each environment", () => {
    const text = '{"store": {"kind": "sqlite", "settings": {"*": {"file": "a.sqlite"}}, "serves": ["payment_api"]}}';
    expect(readConnectionsFile(text)).toEqual({
      ok: true,
      value: [{ name: "store", kind: "sqlite", settings: { "*": { file: "a.sqlite" } }, serves: ["payment_api"] }],
    });
  });

  test.each([
    ["no json", "no JSON object"],
    ["[]", "no JSON object"],
    ['{"a": 1}', "a: its kind"],
    ['{"a": {"kind": "oracle", "settings": {}}}', "a: its kind"],
    ['{"a": {"kind": "http"}}', "a: settings"],
    ['{"a": {"kind": "http", "settings": {"*": 1}}}', "a: settings"],
  ])("that are wrong are told: %s", (text, words) => {
    expect(readConnectionsFile(text)).toMatchObject({ ok: false, problem: expect.stringContaining(words) });
  });

  test("of the examples have settings that their kinds know", () => {
    const folder = resolve("resources/examples");
    const files = readdirSync(folder).filter((name) => name.endsWith(".connections.json"));
    expect(files).toContain("nightly_import.connections.json");
    for (const file of files) {
      const read = readConnectionsFile(readFileSync(join(folder, file), "utf8"));
      if (!read.ok) throw new Error(`${file}: ${read.problem}`);
      for (const { kind, settings } of read.value)
        for (const own of Object.values(settings))
          expect(Object.keys(connectionKind(kind).settings_schema.properties)).toEqual(
            expect.arrayContaining(Object.keys(own)),
          );
    }
  });
});
