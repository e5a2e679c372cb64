// The guide's examples on failure run as they are written: only their hosts lead to servers of the tests.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Json, JsonObject } from "@shared/base/json";
import { readWorkflow } from "@shared/workflow/file";
import type { Component, Workflow } from "@shared/workflow/workflow";
import { openHost, type Host } from "../../src-main/compose/host";
import { machineClock } from "../../src-main/engine/identity";
import type { Laboratory } from "../../src-main/engine/ports";
import { laboratory } from "../../src-main/lab/laboratory";
import { startSampleApi } from "../../src-main/sample-api/server";
import { bench, freshFolder, story } from "../engine/running";
import { pythonToJson } from "../workflow/python";

const closing: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** What an example's Python says. */
function said(name: string): JsonObject {
  const text = readFileSync(join(import.meta.dirname, "../workflow/guide", `${name}.good.py`), "utf8");
  return JSON.parse(pythonToJson(text)) as JsonObject;
}

function workflow(id: string, parts: JsonObject): Workflow {
  const { workflow: read } = readWorkflow(JSON.stringify({ id, version: "1.0.0", ...parts }), "json");
  if (read === undefined) throw new Error(`${id} cannot be read`);
  return read;
}

/** A host of the examples: `answer` says status and body of its `n`th call, counted from 1. */
async function host(answer: (n: number, path: string) => readonly [number, Json]) {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    calls.push(request.url ?? "");
    const [status, body] = answer(calls.length, request.url ?? "");
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}

/** Waits pass at once. */
function quickly(): Laboratory {
  return laboratory({ virtualTime: true, clock: machineClock, crash: () => undefined });
}

const down = () => [503, { error: "down" }] as const;

test("error-first design: three retries a minute apart, then it is logged and the workflow goes on", async () => {
  const api = await host(down);
  const { run, journal } = bench();
  const ended = await run(workflow("error_first", said("error-first-design")), {
    hosts: { "api.example.com": api.url },
    lab: quickly(),
  });
  expect(ended.status).toBe("completed_with_warnings");
  expect(api.calls).toEqual(["/data", "/data", "/data", "/data"]);
  const failed = (await journal(ended.id)).filter(({ event }) => event.kind === "attempt-failed");
  expect(failed).toHaveLength(4);
});

describe("graceful degradation", () => {
  const definition = workflow("resilient", said("graceful-degradation"));
  const hostsOf = (primary: string, backup: string) => ({ "primary-api.com": primary, "backup-api.com": backup });

  test("the backup stands in for the primary source", async () => {
    const [primary, backup] = [await host(down), await host(() => [200, { rows: 3 }])];
    const { run, journal } = bench();
    const ended = await run(definition, { hosts: hostsOf(primary.url, backup.url), lab: quickly() });
    expect(ended.status).toBe("completed_with_warnings");
    expect((ended.json as { readonly body: Json }).body).toEqual({ rows: 3 });
    expect(story(await journal(ended.id))).not.toContain("attempt-started use_cached_data");
  });

  test("with the primary well, nobody else is asked", async () => {
    const [primary, backup] = [await host(() => [200, { rows: 5 }]), await host(down)];
    const { run } = bench();
    const ended = await run(definition, { hosts: hostsOf(primary.url, backup.url), lab: quickly() });
    expect(ended.status).toBe("completed");
    expect(backup.calls).toEqual([]);
  });

  test("with both down, the cache is asked for the last known good data", async () => {
    const [primary, backup] = [await host(down), await host(down)];
    const { run } = bench();
    const ended = await run(definition, { hosts: hostsOf(primary.url, backup.url), lab: quickly() });
    expect(ended.status).toBe("completed_with_warnings");
    expect(ended.json).toEqual({ hit: false, value: null });
  });
});

test("caching strategies: the second execution is answered by the cache", async () => {
  const api = await host((n) => [200, { id: 7, n }]);
  const { run } = bench();
  const definition = workflow("caching", said("caching-strategies"));
  const more = { hosts: { "api.example.com": api.url }, input: { customer_id: 7 } };
  const first = await run(definition, more);
  const second = await run(definition, more);
  expect(api.calls).toEqual(["/customers/7"]);
  expect(first.status).toBe("completed");
  const bodies = [first.json, second.json].map((json) => (json as { value: { body: Json } }).value.body);
  expect(bodies).toEqual([
    { id: 7, n: 1 },
    { id: 7, n: 1 },
  ]);
  expect(second.json).toMatchObject({ hit: true });
});

