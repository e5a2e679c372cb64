import { beforeAll, describe, expect, it } from "vitest";
import type { Json, JsonObject } from "@shared/base/json";
import type { Outcome } from "@shared/execution/effect";
import { openDatabase } from "../../src-main/worker/databases/databases";
import { authority } from "../servers/certificate";
import { DATABASES, openTestDatabase, type TestDatabase } from "./databases";
import { perform, toolsOf } from "./task";

const SLEEP: { readonly [kind: string]: string } = { postgresql: "select pg_sleep(60)", mysql: "select sleep(60)" };
/** How many statements like {@link SLEEP} the server carries out. */
const SLEEPERS: { readonly [kind: string]: string } = {
  postgresql:
    "select count(*) as n from pg_stat_activity where state = 'active' and query like '%pg_sleep(60)%' and pid <> pg_backend_pid()",
  mysql:
    "select count(*) as n from information_schema.processlist where info like '%sleep(60)%' and id <> connection_id()",
};

describe.each(DATABASES.filter(({ kind }) => kind !== "sqlite"))("a $kind server", ({ kind, installed }) => {
  describe.skipIf(!installed)("where it is installed", () => {
    let db: TestDatabase;
    beforeAll(async () => void (db = await openTestDatabase(kind)));

    const query = (
      sql: string,
      parameters: Json = [],
      settings: JsonObject = {},
      signal?: AbortSignal,
    ): Promise<Outcome> => {
      const connection = { ...db.connection, settings: { ...db.connection.settings, ...settings } };
      const task = db.task("database", { query: sql, parameters }, null, { services: { connection } });
      return Promise.resolve(perform(task, toolsOf([], signal)));
    };
    const count = async (sql: string) => ((await db.sql(sql))["rows"] as JsonObject[])[0]!["n"];
    const until = async (n: number, sql: string) => {
      while ((await count(sql)) !== n) await new Promise((resolve) => setImmediate(resolve));
    };

    it("that was restarted is found again by the pool", async () => {
      await db.sql("create table kept (id int primary key)");
      await db.sql("insert into kept values (1)");
      await db.server!.restart();
      expect((await db.sql("select id from kept"))["rows"]).toEqual([{ id: 1 }]);
    });

    it("that is down is a connection error, and nothing is left open", async () => {
      await db.server!.down();
      expect(await query("select 1")).toMatchObject({ error: { type: "connection_error" } });
      await db.server!.restart();
      expect(await query("select 1 as one")).toMatchObject({ output: { rows: [{ one: 1 }] } });
    });

    it("that goes away in the middle of a statement is a connection error", async () => {
      const running = query(SLEEP[kind]!);
      await until(1, SLEEPERS[kind]!);
      await db.server!.restart();
      expect(await running).toMatchObject({ error: { type: "connection_error" } });
      expect(await query("select 1 as one")).toMatchObject({ output: { row_count: 1 } });
    });

    it("stops a statement that is aborted", async () => {
      const controller = new AbortController();
      const running = query(SLEEP[kind]!, [], {}, controller.signal);
      await until(1, SLEEPERS[kind]!);
      controller.abort();
      expect(await running).toMatchObject({ error: { type: "cancelled" } });
      await until(0, SLEEPERS[kind]!);
    });

    it("gets no more links than the connection allows", async () => {
      const settings = { max_connections: 2 };
      const sql =
        kind === "postgresql"
          ? "select (select count(*) from pg_stat_activity where application_name = 'apg') as n, pg_sleep(0.01)"
          : "select (select count(*) from information_schema.processlist) as n, sleep(0.01)";
      const before = Number(await count(sql));
      const outcomes = await Promise.all(Array.from({ length: 12 }, () => query(sql, [], settings)));
      const most = outcomes.map((outcome) => {
        if (outcome.kind === "failed") throw new Error(outcome.error.message);
        return Number(((outcome.output as JsonObject)["rows"] as JsonObject[])[0]!["n"]);
      });
      expect(Math.max(...most)).toBeLessThanOrEqual(before + 2);
    });

    it("waits its turn when aborted, without a link", async () => {
      const settings = { max_connections: 1 };
      const first = new AbortController();
      const second = new AbortController();
      const holding = query(SLEEP[kind]!, [], settings, first.signal);
      await until(1, SLEEPERS[kind]!);
      const waiting = query("select 1", [], settings, second.signal);
      second.abort();
      expect(await waiting).toMatchObject({ error: { type: "cancelled" } });
      first.abort();
      await holding;
      expect(await query("select 1 as one", [], settings)).toMatchObject({ output: { row_count: 1 } });
    });

    it("speaks in secret when told to, and is who it says when told to look", async () => {
      const secret =
        kind === "postgresql"
          ? "select ssl as yes from pg_stat_ssl where pid = pg_backend_pid()"
          : "select variable_value <> '' as yes from information_schema.session_status where variable_name = 'Ssl_cipher'";
      const isSecret = async (settings: JsonObject): Promise<unknown> => {
        const outcome = await query(secret, [], settings);
        if (outcome.kind === "failed") return outcome.error.type;
        return Boolean(((outcome.output as JsonObject)["rows"] as JsonObject[])[0]!["yes"]);
      };
      expect(await isSecret({ ssl: "disable" })).toBe(false);
      expect(await isSecret({ ssl: "require" })).toBe(true);
      const named = { host: "localhost", ssl: "verify" };
      expect(await isSecret(named)).toBe("connection_error");
      expect(await isSecret({ ...named, ca: authority })).toBe(true);
      expect(await isSecret({ ...named, ca: authority, server_name: "elsewhere.example.com" })).toBe(
        "connection_error",
      );
      expect(await isSecret({ ssl: "verify", ca: authority, server_name: "db.apg.test" })).toBe(true);
      // 127.0.0.1 is in the certificate; the MySQL library cannot look for addresses, and then nothing is sent.
      expect(await isSecret({ ssl: "verify", ca: authority })).toBe(kind === "mysql" ? "validation_error" : true);
    });

    it("that finds two in each other's way tells one to try again", async () => {
      await db.sql("create table pairs (id int primary key, n int)");
      await db.sql("insert into pairs values (1, 0), (2, 0)");
      const { pool } = await openDatabase(db.connection, db.task("database", {}).place);
      const signal = new AbortController().signal;
      let met = 0;
      let go = (): void => undefined;
      const both = new Promise<void>((resolve) => (go = resolve));
      const update = (id: number) => ({ sql: `update pairs set n = n + 1 where id = ${id}`, bound: [] });
      const one = (mine: number, other: number) =>
        pool.use(signal, async (link) => {
          await link.begin();
          await link.run(update(mine));
          met += 1;
          if (met === 2) go();
          await both;
          try {
            await link.run(update(other));
            await link.commit();
            return "done";
          } catch (thrown) {
            await link.rollback();
            try {
              return pool.dialect.refuse(thrown, "pairs");
            } catch (refused) {
              return (refused as { problem: { type: string } }).problem.type;
            }
          }
        });
      expect((await Promise.all([one(1, 2), one(2, 1)])).sort()).toEqual(["done", "server_error"]);
    });

    it("that was never entered got nothing, which is said", async () => {
      const closed = await query("select 1", [], { port: 1 });
      expect(closed).toMatchObject({ error: { type: "connection_error", unsent: true } });
      const stranger = await query("select 1", [], { password: "wrong" });
      expect(stranger).toMatchObject({ error: { type: "authentication_error", unsent: true } });
      const entered = await query("select * from nothing_of_the_kind");
      expect(entered).toMatchObject({ kind: "failed", error: { type: "not_found" } });
      expect(entered).not.toHaveProperty("error.unsent");
    });

    it("that lets a user do little says so", async () => {
      const host = kind === "mysql" ? "@'%'" : "";
      await db.sql("create table secret (a int)");
      await db.sql(kind === "mysql" ? "create user guest@'%' identified by 'pw'" : "create user guest password 'pw'");
      if (kind === "mysql") await db.sql(`grant select on apg.kept to guest${host}`);
      const guest = { user: "guest", password: "pw" };
      expect(await query("select * from secret", [], guest)).toMatchObject({ error: { type: "authorization_error" } });
    });
  });
});
