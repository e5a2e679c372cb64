import { expect, test } from "vitest";
import {
  CONNECTION_KINDS,
  CONNECTION_KIND_NAMES,
  sensitiveSettings,
} from "../../src-shared/components/connection-kinds";

test("every kind of connection is described once", () => {
  expect(CONNECTION_KINDS.map((each) => each.kind)).toEqual(CONNECTION_KIND_NAMES);
});

test("every setting has a title and a help, and every required one is described", () => {
  for (const { kind, settings_schema, defaults } of CONNECTION_KINDS) {
    for (const [name, key] of Object.entries(settings_schema.properties)) {
      expect(key.title, `${kind}.${name}`).toBeTruthy();
      expect(key.description, `${kind}.${name}`).toBeTruthy();
    }
    for (const name of [...(settings_schema.required ?? []), ...Object.keys(defaults)])
      expect(settings_schema.properties[name], `${kind}.${name}`).toBeDefined();
  }
});

test("sensitive settings are found at every depth", () => {
  expect(sensitiveSettings("sqlite")).toEqual([]);
  expect(sensitiveSettings("postgresql")).toEqual([["password"], ["key"]]);
  expect(sensitiveSettings("http")).toContainEqual(["auth", "token"]);
  expect(sensitiveSettings("http")).toContainEqual(["sensitive_headers", "*"]);
});
