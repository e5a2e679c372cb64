import { expect, it } from "vitest";
import { check } from "@shared/workflow/check";
import { readWorkflow } from "@shared/workflow/file";

function findings(text: string, rule: string): readonly string[] {
  return check(readWorkflow(text, "yaml"))
    .filter((finding) => finding.rule === rule)
    .map(({ message }) => message);
}

it.each([
  "{id: each, type: loop, config: {items: [1], components: []}, retry_policy: {max_attempts: 3}}",
  "{id: fan, type: parallel, config: {branches: []}, error_handling: {on_failure: retry_with_backoff}}",
  "{id: fan, type: parallel, config: {branches: [], retry_attempts: 2}}",
])("a retry that never comes is told of: %s", (component) => {
  expect(findings(`id: w\ncomponents:\n  - ${component}\n`, "retry-unused")).toEqual([
    expect.stringContaining("put it on its members"),
  ]);
});

it("a retry of what has attempts, or of one attempt, is no finding", () => {
  for (const component of [
    "{id: call, type: workflow_call, config: {workflow_id: other}, retry_policy: {max_attempts: 3}}",
    "{id: ask, type: human_task, config: {form: {}}, retry_policy: {max_attempts: 3}}",
    "{id: each, type: loop, config: {items: [1], components: []}, retry_policy: {max_attempts: 1}}",
  ])
    expect(findings(`id: w\ncomponents:\n  - ${component}\n`, "retry-unused")).toEqual([]);
});

it("calls in a row are advised to be branches, but not those that change something or are undone in reverse order", () => {
  const calls = ["a", "b", "c"].map((id) => `  - {id: ${id}, type: http_request, config: {url: "https://x/${id}"}}`);
  const text = `id: w\ncomponents:\n${calls.join("\n")}\n`;
  expect(findings(text, "sequential-calls")).toHaveLength(1);
  expect(
    findings(text.replace("http_request, config: {", "http_request, config: {method: POST, "), "sequential-calls"),
  ).toEqual([]);
  const table = `database, config: {query: "create table if not exists a (id int)"}`;
  expect(findings(text.replace(/http_request, config: \{.*?\}/, table), "sequential-calls")).toEqual([]);
  const undo = "{action: undo, component: http_request, config: {url: https://x/undo}}";
  expect(findings(`${text}compensation: {a: ${undo}}\n`, "sequential-calls")).toEqual([]);
});
