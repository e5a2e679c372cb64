import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Json } from "@shared/base/json";
import type { Client } from "@shared/contract/contract";
import type { Component, Workflow } from "@shared/workflow/workflow";
import { apg } from "../cli/apg";
import { serve, type Served } from "../web/fixture";
import hostProgram from "./host-program?modulePath";
import type { Told } from "./host-program";
import { cellsIn, findings, secretText, startEcho, workspaceIn, type Echo } from "./planted";
import { watched } from "./watched";

/** Each planted where a workflow can take a secret. */
const planted = {
  WHOLE_HEADER: secretText(),
  IN_HEADER: secretText(),
  IN_BODY: secretText(),
  IN_URL: secretText(),
  BASIC: secretText(),
  IN_LOG: secretText(),
  CONNECTION: secretText(),
  UNDO: secretText(),
  FROM_DOTENV: secretText(),
  parameter: secretText(),
  nested: secretText(),
  item: secretText(),
  answer: secretText(),
};

let served: Served;
let client: Client;
let echo: Echo;
/** All that a window was given. */
const screens: string[] = [];
/** What the host wrote to standard error, and what it reported. */
const told: string[] = [];

beforeAll(async () => {
  echo = await startEcho(planted.answer);
  served = await serve();
  ({ client } = await served.connect());
  await client.host.set({ hosts: { "echo.test": echo.url } });
  for (const name of [
    "WHOLE_HEADER",
    "IN_HEADER",
    "IN_BODY",
    "IN_URL",
    "BASIC",
    "IN_LOG",
    "CONNECTION",
    "UNDO",
  ] as const)
    await client.secrets.set({ name, value: planted[name] });
  await client.secrets.import({ text: `FROM_DOTENV='${planted.FROM_DOTENV}'\n` });
  await client.connections.set({
    name: "echo_api",
    kind: "http",
    settings: {
      "*": { base_url: "http://echo.test", auth: { type: "bearer", token: "{{ secrets.CONNECTION }}" } },
    },
  });
});

afterAll(async () => {
  await echo.close();
  await served.close();
});

const call = (id: string, more: Partial<Component> = {}, path = `/${id}`): Component => ({
  id,
  type: "http_request",
  config: {
    method: "POST",
    url: `http://echo.test${path}?key={{ secrets.IN_URL }}`,
    headers: {
      "x-whole": "{{ secrets.WHOLE_HEADER }}",
      authorization: "Bearer {{ secrets.IN_HEADER }}",
      "x-basic": "Basic {{ base64('user:' + secrets.BASIC) }}",
      "x-dotenv": "{{ secrets['FROM_DOTENV'] }}",
    },
    body: {
      joined: "a {{ secrets.IN_BODY }} b",
      parameter: "{{ parameters.token }}",
      nested: "{{ parameters.login.password }}",
    },
    sensitive_fields: ["session_token"],
    ...more.config,
  },
  ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== "config")),
});

const parameters: Workflow["parameters"] = {
  token: { type: "string", sensitive: true },
  login: { type: "object", properties: { user: { type: "string" }, password: { type: "string", sensitive: true } } },
  tokens: { type: "array", items: { type: "string", sensitive: true } },
};
const given: { readonly [name: string]: Json } = {
  token: planted.parameter,
  login: { user: "ada", password: planted.nested },
  tokens: [planted.item, `${planted.item}2`],
};

