import { describe, expect, it } from "vitest";
import { unmet } from "@shared/bundle/accept";
import { needsOf } from "@shared/bundle/needs";
import { readWorkflow } from "@shared/workflow/file";

const TEXT = `id: fetch
name: Fetch
parameters:
  shop_url: {type: string, default: "https://shop.test/api"}
  since: {type: string}
  token: {type: string, sensitive: true}
  limit: {type: integer, required: false}
components:
  - {id: orders, type: http_request, config: {url: "{{ shop_url }}/orders", headers: {X: "{{ secrets.KEY }}"}}}
  - {id: stock, type: http_request, config: {url: "http://stock.test:8080/all?x={{ since }}"}}
  - {id: other, type: http_request, config: {url: "{{ orders.output.body.next }}"}}
  - {id: region, type: log, config: {message: "{{ env.REGION }}"}}
  - {id: keep, type: file, config: {operation: write, path: out/orders.json}, resource_limits: {memory_mb: 512, cpu_cores: 2}}
  - {id: risky, type: code, config: {trust: trusted, source: "return 1"}}
  - {id: mail, type: email, config: {to: a@b.c, connection: smtp}}
`;

describe("what a bundle needs", () => {
  const workflow = readWorkflow(TEXT, "yaml").workflow;
  if (!workflow) throw new Error("the fixture cannot be read");
  const needs = needsOf(workflow, [workflow], "0.1.0");
  const named = (kind: string) => needs.filter((need) => need.kind === kind).map((need) => need.name);

  it("names secrets, required parameters, environment values, hosts, files and limits, each once", () => {
    expect(named("secret")).toEqual(["secrets.KEY"]);
    expect(named("parameter")).toEqual(["since", "token"]);
    expect(named("env")).toEqual(["env.REGION"]);
    expect(named("network")).toEqual(["orders.output.body.next", "shop.test:443", "stock.test:8080"]);
    expect(named("file")).toEqual(["out/orders.json"]);
    expect(named("connection")).toEqual(["smtp"]);
    expect(named("component")).toEqual(["code (trusted)"]);
    expect(named("resources")).toEqual(["512 MB, 2 cores"]);
  });

  it("is met by a host that offers it, and says what is missing otherwise", () => {
    const offer = {
      secrets: new Set(["KEY"]),
      parameters: new Set(["since", "token"]),
      connections: new Set<string>(),
      env: new Set<string>(),
      types: new Set<string>(),
      trusted: true,
      version: "0.1.0",
    };
    expect(unmet(needs, offer).map((need) => need.name)).toEqual(["env.REGION", "smtp"]);
    expect(unmet(needs, { ...offer, version: "0.0.9" }).map((need) => need.kind)).toContain("engine");
  });
});
