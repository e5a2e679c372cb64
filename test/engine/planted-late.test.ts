import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Client } from "@shared/contract/contract";
import type { Component, Workflow } from "@shared/workflow/workflow";
import { apg } from "../cli/apg";
import { serve, type Served } from "../web/fixture";
import { findings, secretText, startEcho, workspaceIn, type Echo } from "./planted";
import { watched } from "./watched";

/** What must be found nowhere. */
const planted = { HEADER: secretText(), BODY: secretText(), parameter: secretText() };

let served: Served;
let client: Client;
let echo: Echo;
let places: { [place: string]: string | Buffer };

beforeEach(async () => {
  places = {};
  echo = await startEcho("nobody's");
  served = await serve();
  ({ client } = await served.connect());
  await client.host.set({ hosts: { "echo.test": echo.url } });
  await client.secrets.set({ name: "HEADER", value: planted.HEADER });
  await client.secrets.set({ name: "BODY", value: planted.BODY });
});
afterEach(async () => {
  await echo.close();
  await served.close();
});

const call = (id: string): Component => ({
  id,
  type: "http_request",
  config: {
    method: "POST",
    url: "http://echo.test/call",
    headers: { authorization: "Bearer {{ secrets.HEADER }}" },
    body: { key: "{{ secrets.BODY }}", token: "{{ parameters.token }}" },
  },
  retry_policy: { max_attempts: 4, initial_delay_ms: 60_000 },
  error_handling: { on_failure: "log_and_continue" },
});

const workflow: Workflow = {
  id: "planted_lab",
  parameters: { token: { type: "string", sensitive: true } },
  triggers: [{ type: "schedule", cron: "0 * * * *", parameters: { token: planted.parameter } }] as never,
  components: [call("answered"), call("refused"), call("echoed"), call("late")],
  outputs: { all: "{{ components }}" },
};

/** Faults that say what the attempts were given, as careless authors write them. */
const faults = JSON.stringify({
  seed: 3,
  faults: [
    { component: "answered", body: { seen: "{{ secrets.BODY }}", said: `it was ${planted.BODY}` } },
    { component: "refused", error: { type: "server_error", message: `no ${planted.HEADER} and ${planted.parameter}` } },
    { component: "echoed", attempts: [1, 2], status: 503, retry_after: 30 },
    { component: "late", attempts: [1], latency_ms: 4000 },
  ],
});

async function everywhere(): Promise<{ [place: string]: string | Buffer }> {
  return { ...workspaceIn(served.host.store.folder), reported: served.reported.map(String).join("\n"), ...places };
}

it("faults that name them, in virtual time, leave none", async () => {
  // A trigger's parameters are the workflow's own text, which says what it says.
  const { triggers: _triggers, ...plain } = workflow;
  await client.workflows.create({ text: JSON.stringify(plain), format: "json" });
  const { id } = await client.executions.start({
    workflowId: workflow.id,
    input: null,
    parameters: { token: planted.parameter },
    faults,
    virtualTime: true,
  });
  const { status, shown } = await watched(client, id, ["components", "answered.output", "secrets.BODY"]);
  expect(status).toBe("completed_with_warnings");
  expect(shown.join("\n")).toContain("Fault on purpose");
  places["screens"] = shown.join("\n");
  for (const command of [
    ["executions", "show", id, "--json"],
    ["executions", "journal", id],
  ]) {
    const { stdout, stderr } = await apg([...command, "--workspace", served.host.store.folder]);
    places[command.join(" ")] = stdout + stderr;
  }
  expect(findings(planted, await everywhere())).toEqual([]);
});

it("nor do a day's schedules with the same faults", { timeout: 240_000 }, async () => {
  const file = join(served.folder, "planted_day.workflow.yaml");
  const { triggers: _triggers, parameters: _parameters, ...plain } = workflow;
  const components = JSON.stringify(plain.components).replaceAll("parameters.token", "secrets.HEADER");
  const scheduled = {
    ...plain,
    id: "planted_day",
    triggers: [{ type: "schedule", cron: "0 */6 * * *" }],
    components: JSON.parse(components) as unknown,
  };
  writeFileSync(file, JSON.stringify(scheduled));
  const faultsFile = join(served.folder, "faults.yaml");
  writeFileSync(faultsFile, faults);
  const args = ["run", file, "--schedule", "24h", "--from", "2026-03-28T00:00Z", "--faults", faultsFile, "--json"];
  const run = await apg([...args, "--workspace", served.host.store.folder]);
  expect((JSON.parse(run.stdout) as { firings: unknown[] }).firings.length).toBeGreaterThanOrEqual(4);
  places["apg run --schedule"] = run.stdout + run.stderr;
  expect(findings({ HEADER: planted.HEADER, BODY: planted.BODY }, await everywhere())).toEqual([]);
});

it("a passphrase is in no file, answer or line printed", async () => {
  const phrases = { right: secretText(), next: secretText(), wrong: secretText() };
  const said: string[] = [];
  const hear = (error: unknown) => void said.push(String(error), JSON.stringify(error));
  await client.vault.guard({ next: phrases.right });
  await client.vault.unlock({ passphrase: phrases.wrong }).catch(hear);
  await client.vault.guard({ current: phrases.wrong, next: phrases.next }).catch(hear);
  await client.vault.guard({ current: phrases.right, next: phrases.next });
  said.push(JSON.stringify(await client.vault.state()), JSON.stringify(await client.host.settings()));
  const workspace = ["--workspace", served.host.store.folder];
  for (const APG_PASSPHRASE of [phrases.wrong, phrases.next]) {
    const { stdout, stderr } = await apg(["secrets", "list", ...workspace], { env: { APG_PASSPHRASE } });
    said.push(stdout, stderr);
  }
  places["said"] = said.join("\n");
  expect(said).toHaveLength(10);
  expect(findings(phrases, await everywhere())).toEqual([]);
});

it("what is erased of a person is in no file afterwards, nor in what says so", async () => {
  const person = { email: `${secretText().replace(/\W/g, "").toLowerCase()}@example.com` };
  await client.workflows.create({
    text: JSON.stringify({
      id: "of_a_person",
      components: [{ id: "note", type: "log", config: { message: "wrote to {{ input_data.email }}" } }],
      outputs: { email: "{{ input_data.email }}", long: "{{ input_data.text }}" },
    }),
    format: "json",
  });
  const input = { ...person, text: `${"x".repeat(50_000)} ${person.email}` };
  const { id } = await client.executions.start({ workflowId: "of_a_person", input, parameters: {} });
  expect((await watched(client, id, [])).status).toBe("completed");
  const { folder } = served.host.store;
  expect(findings(person, workspaceIn(folder))).not.toEqual([]);
  await served.server.close();
  await served.host.close();
  const erased = await apg(["privacy", "erase", "--value", "-", "--json", "--workspace", folder], {
    input: `${person.email}\n`,
  });
  expect(JSON.parse(erased.stdout)).toMatchObject({ executions: 1, overwritten: true });
  expect(findings(person, { ...workspaceIn(folder), printed: erased.stdout + erased.stderr })).toEqual([]);
  // For the end of the test, which closes what was served.
  served = await serve();
});
