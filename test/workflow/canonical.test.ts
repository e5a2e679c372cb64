import { expect, test } from "vitest";
import { canonical } from "@shared/workflow/canonical";
import { readWorkflow } from "@shared/workflow/file";
import type { Component } from "@shared/workflow/workflow";

function read(component: string): { readonly component: Component; readonly notes: readonly string[] } {
  const { workflow, notes } = canonical(
    readWorkflow(`components:\n  - {id: a, type: http_request, ${component}}\n`, "yaml").workflow!,
  );
  return {
    component: workflow.components[0]!,
    notes: notes.map(({ rule, path }) => `${rule} ${path.slice(2).join(".")}`),
  };
}

test("counts of retries are one less than attempts, wherever they stand", () => {
  for (const [place, key] of [
    ["retry_policy", "max_retries"],
    ["error_handling", "max_retries"],
    ["error_handling", "retry_attempts"],
    ["config", "retry_attempts"],
    ["config", "max_retry_attempts"],
  ]) {
    const { component, notes } = read(`${place}: {${key}: 3}`);
    expect(component.retry_policy).toEqual({ max_attempts: 4 });
    expect(notes).toEqual([`canonical-place ${place}.${key}`]);
  }
});

test("retry_policy wins over error_handling, and that over config, with a finding", () => {
  const { component, notes } = read(
    "config: {retry_attempts: 1}, error_handling: {max_retries: 2}, retry_policy: {max_attempts: 9}",
  );
  expect(component).toMatchObject({ retry_policy: { max_attempts: 9 }, config: {}, error_handling: {} });
  expect(notes).toEqual(["conflicting-alias error_handling.max_retries", "conflicting-alias config.retry_attempts"]);
});

test("a retry delay is seconds, and a bare delay_ms a fixed interval", () => {
  expect(read("config: {retry_delay: 60}").component.retry_policy).toEqual({
    initial_delay_ms: 60_000,
    max_delay_ms: 60_000,
  });
  expect(read("retry_policy: {delay_ms: 5000}").component.retry_policy).toEqual({
    initial_delay_ms: 5000,
    max_delay_ms: 5000,
    backoff_multiplier: 1,
    jitter: false,
  });
});

test("the smaller of both timeouts is used", () => {
  expect(read("config: {timeout: 30}, error_handling: {timeout: 10}").component).toMatchObject({
    config: { timeout: 10 },
    error_handling: {},
  });
  expect(read("error_handling: {timeout: 10}").component.config).toEqual({ timeout: 10 });
});

test("breakers, types and members in place are read in their canonical place", () => {
  expect(read("config: {circuit_breaker: {failure_threshold: 5}}").component).toMatchObject({
    config: {},
    circuit_breaker: { failure_threshold: 5 },
  });
  const { workflow, notes } = canonical(
    readWorkflow(
      "components: [{id: l, type: loop, config: {components: [{id: s, type: script, config: {retry_attempts: 1}}]}}]",
      "yaml",
    ).workflow!,
  );
  expect(workflow.components[0]!.config).toEqual({
    components: [{ id: "s", type: "code", config: {}, retry_policy: { max_attempts: 2 } }],
  });
  expect(notes.length).toBe(2);
});

test("the guide's bare privacy form and workflow_permissions are aliases", () => {
  const { workflow } = canonical(
    readWorkflow("data_classification: {pii_fields: [email]}\nworkflow_permissions: {owner: me}\n", "yaml").workflow!,
  );
  expect(workflow).toMatchObject({
    privacy: { data_classification: { pii_fields: ["email"] } },
    permissions: { owner: "me" },
  });
});

test("a canonical workflow is given back as it is", () => {
  const { workflow } = readWorkflow(
    "id: x\ncomponents: [{id: l, type: loop, config: {components: [{id: s, type: code}]}}]",
    "yaml",
  );
  expect(canonical(workflow!)).toEqual({ workflow, notes: [] });
  expect(canonical(workflow!).workflow).toBe(workflow);
});
