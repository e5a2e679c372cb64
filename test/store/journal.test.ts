import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { Event } from "@shared/execution/event";
import type { Turn } from "../../src-main/store/journal";
import type { Store } from "../../src-main/store/store";
import { freshFolder, freshStore } from "./folder";

const place = { folder: "/f", allowed: [], hosts: {}, trusted: false };

function first(id: string, more: Partial<Turn> = {}): Turn {
  return {
    executionId: id,
    firstSeq: 1,
    lastSeq: 2,
    events: JSON.stringify([cancel(1), cancel(2)]),
    head: {
      workflowId: "w",
      workflowName: "W",
      workflowVersion: "1.0.0",
      startedAt: 5,
      debug: false,
      place,
      rootId: id,
      given: { input: 1, parameters: {}, env: {} },
    },
    values: [],
    secrets: [],
    ...more,
  };
}

function cancel(at: number): Event {
  return { kind: "cancel-requested", at, reason: "r" };
}

function next(id: string, firstSeq: number, lastSeq: number, more: Partial<Turn> = {}): Turn {
  const events = Array.from({ length: lastSeq - firstSeq + 1 }, (_, index) => cancel(firstSeq + index));
  return { executionId: id, firstSeq, lastSeq, events: JSON.stringify(events), values: [], secrets: [], ...more };
}

function write(store: Store, turn: Turn): void {
  store.journal.write([turn]);
}

