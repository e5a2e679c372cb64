import { describe, expect, test } from "vitest";
import { suggestionsAt } from "@shared/workflow/completion";
import { formatOf, readWorkflow, type WorkflowFormat } from "@shared/workflow/file";
import { hoverAt } from "@shared/workflow/hover";
import { workflowSchema } from "@shared/workflow/schema";

const BASE = `id: orders
parameters:
  limit: {type: integer}
components:
  - id: fetch
    type: http_request
    config: {url: https://a.test}
  - id: route
    type: decision
    config:
      cases:
        - {id: big, condition: fetch.output.status > 1}
      default: small
`;

/** The labels proposed at the mark `¦`; the readable workflow is {@link BASE}. */
function labels(text: string, format: WorkflowFormat = "yaml"): readonly string[] {
  const last = readWorkflow(BASE, "yaml").workflow!;
  const document = readWorkflow(text.replace("¦", ""), format);
  return suggestionsAt(document, text.indexOf("¦"), {
    last,
    workflowIds: ["fulfil_order"],
    secrets: ["api_token"],
  }).map(({ label }) => label);
}

const inComponent = (type: string, rest: string): string => `${BASE}  - id: x\n    type: ${type}\n${rest}`;

describe("completion proposes", () => {
  test.each<readonly [what: string, text: string, first: readonly string[]]>([
    ["the workflow's keys", "¦", ["apg", "id", "name"]],
    ["keys that are not there yet", "id: x\nn¦", ["name", "connections", "components"].slice(0, 1)],
    ["a component's keys", `${BASE}  - id: x\n    ¦`, ["type", "config"]],
    ["a component's keys after its dash", `${BASE}  - ¦`, ["id", "type"]],
    ["types", `${BASE}  - id: x\n    type: htt¦`, ["http_request"]],
    ["the type's config keys", inComponent("http_request", "    config:\n      me¦"), ["method"]],
    [
      "them where the type stands below",
      `${BASE}  - id: x\n    config:\n      me¦\n    type: http_request\n`,
      ["method"],
    ],
    ["keys within keys", inComponent("http_request", "    config:\n      pagination:\n        max¦"), ["max_pages"]],
    [
      "values of a list of choices",
      inComponent("http_request", "    config:\n      method: P¦"),
      ["POST", "PUT", "PATCH"],
    ],
    ["true and false", inComponent("http_request", "    config:\n      follow_redirects: ¦"), ["true", "false"]],
    ["error types", inComponent("log", "    retry_policy:\n      retryable_errors: [timeo¦"), ["timeout"]],
    ["strategies and components", inComponent("log", "    error_handling:\n      on_failure: fe¦"), ["fetch"]],
    ["ids for the ends of a connection", `${BASE}connections:\n  - {source: fetch, target: r¦}`, ["route"]],
    ["the source's cases", `${BASE}connections:\n  - {source: route, target: fetch, case: ¦}`, ["big", "small"]],
    ["workflows to call", inComponent("workflow_call", "    config: {workflow_id: ¦}"), ["fulfil_order"]],
    ["members of an owner", inComponent("loop", "    config:\n      components:\n        - ¦"), ["fetch", "route"]],
    [
      "keys of a component in place",
      inComponent(
        "loop",
        "    config:\n      components:\n        - id: y\n          type: log\n          config:\n            mes¦",
      ),
      ["message"],
    ],
    ["a trigger's keys", `${BASE}triggers:\n  - type: schedule\n    ¦`, ["cron", "timezone", "missed"]],
    ["triggers", `${BASE}triggers:\n  - type: sch¦`, ["schedule"]],
    ["names in expressions", inComponent("log", '    config: {message: "{{ fe¦ }}"}'), ["fetch"]],
    ["fields of outputs", inComponent("log", '    config: {message: "{{ fetch.output.st¦ }}"}'), ["status"]],
    ["secrets", inComponent("log", '    config: {message: "{{ secrets.¦ }}"}'), ["api_token"]],
    ["names in conditions without braces", inComponent("log", "    condition: fetch.comp¦"), ["completed"]],
  ])("%s", (_what, text, first) => {
    expect(labels(text).slice(0, first.length)).toEqual(first);
  });

  test("keys and types in JSON", () => {
    expect(labels('{"id": "x", "components": [{"id": "y", "type": "log", "config": {"mes¦"}}]}', "json")).toEqual([
      "message",
    ]);
    expect(labels('{"id": "x", "components": [{"id": "y", "type": "transf¦"}]}', "json")).toEqual(["transform"]);
  });
});

test("hover explains keys, types and components", () => {
  const at = (mark: string): string | undefined =>
    hoverAt(readWorkflow(BASE, "yaml"), BASE.indexOf(mark) + 1)?.markdown;
  expect(at("url:")).toContain("The address");
  expect(at("http_request")).toContain("Calls an HTTP API");
  expect(at("fetch.output")).toContain("HTTP request");
  expect(at("orders")).toBeUndefined();
});

test("the file's schema knows every type's config", () => {
  const text = JSON.stringify(workflowSchema());
  for (const part of ["$schema", '"const":"http_request"', '"max_pages"', '"retry_policy"'])
    expect(text).toContain(part);
  expect(formatOf("a.workflow.JSON")).toBe("json");
});
