import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Workflow } from "@shared/workflow/workflow";
import { json, TestServer } from "../worker/http-server";
import { bench } from "./running";

test("a workflow_call with wait: false goes on with the id of the called execution", async () => {
  const called: Workflow = { id: "called", components: [{ id: "say", type: "end", config: { output: 7 } }] };
  const caller: Workflow = {
    id: "caller",
    components: [{ id: "call", type: "workflow_call", config: { workflow_id: "called", wait: false } }],
  };
  const { run, engine } = bench({ definitions: [called] });
  const ended = await run(caller);
  expect(ended.json).toEqual({ execution_id: expect.any(String) });
  const child = (ended.json as { execution_id: string }).execution_id;
  expect(await engine.settled(child)).toMatchObject({ status: "completed" });
});

test("records go from file to file through a process of their own, as a dataset in between", async () => {
  const { run, store } = bench();
  const rows = Array.from({ length: 12_000 }, (_, i) => JSON.stringify({ id: i, group: i % 2 === 0 ? "even" : "odd" }));
  writeFileSync(join(store.files, "in.jsonl"), rows.join("\n"));
  const ended = await run({
    id: "pipeline",
    components: [
      { id: "read", type: "file", config: { operation: "read", path: "in.jsonl" } },
      { id: "triple", type: "map", config: { computed_fields: { triple: "record.id * 3" } } },
      { id: "even", type: "filter", config: { conditions: { group: "even" } } },
      { id: "sum", type: "aggregate", config: { group_by: "group", functions: { sum: ["triple"], count: ["*"] } } },
      { id: "store", type: "file", config: { operation: "write", path: "out.csv" } },
    ],
    outputs: { sum: "{{ sum.output[0] }}", read: "{{ read.output.rows }}" },
  });
  expect(ended).toMatchObject({ status: "completed" });
  expect(ended.json).toEqual({ sum: { group: "even", sum_triple: 107_982_000, count: 6000 }, read: 12_000 });
  expect(readFileSync(join(store.files, "out.csv"), "utf8")).toBe("group,sum_triple,count\neven,107982000,6000\n");
});

test("what sensitive_fields name in an answer is readable in no event", async () => {
  const server = await TestServer.start((_, response) => json(response, { user: "ann", access_token: "tok-8f2c91" }));
  const { start, engine, journal } = bench();
  const id = start({
    id: "signs_in",
    components: [
      { id: "sign_in", type: "http_request", config: { url: server.url, sensitive_fields: ["access_token"] } },
      {
        id: "use",
        type: "http_request",
        config: { url: server.url, headers: { "X-Token": "{{ sign_in.output.body.access_token }}" } },
      },
    ],
    outputs: { user: "{{ sign_in.output.body.user }}" },
  });
  expect(await engine.settled(id)).toMatchObject({ status: "completed" });
  expect(server.last.headers["x-token"]).toBe("tok-8f2c91");
  expect(JSON.stringify(await journal(id))).not.toContain("tok-8f2c91");
  await server.close();
});