test("circuit breaker: opens after ten calls, lets three through a minute later, closes", async () => {
  let isWell = false;
  const api = await host(() => (isWell ? [200, {}] : [503, {}]));
  const { run } = bench();
  const call = said("circuit-breaker-pattern") as unknown as Component;
  const definition: Workflow = { id: "guarded", version: "1.0.0", components: [call] };
  const lab = quickly();
  const more = { hosts: { "external-api.com": api.url }, lab };
  const types: (string | undefined)[] = [];
  for (let n = 0; n < 12; n += 1) types.push((await run(definition, more)).error?.type);
  expect(types).toEqual([...Array<string>(10).fill("server_error"), "circuit_open", "circuit_open"]);
  expect(api.calls).toHaveLength(10);
  const minute: Workflow = {
    id: "minute",
    version: "1.0.0",
    components: [{ id: "nap", type: "wait", config: { duration: 61 } }],
  };
  await run(minute, { lab });
  isWell = true;
  for (let n = 0; n < 4; n += 1) expect((await run(definition, more)).status).toBe("completed");
  expect(api.calls).toHaveLength(14);
});

test("retry strategies: five attempts with growing pauses; an authentication error is not tried again", async () => {
  let status = 503;
  const api = await host(() => [status, {}]);
  const { run, journal } = bench();
  const policy = said("retry-strategies");
  const definition = workflow("patient", {
    components: [{ id: "call", type: "http_request", config: { url: "https://api.example.com/data" }, ...policy }],
  });
  const more = { hosts: { "api.example.com": api.url }, lab: quickly() };
  expect((await run(definition, more)).error?.type).toBe("server_error");
  expect(api.calls).toHaveLength(5);
  status = 401;
  const refused = await run(definition, more);
  expect(refused.error?.type).toBe("authentication_error");
  expect(story(await journal(refused.id)).filter((line) => line === "attempt-started call")).toHaveLength(1);
});

describe("on the platform", () => {
  async function studio(): Promise<{ readonly host: Host; run(id: string, input: Json): Promise<Json> }> {
    const api = await startSampleApi({ port: 0 });
    closing.push(() => api.close());
    const opened = openHost({ workspace: freshFolder(), kind: "web" });
    if (!opened.ok) throw new Error(opened.problem.kind);
    const { value: it } = opened;
    closing.push(() => it.close());
    await it.begin();
    const made = it.rooms.trust.setConnection(
      {
        name: "platform",
        kind: "http",
        settings: { "*": { base_url: `${api.url}/capabilities` } },
        serves: ["apg_user_management", "apg_auth_rbac", "apg_audit_compliance"],
      },
      undefined,
    );
    if (!made.ok) throw new Error(JSON.stringify(made.problem));
    return {
      host: it,
      run: async (workflowId, input) => {
        const started = await it.rooms.launch.start({
          workflowId,
          input,
          parameters: {},
          debug: false,
          breakpoints: [],
        });
        if (!started.ok) throw new Error(JSON.stringify(started.problem));
        const ended = await it.engine.settled(started.value.id);
        if (ended.error !== undefined) throw new Error(`${ended.error.component}: ${ended.error.message}`);
        return it.engine.read(ended.id, ended.output);
      },
    };
  }

  test("capabilities are chained, and the first one's answer is cached", async () => {
    const { host: it, run } = await studio();
    const { components } = said("apg-integration-best-practices");
    const text = JSON.stringify({ id: "chain", name: "Chain", version: "1.0.0", components });
    it.rooms.library.create(text, "json", "workspace");
    expect(await run("chain", { user_id: "user_2" })).toMatchObject({ recorded: true, event_type: "data_access" });
    expect(await run("chain", { user_id: "user_2" })).toMatchObject({ recorded: true });
    const { rows } = it.rooms.caches.list({ from: 0, limit: 10 });
    expect(rows).toMatchObject([{ workflowId: "chain", hits: 1 }]);
  });

  test("an event of the pattern with the filter's attributes starts an execution, another does not", async () => {
    const { host: it } = await studio();
    const { triggers } = said("apg-integration-best-practices-2");
    const text = JSON.stringify({
      id: "welcome",
      name: "Welcome",
      version: "1.0.0",
      triggers,
      components: [{ id: "greet", type: "log", config: { message: "Welcome {{ event.payload.name }}" } }],
    });
    it.rooms.library.create(text, "json", "workspace");
    await it.rooms.triggers.enable("welcome", 0, true);
    const employee = { source: "user_management", attributes: { user_type: "employee" }, name: "Amina" };
    expect((await it.rooms.triggers.emit("user.created", employee)).started).toBe(1);
    const contractor = { ...employee, attributes: { user_type: "contractor" } };
    expect((await it.rooms.triggers.emit("user.created", contractor)).started).toBe(0);
    expect((await it.rooms.triggers.emit("user.deleted", employee)).started).toBe(0);
  });
});
