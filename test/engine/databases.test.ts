import { spawn } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "@shared/base/json";
import type { Workflow } from "@shared/workflow/workflow";
import hostProgram from "./host-program?modulePath";
import type { Told } from "./host-program";
import { DATABASES, openTestDatabase } from "../worker/databases";
import { bench, freshFolder, workflow } from "./running";

const ROWS = 40_000;
const MAKE: { readonly [kind: string]: string } = {
  sqlite: "create table people (id integer primary key, name text)",
  postgresql: "create sequence made; create table people (id int default nextval('made'), name text)",
  mysql: "create table people (id int auto_increment primary key, name varchar(400))",
};

const importing = workflow([
  { id: "read", type: "file", config: { path: "people.csv" } },
  {
    id: "store",
    type: "database_insert",
    config: { connection: "crm", table: "people", values: "{{ read.output }}", batch_size: 100, timeout: 120 },
  },
  { id: "count", type: "database", config: { connection: "crm", query: "select count(*) as n from people" } },
] as Workflow["components"]);

describe.each(DATABASES)("a batch insert into $kind", ({ kind, installed }) => {
  it.skipIf(!installed)(
    "is all there or not at all when the host is killed, and done when another takes over",
    async () => {
      const db = await openTestDatabase(kind);
      for (const statement of MAKE[kind]!.split("; ")) await db.sql(statement);
      const count = async (): Promise<unknown> =>
        ((await db.sql("select count(*) as n from people"))["rows"] as JsonObject[])[0]!["n"];
      const folder = freshFolder();
      const file = join(db.folder, "shop.sqlite");
      const first = bench({ folder });
      const settings = kind === "sqlite" ? { file } : db.connection.settings;
      first.store.connections.set({ name: "crm", kind, settings: { "*": settings }, serves: [] });
      const lines = Array.from({ length: ROWS }, (_, i) => `Person ${i} ${"x".repeat(200)}`);
      writeFileSync(join(first.store.files, "people.csv"), `name\n${lines.join("\n")}\n`);
      await first.close();

      const told: Told = { folder, workflow: importing, parameters: {}, hosts: {}, others: [], allowed: [db.folder] };
      const child = spawn(process.execPath, [hostProgram, JSON.stringify(told)], {
        stdio: ["ignore", "ignore", "inherit"],
      });
      const gone = new Promise((resolve) => child.once("exit", resolve));
      const midway = async (): Promise<boolean> => {
        if (kind === "sqlite") return existsSync(`${file}-journal`);
        const sql =
          kind === "postgresql"
            ? "select last_value > 5000 as midway from made"
            : "select auto_increment > 5000 as midway from information_schema.tables where table_name = 'people'";
        return Boolean(((await db.sql(sql))["rows"] as JsonObject[])[0]!["midway"]);
      };
      while (!(await midway())) await new Promise((resolve) => setImmediate(resolve));
      child.kill("SIGKILL");
      await gone;
      expect(await count()).toBe(0);

      const second = bench({ folder });
      const [id] = await second.engine.resumeUnfinished();
      const ended = await second.engine.settled(id!);
      expect(await second.engine.read(id!, ended.output)).toMatchObject({ rows: [{ n: ROWS }] });
      expect(ended.status).toBe("completed");
    },
    120_000,
  );
});

describe.each(DATABASES.filter(({ kind }) => kind !== "sqlite"))("executions on $kind", ({ kind, installed }) => {
  it.skipIf(!installed)(
    "at the same time share connections, and one that takes too long is stopped by its timeout",
    async () => {
      const db = await openTestDatabase(kind);
      await db.sql("create table visits (id int primary key, n int)");
      const { run, store } = bench({ concurrency: 50 });
      const settings = { ...db.connection.settings, max_connections: 3 };
      store.connections.set({ name: "crm", kind, settings: { "*": settings }, serves: [] });
      const visiting = workflow([
        {
          id: "store",
          type: "database_insert",
          config: { connection: "crm", table: "visits", values: { id: "{{ input_data }}", n: 1 } },
        },
        {
          id: "add",
          type: "database_update",
          config: { connection: "crm", table: "visits", values: { n: 2 }, where: { id: "{{ input_data }}" } },
        },
        {
          id: "read",
          type: "database",
          config: { connection: "crm", query: "select n from visits where id = ?", parameters: ["{{ input_data }}"] },
        },
      ] as Workflow["components"]);
      const ended = await Promise.all(Array.from({ length: 50 }, (_, input) => run(visiting, { input })));
      for (const { status, json } of ended)
        expect({ status, json }).toEqual({ status: "completed", json: { rows: [{ n: 2 }], row_count: 1 } });

      const query = kind === "postgresql" ? "select pg_sleep(60)" : "select sleep(60)";
      const slow = await run(
        workflow([
          { id: "slow", type: "database", config: { connection: "crm", query, timeout: 0.3 } },
        ] as Workflow["components"]),
      );
      expect(slow).toMatchObject({ status: "failed", error: { type: "timeout" } });
    },
  );
});

describe("an execution", () => {
  it("says that a loop over a dataset is no way to go through many records", async () => {
    const { run, store } = bench();
    writeFileSync(join(store.files, "many.csv"), `n\n${Array.from({ length: 10_001 }, (_, i) => i).join("\n")}\n`);
    const ended = await run(
      workflow([
        { id: "read", type: "file", config: { path: "many.csv" } },
        {
          id: "each",
          type: "loop",
          config: { items: "{{ read.output }}", components: [{ id: "one", type: "log", config: { message: "x" } }] },
        },
      ] as Workflow["components"]),
    );
    expect(ended.error).toMatchObject({ type: "validation_error", message: expect.stringContaining("10,001 records") });
  });

  it("keeps many rows in a file until it is removed for good", async () => {
    const { run, store } = bench();
    store.connections.set({ name: "crm", kind: "sqlite", settings: { "*": { file: "crm.sqlite" } }, serves: [] });
    const many =
      "with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) select i, i % 3 as g from n";
    const ended = await run(
      workflow([
        { id: "many", type: "database", config: { connection: "crm", query: many } },
        {
          id: "total",
          type: "aggregate",
          config: { records: "{{ many.output.rows }}", group_by: "g", functions: { sum: ["i"] } },
        },
      ] as Workflow["components"]),
    );
    expect(ended).toMatchObject({ status: "completed" });
    expect(ended.json).toEqual(
      [
        { g: 0, sum_i: 66_663_333 },
        { g: 1, sum_i: 66_670_000 },
        { g: 2, sum_i: 66_676_667 },
      ].sort((a, b) => a.g - b.g),
    );
    const datasets = join(store.scratch, "datasets");
    expect(readdirSync(datasets)).toHaveLength(1);
    const { rows } = await store.reader.list({ from: 0, limit: 10 });
    store.executions.delete(rows.map((row) => row.id));
    await store.reader.purge(Number.MAX_SAFE_INTEGER);
    expect(readdirSync(datasets)).toEqual([]);
  });
});
