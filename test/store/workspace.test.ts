import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { restoreFrom } from "../../src-main/store/backup";
import { MIGRATIONS } from "../../src-main/store/schema";
import { openStore } from "../../src-main/store/store";
import { freshFolder, freshStore } from "./folder";

const summary = {
  name: "N",
  purpose: "",
  category: "",
  tags: [],
  version: "1.0.0",
  components: 1,
  score: 100,
  findings: { errors: 0, warnings: 0, infos: 0 },
};

it("the schema is the one its migrations make", () => {
  const folder = freshFolder();
  freshStore(folder);
  const db = new Database(join(folder, "workspace.db"), { readonly: true });
  const made = new Database(":memory:");
  for (const step of MIGRATIONS) made.exec(step);
  const shape = (each: Database.Database): unknown =>
    each.prepare("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name").all();
  expect(shape(db)).toEqual(shape(made));
  expect(db.pragma("user_version", { simple: true })).toBe(MIGRATIONS.length);
  expect(db.pragma("journal_mode", { simple: true })).toBe("wal");
  expect(db.pragma("foreign_key_check")).toEqual([]);
  db.close();
});

it("the journal of an earlier workspace is there as it was", () => {
  const folder = freshFolder();
  const db = new Database(join(folder, "workspace.db"));
  const before = MIGRATIONS.findIndex((step) => step.includes("journal_in_order"));
  for (const step of MIGRATIONS.slice(0, before)) db.exec(step);
  db.pragma(`user_version = ${before}`);
  const execution = db.prepare(
    "INSERT INTO executions (id, workflow_id, workflow_name, workflow_version, status, started_at, debug, root_id, place, given, events, bytes) VALUES (?, 'w', 'W', '1', 'completed', 0, 0, ?, '{}', '{}', 2, 2)",
  );
  const turn = db.prepare("INSERT INTO journal (execution, first_seq, last_seq, events) VALUES (?, ?, ?, ?)");
  const rows: unknown[] = [];
  for (const number of [1, 2]) {
    execution.run(`e${number}`, `e${number}`);
    for (const [seq, events] of [
      [1, '[{"kind":"text"}]'],
      [2, Buffer.from("packed")],
    ] as const) {
      turn.run(number, seq, seq, events);
      rows.push({ execution: number, first_seq: seq, last_seq: seq, events });
    }
  }
  db.close();
  freshStore(folder);
  const after = new Database(join(folder, "workspace.db"));
  expect(after.prepare("SELECT * FROM journal ORDER BY execution, first_seq").all()).toEqual(rows);
  after.pragma("foreign_keys = ON");
  after.exec("DELETE FROM executions WHERE number = 1");
  expect(after.prepare("SELECT count(*) AS n FROM journal").get()).toEqual({ n: 2 });
  after.close();
});

it("a workspace of a later release is refused and left alone", async () => {
  const folder = freshFolder();
  await freshStore(folder)
    .close()
    .catch(() => undefined);
  const db = new Database(join(folder, "workspace.db"));
  db.pragma("user_version = 999");
  db.close();
  const opened = openStore(folder);
  expect(opened).toEqual({ ok: false, problem: { kind: "newer-workspace", version: 999, known: MIGRATIONS.length } });
});

it("a later save is told that it is stale, and nothing is lost", () => {
  const folder = freshFolder();
  const one = freshStore(folder);
  const two = freshStore(folder);
  expect(one.workflows.create({ id: "w", text: "a: 1", format: "yaml", summary, origin: "workspace" })).toBe(true);
  expect(two.workflows.create({ id: "w", text: "a: 2", format: "yaml", summary, origin: "workspace" })).toBe(false);
  expect(one.workflows.save({ id: "w", text: "mine", format: "yaml", summary, revision: 1 })).toMatchObject({
    kind: "saved",
    revision: 2,
  });
  expect(two.workflows.save({ id: "w", text: "theirs", format: "yaml", summary, revision: 1 })).toEqual({
    kind: "stale",
    stored: 2,
    storedText: "mine",
  });
  expect(one.workflows.revisions("w").map((each) => each.revision)).toEqual([2, 1]);
  expect(one.workflows.revisionText("w", 1)).toBe("a: 1");
});

it("a rename takes revisions, drafts and breakpoints along", () => {
  const store = freshStore();
  store.workflows.create({ id: "w", text: "t", format: "yaml", summary, origin: "workspace" });
  store.executions.saveBreakpoints("w", [{ workflowId: "w", component: "c", enabled: true, condition: "n > 1" }]);
  store.workflows.saveDraft("w", "d", 1);
  expect(store.workflows.draft("w")?.text).toBe("d");
  expect(store.workflows.save({ id: "w", newId: "v", text: "t2", format: "yaml", summary, revision: 1 })).toMatchObject(
    { kind: "saved" },
  );
  expect(store.workflows.get("w")).toBeUndefined();
  expect(store.workflows.revisions("v").length).toBe(2);
  expect(store.executions.breakpoints("v")).toEqual([
    { workflowId: "v", component: "c", enabled: true, condition: "n > 1" },
  ]);
  expect(store.workflows.freeId("v")).toBe("v_2");
});

it("a deleted workflow comes back whole", () => {
  const store = freshStore();
  store.workflows.create({ id: "w", text: "t", format: "yaml", summary, origin: "workspace" });
  expect(store.workflows.delete("w")).toBe(true);
  expect(store.workflows.list()).toEqual([]);
  expect(store.workflows.restore("w")).toBe(true);
  expect(store.workflows.get("w")?.text).toBe("t");
});

it("settings are told to other hosts", async () => {
  const folder = freshFolder();
  const one = freshStore(folder);
  const two = freshStore(folder);
  const told = new Promise<string>((resolve) => two.changes.listen(resolve));
  expect(two.settings.get("theme")).toBeUndefined();
  one.settings.set({ theme: "dark", gone: undefined });
  expect(await told).toBe("outside");
  expect(two.settings.all()).toEqual({ theme: "dark" });
  expect(two.settings.get("theme")).toBe("dark");
});

it("a backup restores the workspace as it was", async () => {
  const folder = freshFolder();
  const store = freshStore(folder);
  store.workflows.create({ id: "w", text: "t", format: "yaml", summary, origin: "workspace" });
  const file = join(freshFolder(), "backup.db");
  await store.reader.backup(file);
  store.workflows.create({ id: "later", text: "t", format: "yaml", summary, origin: "workspace" });
  expect(restoreFrom(folder, file)).toEqual({ kind: "in-use", folder });
  const empty = freshFolder();
  expect(restoreFrom(empty, file)).toBeUndefined();
  expect(
    freshStore(empty)
      .workflows.list()
      .map((each) => each.id),
  ).toEqual(["w"]);
  expect(restoreFrom(empty, join(empty, "vault.key"))).toMatchObject({ kind: "no-backup" });
});