const steps = [
  call("token"),
  call("flaky", { retry_policy: { max_attempts: 3, initial_delay_ms: 1 } }),
  call("cached", { config: { cache_result: true, cache_key: "k" } }),
  call("cached_again", { config: { cache_result: true } }, "/cached"),
  {
    id: "named",
    type: "http_request",
    config: { connection: "echo_api", url: "/named" },
    error_handling: { on_failure: "log_and_continue" },
  },
  call("broken", { error_handling: { on_failure: "log_and_continue" } }, "/fail"),
  {
    id: "uses_answer",
    type: "http_request",
    config: { method: "POST", url: "http://echo.test/uses", body: "{{ token.output.body.session_token + '!' }}" },
  },
  {
    id: "bends",
    type: "code",
    config: {
      source: `context.log("parameter " + context.parameters.token);
        const all = [context.parameters.token, context.components.token.output.body.session_token];
        return all.map((t) => ({ up: t.toUpperCase(), low: t.toLowerCase(), url: encodeURIComponent(t), [t]: 1 }));`,
    },
  },
  {
    id: "throws",
    type: "code",
    config: {
      source:
        "throw new Error('no entry with ' + context.parameters.login.password + ' and ' + context.parameters.token)",
    },
    error_handling: { on_failure: "log_and_continue" },
  },
  { id: "says", type: "log", config: { message: "with {{ secrets.IN_LOG }} and {{ parameters.token }}" } },
  {
    id: "shapes",
    type: "transform",
    config: {
      records: [{ t: "{{ parameters.token }}", s: "{{ secrets.IN_BODY }}", long: "{{ secrets.IN_BODY + 'x' }}" }],
      transformation_rules: { map_fields: { t: "renamed" }, computed_fields: { twice: "record.renamed + record.s" } },
    },
  },
  {
    id: "each",
    type: "loop",
    config: {
      items: "{{ parameters.tokens }}",
      components: [
        call("round", { config: { body: { item: "{{ item }}", all: "{{ parameters.tokens }}" } } }),
        { id: "note", type: "log", config: { message: "item {{ item }}" } },
      ],
    },
  },
  {
    id: "below",
    type: "workflow_call",
    config: { workflow_id: "planted_inner", parameters: { key: "{{ secrets.IN_BODY }}" } },
  },
  {
    id: "bad_expression",
    type: "log",
    config: { message: "{{ int(secrets.IN_LOG) }}" },
    error_handling: { on_failure: "log_and_continue" },
  },
  {
    id: "rejects",
    type: "validate",
    config: {
      records: [{ pin: "{{ parameters.token }}" }],
      schema: { type: "object", properties: { pin: { type: "string", maxLength: 3, const: "abc" } } },
    },
  },
] as readonly unknown[] as readonly Component[];

const inner: Workflow = {
  id: "planted_inner",
  parameters: { key: { type: "string" } },
  components: [
    { id: "use", type: "http_request", config: { method: "POST", url: "http://echo.test/inner", body: "{{ key }}" } },
  ],
  outputs: { got: "{{ use.output }}", key: "{{ key }}" },
};

const outputs = {
  all: "{{ components }}",
  secret: "{{ secrets.IN_BODY }}",
  joined: "{{ secrets.IN_BODY + parameters.token }}",
  encoded: "{{ base64(secrets.IN_HEADER) }}",
  token: "{{ token.output }}",
};

const succeeds: Workflow = { id: "planted_well", parameters, components: steps, outputs };
const fails: Workflow = {
  id: "planted_badly",
  parameters,
  components: [call("made"), call("charged"), call("breaks", {}, "/fail/for/good")],
  compensation: {
    made: {
      component: "http_request",
      config: { method: "DELETE", url: "http://echo.test/undo", headers: { "x-undo": "{{ secrets.UNDO }}" } },
    },
    charged: {
      component: "http_request",
      config: { method: "DELETE", url: "http://echo.test/fail/undo", body: "{{ parameters.token }}" },
    },
  },
  outputs,
};

async function run(
  definition: Workflow,
  environment?: string,
): Promise<{ readonly id: string; readonly status: string }> {
  const text = JSON.stringify(definition);
  if (!(await client.workflows.list()).some((row) => row.id === definition.id))
    await client.workflows.create({ text, format: "json" });
  const { id } = await client.executions.start({
    workflowId: definition.id,
    input: { note: "plain" },
    parameters: given,
    debug: false,
    ...(environment === undefined ? {} : { environment }),
  });
  return { id, status: await watch(id) };
}

/** Follows an execution and keeps what was shown of it. */
async function watch(id: string): Promise<string> {
  const { status, shown } = await watched(client, id, [
    "parameters",
    "components",
    "secrets.IN_BODY",
    "base64(secrets.IN_BODY)",
    "parameters.login",
  ]);
  screens.push(...shown);
  return status;
}

function everywhere(): { [place: string]: Buffer | string } {
  const { folder } = served.host.store;
  return {
    ...workspaceIn(folder),
    screens: screens.join("\n"),
    reported: [...served.reported.map(String), ...told].join("\n"),
  };
}

