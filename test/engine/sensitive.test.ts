import { afterAll, beforeAll, expect, it } from "vitest";
import { startSampleApi, type SampleApi } from "../../src-main/sample-api/server";
import { everythingIn } from "./on-disk";
import { bench, workflow } from "./running";

const SECRET = "pa55+word/with=signs";
let api: SampleApi;

beforeAll(async () => {
  api = await startSampleApi();
});
afterAll(() => api.close());

const FORMS = [
  SECRET,
  encodeURIComponent(SECRET),
  Buffer.from(SECRET).toString("base64"),
  SECRET.toUpperCase(),
  Buffer.from(`user:${SECRET}`).toString("base64"),
];

it("a sensitive value is usable everywhere and readable nowhere", async () => {
  const { run, journal, folder, engine, close } = bench();
  const definition = workflow(
    [
      {
        id: "echo",
        type: "http_request",
        config: {
          method: "POST",
          url: "http://sample.apg.test/echo",
          headers: { "x-token": "{{ token }}", authorization: "Basic {{ base64('user:' + token) }}" },
          body: { token: "{{ token }}", plain: "fine" },
        },
      },
      {
        id: "bent",
        type: "code",
        config: {
          language: "javascript",
          source:
            "context.log('token is ' + input.body.token); return { upper: String(context.parameters.token).toUpperCase(), url: encodeURIComponent(context.parameters.token), n: 1, nested: [{ t: context.parameters.token }] };",
        },
      },
      { id: "says", type: "log", config: { message: "the token is {{ token }}" } },
      {
        id: "fails",
        type: "code",
        config: {
          language: "javascript",
          source: "throw new Error('cannot log in with ' + context.parameters.token);",
        },
        error_handling: { on_failure: "log_and_continue" },
      },
    ],
    {
      parameters: { token: { type: "string", sensitive: true } },
      outputs: {
        up: "{{ bent.output.upper }}",
        n: "{{ bent.output.n }}",
        joined: "{{ token + '!' }}",
        same: "{{ bent.output.nested[0].t == token }}",
      },
    },
  );
  const ended = await run(definition, { parameters: { token: SECRET }, hosts: { "sample.apg.test": api.url } });
  expect(ended.error).toBeUndefined();
  expect(ended.json).toMatchObject({ up: "[REDACTED]", n: 1, joined: "[REDACTED]" });
  const text = JSON.stringify(await journal(ended.id));
  for (const form of FORMS) expect(text.includes(form), `journal: ${form}`).toBe(false);
  expect(text).toContain("cannot log in with [REDACTED]");
  const evaluated = await engine.evaluate(ended.id, "token");
  expect(evaluated).toEqual({ ok: true, json: "[REDACTED]", redacted: true });
  const disk = everythingIn(folder);
  for (const form of FORMS) expect(disk.includes(form), `disk: ${form}`).toBe(false);
  await close();
  const after = everythingIn(folder);
  for (const form of FORMS) expect(after.includes(form), `disk, closed: ${form}`).toBe(false);
});

it("a called workflow gets the value and hides it too", async () => {
  const inner = workflow(
    [
      {
        id: "c",
        type: "code",
        config: {
          language: "javascript",
          source: "return { length: context.parameters.key.length, back: context.parameters.key };",
        },
      },
    ],
    { id: "inner", parameters: { key: { type: "string", sensitive: true } } },
  );
  const { run, folder } = bench({ definitions: [inner] });
  const definition = workflow(
    [{ id: "call", type: "workflow_call", config: { workflow_id: "inner", parameters: { key: "{{ token }}" } } }],
    {
      parameters: { token: { type: "string", sensitive: true } },
      outputs: { length: "{{ call.output.length }}", back: "{{ call.output.back }}" },
    },
  );
  const ended = await run(definition, { parameters: { token: SECRET } });
  expect(ended.error).toBeUndefined();
  expect(ended.json).toMatchObject({ length: SECRET.length, back: "[REDACTED]" });
  const disk = everythingIn(folder);
  for (const form of FORMS) expect(disk.includes(form), form).toBe(false);
});

it("a loop goes over a list made of sensitive values", async () => {
  const { run } = bench();
  const definition = workflow(
    [
      {
        id: "each",
        type: "loop",
        config: {
          items: "{{ [token, 'plain'] }}",
          components: [
            { id: "keep", type: "end", config: { output: { long: "{{ size(item) > 5 }}", item: "{{ item }}" } } },
          ],
        },
      },
    ],
    { parameters: { token: { type: "string", sensitive: true } } },
  );
  const ended = await run(definition, { parameters: { token: SECRET } });
  expect(ended.error).toBeUndefined();
  expect(ended.json).toMatchObject([{ item: "[REDACTED]" }, { long: false }]);
});

it("a field that a sensitive value does not have is missing", async () => {
  const { run } = bench();
  const definition = workflow(
    [
      { id: "reads", type: "end", config: { output: "{{ login.user }}" } },
      { id: "misses", type: "end", config: { output: "{{ login.usr }}" } },
    ],
    { parameters: { login: { type: "object", sensitive: true } } },
  );
  const ended = await run(definition, { parameters: { login: { user: "ada" } } });
  expect(ended.error).toMatchObject({ type: "expression_error", component: "misses" });
});

it("a called workflow hides what it is not told is sensitive", async () => {
  const inner = workflow([{ id: "shows", type: "end", config: { output: { text: "{{ text }}", n: "{{ n }}" } } }], {
    id: "inner",
    parameters: { text: { type: "string" }, n: { type: "integer" } },
  });
  const { run, folder } = bench({ definitions: [inner] });
  const definition = workflow(
    [
      {
        id: "call",
        type: "workflow_call",
        config: { workflow_id: "inner", parameters: { text: "key: {{ token }}", n: 7 } },
      },
    ],
    { parameters: { token: { type: "string", sensitive: true } } },
  );
  const ended = await run(definition, { parameters: { token: SECRET } });
  expect(ended.json).toEqual({ text: "[REDACTED]", n: 7 });
  const disk = everythingIn(folder);
  for (const form of FORMS) expect(disk.includes(form), form).toBe(false);
});
