import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apg } from "./apg";

const folder = mkdtempSync(join(tmpdir(), "apg-lab-kill-"));
const asked: string[] = [];
const open: ServerResponse[] = [];
let onSlow: () => void = () => undefined;
let server: Server;
let base: string;

beforeAll(async () => {
  // `/slow` answers nobody before the test's end; all else at once.
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (request.url !== "/slow") return void response.end("{}");
    open.push(response);
    onSlow();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  for (const response of open) response.destroy();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function written(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const orders = (): string =>
  written(
    "orders.workflow.yaml",
    `id: orders
triggers: [{type: schedule, cron: "0 * * * *", timezone: UTC}]
components:
  - {id: reserve, type: http_request, config: {method: POST, url: "${base}/reserve"}}
  - {id: pay, type: http_request, config: {method: POST, url: "${base}/pay"}}
  - {id: look, type: http_request, config: {url: "${base}/slow", timeout: 600}}
  - {id: ship, type: http_request, config: {method: POST, url: "${base}/ship"}}
  - {id: thank, type: http_request, config: {method: POST, url: "${base}/thank"}}
compensation:
  reserve: {component: http_request, config: {method: DELETE, url: "${base}/undone"}}
  pay: {component: http_request, config: {method: DELETE, url: "${base}/undone"}}
`,
  );

const pretended = (): string =>
  written("pretended.yaml", "faults: [{component: pay, body: {}}, {component: ship, body: {}}]\n");

describe("what ran in a lab whose host was killed", () => {
  it.each([
    ["a single run", []],
    ["a rehearsal", ["--schedule", "2h", "--from", "2026-03-28T00:00Z"]],
  ])("acts in earnest no more: %s", { timeout: 120_000 }, async (_name, more) => {
    const workspace = ["--workspace", join(folder, `ws-${more.length}`)];
    asked.length = 0;
    let kill: (signal: NodeJS.Signals) => void = () => undefined;
    onSlow = () => kill("SIGKILL");
    const args = ["run", orders(), "--faults", pretended(), ...workspace, ...more];
    const killed = await apg(args, { started: (send) => (kill = send) });
    expect(killed.code).toBeNull();
    expect(asked).toEqual(["/reserve", "/slow"]);
    const resumed = await apg(["resume", ...workspace, "--json"]);
    expect(resumed.stdout).toContain("resilience lab, which ended with its host");
    expect(resumed.stdout).toContain("reserve was not undone");
    expect(asked).toEqual(["/reserve", "/slow"]);
    const listed = await apg(["executions", "list", ...workspace]);
    expect(listed.stdout).toContain("cancelled (lab)");
    expect((await apg(["resume", ...workspace])).stdout).toContain("There is nothing to resume.");
  });

  it("goes on where the faults did no more than kill it", { timeout: 120_000 }, async () => {
    const workspace = ["--workspace", join(folder, "ws-crash")];
    const steps = written(
      "steps.workflow.yaml",
      `id: steps
components:
  - {id: one, type: http_request, config: {method: POST, url: "${base}/one"}}
  - {id: two, type: http_request, config: {method: POST, url: "${base}/two"}}
`,
    );
    asked.length = 0;
    const crash = written("crash.yaml", "crash_host_at_step: 2\nfaults: [{component: one, latency_ms: 1}]\n");
    expect((await apg(["run", steps, "--faults", crash, ...workspace])).code).toBeNull();
    expect(asked).toEqual(["/one"]);
    expect((await apg(["resume", ...workspace])).code).toBe(0);
    expect(asked).toEqual(["/one", "/two"]);
  });
});
