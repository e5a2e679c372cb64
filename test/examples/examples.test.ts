import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { isJsonObject, type Json } from "@shared/base/json";
import { catalogue } from "@shared/components/catalogue";
import { compileCondition, compileTemplate } from "@shared/expression/template";
import { templateStrings } from "@shared/expression/walk";
import { check } from "@shared/workflow/check";
import { readWorkflow } from "@shared/workflow/file";
import type { Component } from "@shared/workflow/workflow";

const folder = resolve("resources/examples");
const names = readdirSync(folder).filter((name) => name.endsWith(".workflow.yaml"));

function read(name: string) {
  const document = readWorkflow(readFileSync(resolve(folder, name), "utf8"), "yaml");
  if (document.workflow === undefined) throw new Error(`${name} cannot be read`);
  return { document, workflow: document.workflow };
}

function membersOf(components: readonly Component[]): readonly Component[] {
  return components.flatMap((component) => {
    const { branches, components: inPlace } = component.config ?? {};
    const lists = [
      inPlace,
      ...(Array.isArray(branches) ? branches.map((b: Json) => (isJsonObject(b) ? b.components : [])) : []),
    ];
    const members = lists.flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
    return [component, ...membersOf(members.filter((m): m is Component => typeof m === "object" && m !== null))];
  });
}

test("there is an example of each kind", () => {
  expect(names.map((name) => name.replace(".workflow.yaml", ""))).toEqual(
    expect.arrayContaining([
      "airports_flights",
      "customer_data_processing",
      "fulfil_order",
      "orders_in_a_loop",
      "weather_analysis",
    ]),
  );
});

describe.each(names)("%s", (name) => {
  test("reads without a problem, and is named as its file", () => {
    const { document, workflow } = read(name);
    expect(document.problems).toEqual([]);
    expect(`${workflow.id}.workflow.yaml`).toBe(name);
  });

  test("checks clean: neither errors nor warnings", () => {
    const workflowIds = names.map((other) => other.replace(".workflow.yaml", ""));
    const findings = check(read(name).document, catalogue, { workflowIds });
    const told = findings.map(({ severity, rule, place, message }) => `${severity} ${rule} ${place.line}: ${message}`);
    expect(told.filter((line) => !line.startsWith("info"))).toEqual([]);
  });

  test("has an input beside it and is listed in the README", () => {
    const input = readFileSync(resolve(folder, name.replace(".workflow.yaml", ".input.json")), "utf8");
    expect(() => JSON.parse(input) as unknown).not.toThrow();
    expect(readFileSync(resolve(folder, "README.md"), "utf8")).toContain(`\`${name.replace(".workflow.yaml", "")}\``);
  });

  test("uses component types and keys that there are", () => {
    for (const component of membersOf(read(name).workflow.components)) {
      const descriptor = catalogue.get(component.type);
      expect(descriptor, component.type).toBeDefined();
      const known = Object.keys(descriptor?.config_schema.properties ?? {});
      expect(known, component.id).toEqual(expect.arrayContaining(Object.keys(component.config ?? {})));
    }
  });

  test("has expressions that compile", () => {
    const { workflow } = read(name);
    const conditions = [...membersOf(workflow.components), ...(workflow.connections ?? [])].flatMap((c) =>
      typeof c.condition === "string" ? [c.condition] : [],
    );
    for (const condition of conditions) expect(compileCondition(condition), condition).toMatchObject({ ok: true });
    const parts = [workflow.outputs, ...workflow.components.map((c) => c.config)] as (Json | undefined)[];
    for (const { text } of parts.flatMap((part) => [
      ...templateStrings(part, (path) => path.at(-1) === "source" && path.length === 1),
    ]))
      expect(compileTemplate(text), text).toMatchObject({ ok: true });
  });

  test("retries its remote calls", () => {
    for (const component of membersOf(read(name).workflow.components))
      if (catalogue.get(component.type)?.nature === "remote")
        expect(component.retry_policy, component.id).toBeDefined();
  });
});
