import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import Ajv from "ajv/dist/2020";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { JsonObject } from "@shared/base/json";
import { catalogue, commonKeys, descriptorOf, typeAliases } from "@shared/components/catalogue";
import { componentsDocument } from "@shared/components/docs";
import { isPure } from "@shared/components/pure";

interface Written {
  readonly id: string;
  readonly type: string;
  readonly config?: JsonObject;
}

const ajv = new Ajv({ strict: false, allErrors: true });

describe.each([...catalogue.values()])("$type", (descriptor) => {
  it("has a config schema that is a schema, and every key has a title and help", () => {
    expect(ajv.validateSchema(descriptor.config_schema)).toBe(true);
    for (const [key, schema] of Object.entries(descriptor.config_schema.properties)) {
      expect(schema.title, key).toBeTruthy();
      expect(schema.description, key).toBeTruthy();
    }
  });

  it("has defaults of the right types", () => {
    for (const [key, schema] of Object.entries(descriptor.config_schema.properties)) {
      if (schema.default !== undefined) expect(ajv.validate(schema, schema.default), key).toBe(true);
    }
    for (const key of Object.keys(descriptor.defaults))
      expect(Object.keys(descriptor.config_schema.properties)).toContain(key);
  });

  it("is drawn with an icon that exists", () => {
    expect(existsSync(resolve("node_modules/@lucide/svelte/dist/icons", `${descriptor.icon}.js`))).toBe(true);
  });

  it("is shown by examples that fit its schema", () => {
    expect(descriptor.examples.length).toBeGreaterThan(0);
    for (const example of descriptor.examples) {
      const { components } = parse(example.yaml) as { components: Written[] };
      expect(components.some((component) => component.type === descriptor.type)).toBe(true);
      for (const component of components) {
        const schema = descriptorOf(component.type)!.config_schema;
        for (const key of Object.keys(component.config ?? {})) {
          if (schema["additionalProperties"] !== true)
            expect(Object.keys(schema.properties), example.yaml).toContain(key);
        }
        for (const key of schema.required ?? [])
          expect(Object.keys(component.config ?? {}), example.yaml).toContain(key);
      }
    }
  });
});

describe("the catalogue", () => {
  it("resolves aliases to types it lists", () => {
    for (const [alias, type] of typeAliases) expect(descriptorOf(alias)?.type).toBe(type);
  });

  it("knows any capability of the platform and nothing else", () => {
    expect(descriptorOf("apg_weather_station")?.title).toBe("Weather station");
    expect(descriptorOf("apg_")).toBeUndefined();
    expect(descriptorOf("constructor")).toBeUndefined();
  });

  it("gives each common key a tab", () => {
    for (const schema of Object.values(commonKeys)) expect(schema["x-tab"]).toBeTruthy();
  });

  it("holds what touches files or the machine for impure", () => {
    expect(isPure("transform", { transformation_rules: {} })).toBe(true);
    expect(isPure("transform", { source: "a.csv" })).toBe(false);
    expect(isPure("code", { source: "return 1" })).toBe(true);
    expect(isPure("script", { source: "return 1", trust: "trusted" })).toBe(false);
    expect(isPure("http_request", {})).toBe(false);
    expect(isPure("nonsense", {})).toBe(false);
  });

  it("is what docs/components.md says; UPDATE_DOCS=1 writes it", () => {
    if (process.env["UPDATE_DOCS"] === "1") writeFileSync("docs/components.md", componentsDocument());
    expect(readFileSync("docs/components.md", "utf8")).toBe(componentsDocument());
  });

  it("documents every type and every key", () => {
    const text = componentsDocument();
    for (const descriptor of catalogue.values()) {
      expect(text).toContain(`\`${descriptor.type}\``);
      for (const key of Object.keys(descriptor.config_schema.properties)) expect(text).toContain(`\`${key}\``);
    }
  });
});
