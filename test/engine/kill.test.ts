import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { replay } from "@shared/execution/replay";
import type { Workflow } from "@shared/workflow/workflow";
import { startSampleApi, type SampleApi } from "../../src-main/sample-api/server";
import hostProgram from "./host-program?modulePath";
import type { Told } from "./host-program";
import { bench, freshFolder, workflow } from "./running";

const SECRET = "s3cret-token-0451";
let api: SampleApi;

beforeAll(async () => {
  api = await startSampleApi();
});
afterAll(() => api.close());

const call = (name: string): Workflow["components"][number] => ({
  id: name,
  type: "http_request",
  config: {
    method: "POST",
    url: `http://sample.apg.test/slow/${name}?ms=15`,
    headers: { authorization: "Bearer {{ token }}" },
    body: { from: "{{ execution.id }}" },
  },
});

const inner = workflow([call("inner_one"), call("inner_two")], {
  id: "inner",
  parameters: { token: { type: "string", sensitive: true } },
});

const outer = workflow(
  [
    ...Array.from({ length: 8 }, (_, n) => call(`step_${n}`)),
    {
      id: "shape",
      type: "transform",
      config: { records: [{ n: 1 }], transformation_rules: { computed_fields: { m: "record.n + 1" } } },
    },
    { id: "again", type: "transform", config: { transformation_rules: { computed_fields: { m: "record.m + 1" } } } },
    {
      id: "each",
      type: "loop",
      config: {
        items: [1, 2, 3],
        components: [
          {
            ...call("round"),
            config: { ...call("round").config, url: "http://sample.apg.test/slow/round_{{ index }}?ms=15" },
          },
        ],
      },
    },
    { id: "below", type: "workflow_call", config: { workflow_id: "inner", parameters: { token: "{{ token }}" } } },
    {
      id: "both",
      type: "parallel",
      config: {
        branches: [
          { id: "left", components: [call("left_one")] },
          { id: "right", components: [call("right_one"), call("right_two")] },
        ],
      },
    },
    ...Array.from({ length: 3 }, (_, n) => call(`last_${n}`)),
  ] as Workflow["components"],
  { parameters: { token: { type: "string", sensitive: true } } },
);

const expected = [
  ...Array.from({ length: 8 }, (_, n) => `step_${n}`),
  "round_0",
  "round_1",
  "round_2",
  "inner_one",
  "inner_two",
  "left_one",
  "right_one",
  "right_two",
  "last_0",
  "last_1",
  "last_2",
];

interface Run {
  readonly lines: readonly string[];
}

/** Runs a host process; kills it `killAfter` ms after it has begun. */
function host(told: Told, killAfter?: number): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [hostProgram, JSON.stringify(told)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (data: Buffer) => {
      text += data.toString();
      if (killAfter !== undefined && text.includes("started")) setTimeout(() => child.kill("SIGKILL"), killAfter);
    });
    child.on("error", reject);
    child.on("exit", () => resolve({ lines: text.trim().split("\n") }));
  });
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );
}

describe("a host that is killed", () => {
  it("leaves nothing undone and nothing done twice but what was in flight", async () => {
    api.reset();
    const folder = freshFolder();
    const told: Told = {
      folder,
      workflow: outer,
      parameters: { token: SECRET },
      hosts: { "sample.apg.test": api.url },
      others: [inner],
    };
    let killed = 0;
    let last: Run = { lines: [] };
    for (const after of [60, 130, 25, 170, 90]) {
      last = await host(told, after);
      if (last.lines.some((line) => line.startsWith("settled"))) break;
      killed += 1;
      for (const file of filesOf(folder))
        expect(readFileSync(file).includes(SECRET), `${file} after a kill`).toBe(false);
    }
    if (!last.lines.some((line) => line.startsWith("settled"))) last = await host(told);
    expect(last.lines.at(-1)).toBe("settled completed");
    expect(killed).toBeGreaterThanOrEqual(3);

    const { routes } = api.counts();
    for (const name of expected) expect(routes[`POST /slow/${name}`]?.distinct, name).toBe(1);
    const raw = expected.reduce((sum, name) => sum + (routes[`POST /slow/${name}`]?.raw ?? 0), 0);
    // Two branches may have been in flight at one kill.
    expect(raw - expected.length).toBeLessThanOrEqual(killed * 2);

    const { store } = bench({ folder });
    const { rows } = await store.reader.list({ from: 0, limit: 10 });
    expect(rows.map((row) => row.status)).toEqual(["completed", "completed"]);
    for (const row of rows) {
      const entries = await store.reader.journal(row.id, 1, 10_000);
      const completed = entries.flatMap(({ event }) => (event.kind === "attempt-completed" ? [event.path] : []));
      expect(new Set(completed).size, "each completed once").toBe(completed.length);
      const replayed = replay(entries);
      expect(replayed.ok && replayed.value.state.status).toBe("completed");
      expect(replayed.ok && replayed.value.pending).toEqual([]);
    }
    for (const file of filesOf(folder)) expect(readFileSync(file).includes(SECRET), file).toBe(false);
  });

  it("that debugged comes back held", async () => {
    const folder = freshFolder();
    const told: Told = {
      folder,
      workflow: outer,
      parameters: { token: SECRET },
      hosts: { "sample.apg.test": api.url },
      others: [inner],
      debug: true,
    };
    await host(told, 80);
    const { engine, store } = bench({ folder, definitions: [inner] });
    const [id] = await engine.resumeUnfinished();
    if (id === undefined) throw new Error("nothing to resume");
    for await (const item of engine.follow(id)) {
      if (item.kind === "gate" && item.gate.holds.length > 0) {
        expect(item.gate.mode).toBe("paused");
        expect(item.gate.holds[0]?.reason).toBe("recovered");
        break;
      }
    }
    expect((await store.reader.row(id))?.status).toBe("paused");
    engine.continue(id);
    expect((await engine.settled(id)).status).toBe("completed");
  });

  it("is left alone by others while it lives", async () => {
    api.reset();
    const folder = freshFolder();
    const told: Told = {
      folder,
      workflow: outer,
      parameters: { token: SECRET },
      hosts: { "sample.apg.test": api.url },
      others: [inner],
    };
    const [one, two] = await Promise.all([
      host(told),
      new Promise((resolve) => setTimeout(resolve, 150)).then(() => host(told)),
    ]);
    const settled = [one, two].flatMap((run) => run.lines.filter((line) => line.startsWith("settled")));
    expect(settled.length).toBeGreaterThanOrEqual(1);
    const { routes } = api.counts();
    const runs = settled.length;
    for (const name of expected) expect(routes[`POST /slow/${name}`], name).toEqual({ raw: runs, distinct: runs });
  });
});
