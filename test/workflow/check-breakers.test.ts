import { expect, it } from "vitest";
import { check } from "@shared/workflow/check";
import { readWorkflow } from "@shared/workflow/file";

const findings = (component: string) =>
  check(readWorkflow(`id: w\ncomponents:\n  - ${component}\n`, "yaml")).filter(({ rule }) => rule === "breaker-unused");

it.each([
  [
    "{id: each, type: loop, config: {items: [1], components: []}, circuit_breaker: {failure_threshold: 2}}",
    "its members",
  ],
  ["{id: fan, type: parallel, config: {branches: [], circuit_breaker: {failure_threshold: 2}}}", "its members"],
  ["{id: look, type: cache_lookup, config: {cache_key: k}, circuit_breaker: {failure_threshold: 2}}", "its fallback"],
  ["{id: ask, type: human_task, config: {form: {}}, circuit_breaker: {failure_threshold: 2}}", "what comes after it"],
])("a breaker that never opens is told of: %s", (component, instead) => {
  expect(findings(component)).toEqual([expect.objectContaining({ message: expect.stringContaining(instead) })]);
});

it("a breaker on what calls is no finding", () => {
  for (const type of ["http_request", "workflow_call", "email"])
    expect(findings(`{id: call, type: ${type}, circuit_breaker: {failure_threshold: 2}}`)).toEqual([]);
});
