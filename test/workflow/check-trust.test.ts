import { describe, expect, it } from "vitest";
import { check, type CheckContext } from "@shared/workflow/check";
import { readWorkflow } from "@shared/workflow/file";

function found(text: string, context: CheckContext = {}): readonly string[] {
  const findings = check(readWorkflow(text, "yaml"), undefined, context);
  return findings.map(({ rule, severity, message }) => `${severity} ${rule}: ${message}`);
}

const calls = (connection: string, more = ""): string =>
  `id: orders\ncomponents:\n  - id: call_shop\n    type: http_request\n    config: {connection: ${connection}, url: /orders}\n    retry_policy: {max_attempts: 3}\n${more}`;

describe("connections", () => {
  const context = { connections: [{ name: "shop_api", kind: "http" }] };

  it("that the workspace does not have are named with the nearest", () => {
    expect(found(calls("shop_ap"), context)).toContainEqual(
      "warning unknown-connection: The workspace has no connection shop_ap; did you mean shop_api?",
    );
    expect(found(calls("shop_api"), context).join()).not.toContain("unknown-connection");
    // Without a workspace nothing is known of them.
    expect(found(calls("shop_ap")).join()).not.toContain("unknown-connection");
  });

  it("that permissions do not list are errors, and can be allowed", () => {
    const permitted = "permissions:\n  resource_access: {apis: [crm_api]}\n";
    expect(found(calls("shop_api", permitted), context).join()).toContain("error not-permitted");
    expect(found(calls("crm_api", permitted)).join()).not.toContain("not-permitted");
    const findings = check(readWorkflow(calls("shop_api", permitted), "yaml"));
    expect(findings.find(({ rule }) => rule === "not-permitted")?.fix?.edit).toEqual({
      kind: "set",
      path: ["permissions", "resource_access", "apis"],
      value: ["crm_api", "shop_api"],
    });
  });
});

describe("secrets", () => {
  const uses = (name: string, more = ""): string =>
    `id: orders\ncomponents:\n  - id: write_note\n    type: log\n    config: {message: "{{ secrets.${name} }}"}\n${more}`;

  it("that the workspace does not have are warned about", () => {
    expect(found(uses("API_TOKN"), { secrets: ["API_TOKEN"] }).join()).toContain("did you mean API_TOKEN?");
    expect(found(uses("API_TOKEN"), { secrets: ["API_TOKEN"] }).join()).not.toContain("did you mean");
  });

  it("that permissions do not list are errors", () => {
    const permitted = "permissions: {resource_access: {secrets: [MINE]}}\n";
    expect(found(uses("YOURS", permitted)).join()).toContain("does not list the secret YOURS");
    expect(found(uses("MINE", permitted)).join()).not.toContain("not-permitted");
  });
});

it("what changes nothing here is said, and only that", () => {
  const text = `id: orders
components:
  - id: sort_orders
    type: sort
    config: {records: [], by: a}
    optimization: {enable_compression: true, cache_scope: workspace}
    scaling: {max_instances: 10}
privacy:
  data_classification: {pii_fields: [email]}
  processing_rules:
    pii_fields: {encrypt_at_rest: true, mask_in_logs: true, retention_days: 90}
    sensitive_fields: {access_logging: true}
  compliance: {gdpr: {right_to_delete: true}}
permissions:
  execution_context: {run_as: service_account, network_policy: restricted}
`;
  const said = found(text).filter((line) => line.includes("no-effect"));
  expect(said.map((line) => /no-effect: (\w+) has/.exec(line)?.[1])).toEqual([
    "enable_compression",
    "scaling",
    "access_logging",
    "gdpr",
    "run_as",
  ]);
  expect(said.every((line) => line.startsWith("info"))).toBe(true);
});
