import { expect, it } from "vitest";
import { check } from "@shared/workflow/check";
import { readWorkflow } from "@shared/workflow/file";

function findings(component: string): readonly string[] {
  return check(readWorkflow(`id: w\ncomponents:\n  - ${component}\n`, "yaml"))
    .filter(({ rule }) => rule === "unknown-key" || rule === "config-schema")
    .map(({ rule, message }) => `${rule}: ${message}`);
}

it.each([
  "{id: call, type: workflow_call, config: {workflow_id: other, timeout: 5}}",
  "{id: call, type: workflow_call, config: {workflow_id: other}, error_handling: {timeout: 5}}",
  "{id: each, type: loop, config: {items: [1], components: [], timeout: 5}}",
  '{id: keep, type: filter, config: {conditions: {a: 1}, timeout: "{{ parameters.n }}"}}',
  "{id: ask, type: human_task, config: {form: {}, timeout: 2h}}",
])("a component of any type may be given a time: %s", (component) => {
  expect(findings(component)).toEqual([]);
});

it("a time that is none is told of", () => {
  expect(findings("{id: call, type: workflow_call, config: {workflow_id: other, timeout: soon}}")).toEqual([
    expect.stringContaining("config-schema: timeout"),
  ]);
});