describe("the journal", () => {
  it("gives back entries across turns from any place", async () => {
    const store = freshStore();
    write(store, first("a"));
    write(store, next("a", 3, 7));
    write(store, next("a", 8, 8));
    const entries = await store.reader.journal("a", 2, 6);
    expect(entries.map((entry) => entry.seq)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(entries.map((entry) => entry.event.at)).toEqual([2, 3, 4, 5, 6, 7]);
    expect((await store.reader.journal("a", 8, 100)).length).toBe(1);
  });

  it("writes a turn as a whole or not at all", async () => {
    const store = freshStore();
    write(store, first("a"));
    expect(() => write(store, next("a", 3, 3, { values: [{ id: "v", text: null as unknown as string }] }))).toThrow();
    expect((await store.reader.journal("a", 1, 10)).length).toBe(2);
    write(store, next("a", 3, 3));
    expect((await store.reader.journal("a", 1, 10)).length).toBe(3);
  });

  it("refuses the same place twice", () => {
    const store = freshStore();
    write(store, first("a"));
    write(store, next("a", 3, 3));
    expect(() => write(store, next("a", 3, 3))).toThrow(/UNIQUE/);
  });

  it("is durable after one shared sync", async () => {
    const store = freshStore();
    for (let n = 0; n < 20; n += 1) write(store, first(`e${n}`));
    await Promise.all(Array.from({ length: 20 }, () => store.journal.durable()));
    expect(store.executions.unfinished().length).toBe(20);
  });

  it("closes with its syncs ended, and begins none afterwards", async () => {
    const store = freshStore();
    write(store, first("a"));
    const running = store.journal.durable();
    const waiting = store.journal.durable();
    const both = Promise.allSettled([running, waiting]);
    await store.close();
    expect((await both).map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    await expect(store.journal.durable()).rejects.toThrow("the store is closed");
    // Opened once more, the log would stay behind: SQLite has taken it away.
    expect(readdirSync(store.folder).filter((name) => name.endsWith("-wal"))).toEqual([]);
  });

  it("keeps the list's facts with each turn", async () => {
    const store = freshStore();
    write(store, first("a"));
    write(store, first("b", { executionId: "b" }));
    write(
      store,
      next("a", 3, 4, {
        settlement: { status: "failed", at: 25, error: { type: "timeout", message: "It took too long." }, warnings: 2 },
      }),
    );
    const { rows, total } = await store.reader.list({ from: 0, limit: 10 });
    expect(total).toBe(2);
    expect(rows.map((row) => row.id)).toEqual(["b", "a"]);
    expect(rows[1]).toMatchObject({
      number: 1,
      status: "failed",
      durationMs: 20,
      warnings: 2,
      live: false,
      events: 4,
      error: { type: "timeout" },
    });
    expect(rows[0]).toMatchObject({ status: "running", live: true });
    expect((await store.reader.list({ from: 0, limit: 10, status: ["failed"] })).rows.length).toBe(1);
    expect((await store.reader.list({ from: 0, limit: 10, search: "took too" })).rows.length).toBe(1);
    expect((await store.reader.list({ from: 0, limit: 10, search: "100%" })).rows.length).toBe(0);
    expect(store.executions.head("a")?.settlement).toMatchObject({ status: "failed", at: 25 });
    expect(store.executions.delete(["a", "b"])).toBe(1);
    expect((await store.reader.list({ from: 0, limit: 10 })).rows.map((row) => row.id)).toEqual(["b"]);
    expect(store.executions.restore(["a"])).toBe(1);
    store.executions.delete(["a"]);
    expect(await store.reader.purge(Number.MAX_SAFE_INTEGER)).toEqual({ workflows: 0, executions: 1 });
    expect((await store.reader.journal("a", 1, 10)).length).toBe(0);
  });

  it("removes what settled long ago, called executions with the one that began it all", async () => {
    const store = freshStore();
    const settled = (id: string, at: number): Turn =>
      next(id, 3, 3, { settlement: { status: "completed", at, warnings: 0 } });
    const called = (id: string, rootId: string): Turn => {
      const turn = first(id);
      return { ...turn, ...(turn.head === undefined ? {} : { head: { ...turn.head, rootId } }) };
    };
    for (const turn of [first("old"), first("late"), first("open"), called("child", "late"), called("its", "old")])
      write(store, turn);
    for (const [id, at] of [
      ["old", 100],
      ["late", 900],
      ["child", 100],
      ["its", 90],
    ] as const)
      write(store, settled(id, at));
    expect(await store.reader.purge(0, 500)).toEqual({ workflows: 0, executions: 2 });
    const { rows } = await store.reader.list({ from: 0, limit: 10 });
    expect(rows.map((row) => row.id).sort()).toEqual(["child", "late", "open"]);
  });
});

describe("the vault", () => {
  it("gives back what was put in, and only to the row it belongs to", () => {
    const folder = freshFolder();
    const store = freshStore(folder);
    write(store, first("a", { secrets: [{ id: "p:token", text: '"s3cret-token-value"' }] }));
    expect(store.vault.open("a", "p:token")).toBe('"s3cret-token-value"');
    expect(store.vault.open("a", "p:other")).toBeUndefined();
    const db = new Database(join(folder, "workspace.db"));
    db.exec("INSERT INTO vault (execution, id, nonce, sealed) SELECT execution, 'p:moved', nonce, sealed FROM vault");
    db.close();
    expect(store.vault.open("a", "p:moved")).toBeUndefined();
  });

  it("leaves nothing readable in the workspace's files", () => {
    const folder = freshFolder();
    const store = freshStore(folder);
    write(store, first("a", { secrets: [{ id: "p:token", text: '"s3cret-token-value"' }] }));
    for (const name of readdirSync(folder)) {
      const file = join(folder, name);
      if (statSync(file).isFile()) expect(readFileSync(file).includes("s3cret-token-value"), name).toBe(false);
    }
    expect(statSync(join(folder, "vault.key")).mode & 0o777).toBe(0o600);
  });

  it("forgets a root's entries and its children's when the root settles", () => {
    const store = freshStore();
    write(store, first("a", { secrets: [{ id: "s", text: '"x"' }] }));
    const child = first("c", { secrets: [{ id: "s", text: '"y"' }] });
    write(store, {
      ...child,
      head: { ...child.head!, rootId: "a", parent: { executionId: "a", path: "call" } },
    });
    write(store, next("c", 3, 3, { settlement: { status: "completed", at: 9, warnings: 0 } }));
    expect(store.vault.open("c", "s")).toBe('"y"');
    write(store, next("a", 3, 3, { settlement: { status: "completed", at: 9, warnings: 0 } }));
    expect(store.vault.open("a", "s")).toBeUndefined();
    expect(store.vault.open("c", "s")).toBeUndefined();
  });
});

describe("values", () => {
  it("turn pages of a list without reading the rest into the answer", async () => {
    const store = freshStore();
    const list = Array.from({ length: 100_000 }, (_, n) => ({ n, text: `line ${n}` }));
    write(store, first("a", { values: [{ id: "v", text: JSON.stringify(list) }] }));
    const value = { kind: "stored", id: "v", bytes: 1, summary: "", preview: null } as const;
    const page = await store.reader.page("a", value, [], 99_950, 100);
    expect(page).toMatchObject({ kind: "list", total: 100_000, from: 99_950 });
    expect(page?.items.length).toBe(50);
    expect(page?.items[0]).toMatchObject({ key: 99_950, summary: "2 fields", cut: false });
    const field = await store.reader.page("a", { kind: "part", of: value, at: 7 }, ["text"], 0, 100);
    expect(field).toMatchObject({ kind: "scalar", items: [{ json: "line 7" }] });
    expect(await store.reader.page("a", value, [100_000], 0, 1)).toBeUndefined();
  });

  it("show sensitive parts as [REDACTED] wherever they are", async () => {
    const store = freshStore();
    write(store, first("a"));
    const value = {
      kind: "object",
      fields: {
        user: { kind: "inline", json: "ada" },
        tokens: { kind: "list", items: [{ kind: "sensitive", id: "s" }] },
      },
    } as const;
    expect(await store.reader.json("a", value)).toEqual({ user: "ada", tokens: ["[REDACTED]"] });
    const page = await store.reader.page("a", value, ["tokens"], 0, 10);
    expect(page?.items[0]).toMatchObject({ json: "[REDACTED]", redacted: true });
  });
});

describe("owners", () => {
  it("two hosts never own the same execution", async () => {
    const folder = freshFolder();
    const one = freshStore(folder);
    const two = freshStore(folder);
    write(one, first("a"));
    expect(two.owners.claim("a")).toBe(false);
    expect(one.owners.claim("a")).toBe(true);
    expect((await two.reader.row("a"))?.live).toBe(true);
  });

  it("a host that was killed loses what it had", () => {
    const folder = freshFolder();
    const store = freshStore(folder);
    write(store, first("a"));
    const script = `
      const Database = require("better-sqlite3");
      const db = new Database(process.argv[1] + "/hosts/gone.db");
      db.exec("BEGIN EXCLUSIVE");
      const main = new Database(process.argv[1] + "/workspace.db");
      main.prepare("UPDATE executions SET owner = 'gone'").run();
      const check = new Database(process.argv[1] + "/hosts/gone.db", { timeout: 0, readonly: true });
      try { check.prepare("select * from sqlite_schema").get(); } catch (error) { console.log(error.code); }
      process.kill(process.pid, "SIGKILL");`;
    let output = "";
    try {
      execFileSync(process.execPath, ["-e", script, folder], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    } catch (error) {
      output = (error as { stdout: string }).stdout;
    }
    expect(output.trim()).toBe("SQLITE_BUSY");
    expect(store.owners.owned("a")).toBe(false);
    expect(store.owners.claim("a")).toBe(true);
  });
});
