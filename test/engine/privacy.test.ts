import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Json } from "@shared/base/json";
import type { Client } from "@shared/contract/contract";
import type { Component, Workflow } from "@shared/workflow/workflow";
import { apg } from "../cli/apg";
import { serve, type Served } from "../web/fixture";
import { findings, workspaceIn } from "./planted";
import { watched } from "./watched";

const EMAIL = "ada.lovelace.1815@example.org";
const SALARY = 987654.25;
const NAME = "Countess of Lovelace";

let served: Served;
let client: Client;
beforeAll(async () => {
  served = await serve();
  ({ client } = await served.connect());
});
afterAll(() => served.close());

const steps = [
  { id: "shape", type: "map", config: { records: "{{ input_data.people }}", computed_fields: { n: "1" } } },
  {
    id: "count",
    type: "code",
    config: {
      source: `context.log("first is " + input[0].email);
        return { length: input[0].email.length, sum: input.reduce((s, p) => s + p.salary, 0), email: input[0].email,
          note: "written to " + input[0].email, many: Array.from({ length: 2000 }, () => "a letter to " + input[0].email) };`,
    },
  },
  {
    id: "fails",
    type: "code",
    config: { input: "{{ shape.output }}", source: "throw new Error('no mailbox for ' + input.email)" },
    error_handling: { on_failure: "log_and_continue" },
  },
  { id: "says", type: "log", config: { message: "mail goes to {{ count.output.email }}" } },
] as readonly unknown[] as readonly Component[];

function workflow(id: string, rules: Json): Workflow {
  return {
    id,
    components: steps,
    outputs: {
      length: "{{ count.output.length }}",
      people: "{{ shape.output }}",
      email: "{{ count.output.email }}",
      note: "{{ count.output.note }}",
    },
    privacy: {
      data_classification: { pii_fields: ["Email"], sensitive_fields: ["salary"], public_fields: ["name"] },
      processing_rules: { pii_fields: rules },
    },
  };
}

/** Runs `definition` and gives all that a window saw. */
async function run(
  definition: Workflow,
): Promise<{ readonly id: string; readonly seen: string; readonly status: string }> {
  await client.workflows.create({ text: JSON.stringify(definition), format: "json" });
  const { id } = await client.executions.start({
    workflowId: definition.id,
    input: { people: [{ name: NAME, email: EMAIL, salary: SALARY, note: null }] },
    debug: false,
  });
  const { status, shown } = await watched(client, id, [
    "input_data",
    "input_data.people[0].email",
    "components",
    "shape.output[0]",
    "count.output.note",
    "count.output.many",
  ]);
  return { id, seen: shown.join("\n"), status };
}

describe("personal data", () => {
  it("is in a component's data and on no screen", async () => {
    const { id, seen, status } = await run(workflow("masked", {}));
    expect(status).toBe("completed_with_warnings");
    expect(seen).toContain("[REDACTED]");
    expect(seen).toContain(NAME);
    expect(findings({ EMAIL, SALARY: String(SALARY) }, { seen })).toEqual([]);
    // The component had it: its length came out.
    expect(seen).toContain(`\\"length\\": ${EMAIL.length}`);
    const printed: { [place: string]: string } = {};
    for (const args of [
      ["show", id, "--json"],
      ["journal", id, "--json"],
      ["journal", id],
    ]) {
      const { stdout, stderr } = await apg(["executions", ...args, "--workspace", served.host.store.folder]);
      printed[args.join(" ")] = stdout + stderr;
    }
    expect(findings({ EMAIL, SALARY: String(SALARY) }, printed)).toEqual([]);
  });

  it("is sealed wherever it is written when it is to be encrypted, and what is sensitive always is", async () => {
    await run(workflow("sealed", { encrypt_at_rest: true }));
    const rest = workspaceIn(served.host.store.folder);
    expect(findings({ SALARY: String(SALARY) }, rest)).toEqual([]);
    const { id } = (await client.executions.list({ workflowId: "sealed" })).rows[0] ?? { id: "" };
    const journal = JSON.stringify(await served.host.store.reader.journal(id, 1, 1000));
    expect(findings({ EMAIL }, { journal })).toEqual([]);
    const masked = (await client.executions.list({ workflowId: "masked" })).rows[0] ?? { id: "" };
    const plain = JSON.stringify(await served.host.store.reader.journal(masked.id, 1, 1000));
    expect(plain).toContain(EMAIL);
  });

  it("stays in log lines where the workflow says so", async () => {
    const lines = async (id: string): Promise<string> => {
      const row = (await client.executions.list({ workflowId: id })).rows[0] ?? { id: "" };
      const entries = await served.host.store.reader.journal(row.id, 1, 1000);
      return JSON.stringify(entries.filter(({ event }) => event.kind === "log-written"));
    };
    await run(workflow("logged", { mask_in_logs: false }));
    expect(await lines("masked")).not.toContain(EMAIL);
    expect(await lines("logged")).toContain(`first is ${EMAIL}`);
  });

  it("is removed with its execution once its days are over", async () => {
    const { id } = await run(workflow("short", { retention_days: 90 }));
    const { reader } = served.host.store;
    const day = 24 * 3_600_000;
    await reader.purge(0, undefined, Date.now() + 89 * day);
    expect(await reader.row(id)).toBeDefined();
    await reader.purge(0, undefined, Date.now() + 91 * day);
    expect(await reader.row(id)).toBeUndefined();
    expect((await client.executions.list({ workflowId: "masked" })).rows).toHaveLength(1);
  });
});
