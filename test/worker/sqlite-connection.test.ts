import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openTestDatabase } from "./databases";
import { folder, perform } from "./task";

describe("a SQLite connection", () => {
  it("is for one file in an allowed folder", async () => {
    const db = await openTestDatabase("sqlite");
    const elsewhere = folder();
    for (const file of ["../x.sqlite", join(elsewhere, "x.sqlite")]) {
      const connection = { name: "shop", kind: "sqlite" as const, settings: { file } };
      const outcome = await perform(db.task("database", { query: "select 1" }, null, { services: { connection } }));
      expect(outcome).toMatchObject({ error: { type: "authorization_error" } });
    }
    for (const query of [
      `attach database '${elsewhere}/a.sqlite' as other`,
      `/* x */ ; ATTACH '${elsewhere}/a.sqlite' as other`,
      `\ufeffattach '${elsewhere}/a.sqlite' as other`,
      `vacuum into '${elsewhere}/a.sqlite'`,
      `-- x\nvacuum main/**/into '${elsewhere}/a.sqlite'`,
      "detach database main",
    ])
      expect(await perform(db.task("database", { query }))).toMatchObject({ kind: "failed" });
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it("refuses changes when it is read_only, and makes no file", async () => {
    const db = await openTestDatabase("sqlite");
    await db.sql("create table t (a)");
    const connection = { ...db.connection, settings: { ...db.connection.settings, read_only: true } };
    const task = (query: string) => db.task("database", { query }, null, { services: { connection } });
    expect(await perform(task("insert into t values (1)"))).toMatchObject({ error: { type: "authorization_error" } });
    expect(await perform(task("select count(*) as n from t"))).toMatchObject({ output: { rows: [{ n: 0 }] } });
    const missing = { name: "no", kind: "sqlite" as const, settings: { file: "no.sqlite", read_only: true } };
    expect(
      await perform(
        db.task("database", { query: "select 1", connection: "no" }, null, { services: { connection: missing } }),
      ),
    ).toMatchObject({
      error: { type: "not_found" },
    });
    expect(existsSync(join(db.folder, "no.sqlite"))).toBe(false);
  });
});