it("the server hears every one of them", async () => {
  await client.workflows.create({ text: JSON.stringify(inner), format: "json" });
  const { status } = await run(succeeds);
  expect(status).toBe("completed_with_warnings");
  const heard = echo.heard.join("\n");
  const silent = new Set(["IN_LOG", "UNDO", "BASIC", "answer"]);
  for (const [name, text] of Object.entries(planted)) {
    if (silent.has(name)) continue;
    expect([name, heard.includes(/\w+-K$/.exec(text)?.[0] ?? text)]).toEqual([name, true]);
  }
});

it("nothing of them is found after success, retry, caching, loops and calls", () => {
  expect(findings(planted, everywhere())).toEqual([]);
});

it("nor after a failure that is undone", async () => {
  const { status } = await run(fails);
  expect(status).toBe("failed");
  expect(findings(planted, everywhere())).toEqual([]);
});

it("nor in lists, drafts, another run and what a backup holds", async () => {
  const { id } = (await client.executions.list({})).rows[0] ?? { id: "" };
  screens.push(JSON.stringify(await client.executions.list({})));
  screens.push(JSON.stringify(await client.executions.lastInput({ workflowId: "planted_well" })));
  screens.push(JSON.stringify(await client.secrets.list()), JSON.stringify(await client.connections.list()));
  screens.push(JSON.stringify(await client.caches.list({})), JSON.stringify(await client.breakers.list({})));
  screens.push(JSON.stringify(await client.workflows.list()), JSON.stringify(await client.host.settings()));
  await client.executions.again({ id }).catch((error: unknown) => screens.push(String(error), JSON.stringify(error)));
  const backup = join(served.folder, "backup.db");
  await served.host.store.reader.backup(backup);
  expect(findings(planted, { ...everywhere(), backup: readFileSync(backup), ...cellsIn(backup) })).toEqual([]);
});

it("nor in what the command line prints, nor in a bundle", async () => {
  const workspace = ["--workspace", served.host.store.folder];
  const printed: { [place: string]: string | Buffer } = {};
  const rows = (await client.executions.list({})).rows;
  const commands = [
    ...rows.slice(0, 3).flatMap(({ id }) => [
      ["executions", "show", id, "--json"],
      ["executions", "journal", id, "--json"],
      ["executions", "journal", id],
    ]),
    ["executions", "list", "--json"],
    ["secrets", "list", "--json"],
    ["connections", "list", "--json"],
    ["export", "planted_well"],
  ];
  for (const command of commands) {
    const { stdout, stderr } = await apg([...command, ...workspace]);
    printed[`apg ${command.join(" ")}`] = stdout + stderr;
  }
  const bundle = join(served.folder, "carried.apgb");
  const exported = await apg(["bundle", "export", "planted_well", "-o", bundle, ...workspace]);
  expect(exported.code).toBe(0);
  printed["bundle"] = readFileSync(bundle);
  expect(findings(planted, printed)).toEqual([]);
});

it("nor while a host is killed in the middle, and after the next one went on", async () => {
  const { folder } = served.host.store;
  const slow: Workflow = {
    id: "planted_slow",
    parameters,
    components: Array.from({ length: 30 }, (_, n) => call(`slow_${n}`)),
    outputs: { ...outputs, token: null },
  };
  const message: Told = {
    folder,
    workflow: slow,
    parameters: { token: planted.parameter, login: given["login"], tokens: given["tokens"] } as never,
    hosts: { "echo.test": echo.url },
    others: [],
  };
  const child = spawn(process.execPath, [hostProgram, JSON.stringify(message)], { stdio: ["ignore", "pipe", "pipe"] });
  child.stderr.on("data", (chunk: Buffer) => told.push(chunk.toString()));
  const before = echo.heard.length;
  child.stdout.on("data", (chunk: Buffer) => told.push(chunk.toString()));
  await expect.poll(() => echo.heard.length - before, { timeout: 20_000, interval: 20 }).toBeGreaterThan(5);
  child.kill("SIGKILL");
  await new Promise((done) => child.on("close", done));
  expect(findings(planted, everywhere())).toEqual([]);
  const [id] = await served.host.engine.resumeUnfinished();
  expect(await watch(id ?? "")).toBe("completed");
  expect(findings(planted, everywhere())).toEqual([]);
});
