import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import type { Json } from "@shared/base/json";
import { keeper } from "@shared/execution/keep";
import { pagedText, pagesOf, piecesOf } from "@shared/execution/paged";
import type { Value } from "@shared/execution/value";
import type { Kept } from "@shared/execution/work";
import { freshFolder, freshStore } from "./folder";

const rows = (count: number): Json[] =>
  Array.from({ length: count }, (_, id) => ({ id, name: `customer ${id}`, text: "é".repeat(20) }));

function write(store: ReturnType<typeof freshStore>, kept: Kept): void {
  store.journal.write([
    {
      executionId: "e1",
      firstSeq: 1,
      lastSeq: 1,
      events: "[]",
      head: {
        workflowId: "w",
        workflowName: "w",
        workflowVersion: "1.0.0",
        startedAt: 1,
        debug: false,
        place: {},
        rootId: "e1",
        given: { input: null, parameters: {}, env: {} },
      },
      values: kept.values,
      secrets: kept.secrets,
    },
  ]);
}

it("any page of a long list is read without the rest, and the whole is what it was", async () => {
  const store = freshStore();
  const list = rows(30_000);
  const keep = keeper("a@1");
  const value = keep.keep(list);
  expect(value).toMatchObject({ kind: "stored", summary: "30000 records" });
  write(store, keep.kept());
  for (const from of [0, 99, 12_345, 29_950]) {
    const page = await store.reader.page("e1", value, [], from, 100);
    const expected = list.slice(from, from + 100);
    expect(page).toMatchObject({ kind: "list", total: 30_000, from });
    expect(page?.items.map(({ json }) => json)).toEqual(expected);
    expect(page?.items[0]?.key).toBe(from);
  }
  const one = await store.reader.page("e1", value, [17_000, "name"], 0, 10);
  expect(one?.items[0]?.json).toBe("customer 17000");
  expect(await store.reader.page("e1", value, [30_000], 0, 10)).toBeUndefined();
  expect(await store.reader.json("e1", value)).toEqual(list);
  if (value.kind === "stored") expect(JSON.parse(store.textNow("e1", value.id))).toEqual(list);
});

it("a long list inside a large object is kept by itself", async () => {
  const store = freshStore();
  const keep = keeper("a@1");
  const answer = { status: 200, headers: { "content-type": "application/json" }, body: rows(20_000) };
  const value = keep.keep(answer);
  expect(value).toMatchObject({ kind: "object", fields: { status: { kind: "inline", json: 200 } } });
  write(store, keep.kept());
  const top = await store.reader.page("e1", value, [], 0, 10);
  expect(top?.items.map(({ key, summary, cut }) => [key, summary, cut])).toEqual([
    ["status", "200", false],
    ["headers", "1 field", false],
    ["body", "20000 records", true],
  ]);
  const page = await store.reader.page("e1", value, ["body"], 19_990, 100);
  expect(page?.items.map(({ json }) => json)).toEqual(answer.body.slice(19_990));
  expect(await store.reader.json("e1", value)).toEqual(answer);
});

it("an attempt that is made again replaces its pages", async () => {
  const store = freshStore();
  const first = keeper("a@1");
  const value: Value = first.keep(rows(20_000));
  write(store, first.kept());
  const again = keeper("a@1");
  again.keep(rows(12_000));
  store.journal.write([
    { executionId: "e1", firstSeq: 2, lastSeq: 2, events: "[]", values: again.kept().values, secrets: [] },
  ]);
  expect(await store.reader.json("e1", value)).toHaveLength(12_000);
});

it("pages joined are the text, whatever the items' sizes", () => {
  const list: Json[] = [...rows(50), "x".repeat(600_000), ...rows(3000), ["y".repeat(300_000)], null, 7];
  const { text, pages } = pagedText(list);
  expect(JSON.parse(text)).toEqual(list);
  expect(`[${[...pagesOf(text, pages)].map(([, page]) => page).join(",")}]`).toBe(text);
  expect(pages.starts.length).toBeGreaterThan(4);
});

it("pieces joined are the text, and none ends within a character", () => {
  for (const before of ["", "x"]) {
    const text = before + "😀é".repeat(300_000);
    const pieces = [...piecesOf(text)];
    expect(pieces.map(([, piece]) => piece).join("")).toBe(text);
    expect(pieces.every(([, piece]) => piece.isWellFormed() && piece.length <= 128 * 1024)).toBe(true);
    expect(pieces.every(([at, piece]) => text.startsWith(piece, at))).toBe(true);
  }
});

it("a long text is kept in pieces and read as it was, also when it is written again", async () => {
  const store = freshStore();
  const text = "😀 a long letter\n".repeat(200_000);
  const first = keeper("a@1");
  const value = first.keep(text);
  write(store, first.kept());
  expect(await store.reader.json("e1", value)).toBe(text);
  if (value.kind === "stored") expect(JSON.parse(store.textNow("e1", value.id))).toBe(text);
  expect(await store.reader.page("e1", value, [], 0, 10)).toMatchObject({ kind: "scalar", total: 1 });
  const shorter = text.slice(0, 2_000_000);
  const again = keeper("a@1");
  again.keep(shorter);
  const [ahead] = await store.journal.writeAhead("e1", again.kept().values);
  expect(ahead?.isWritten).toBe(true);
  store.journal.write([
    {
      executionId: "e1",
      firstSeq: 2,
      lastSeq: 2,
      events: "[]",
      values: ahead === undefined ? [] : [ahead],
      secrets: [],
    },
  ]);
  expect(JSON.parse(store.textNow("e1", "a@1.0"))).toBe(shorter);
});

it("who stands in a long text is found, wherever it is cut, and in one that was never written whole", () => {
  for (const isWhole of [true, false]) {
    const folder = freshFolder();
    const store = freshStore(folder);
    const keep = keeper("a@1");
    keep.keep("x".repeat(128 * 1024 - 8) + "ada@example.com" + "y".repeat(2_000_000));
    write(store, keep.kept());
    if (!isWhole) {
      const db = new Database(join(folder, "workspace.db"));
      db.exec("DELETE FROM value_pages WHERE item > 200000");
      db.close();
    }
    expect(store.erase({ value: "grace@example.com", isTrial: true })).toMatchObject({ underWay: 0 });
    expect(store.erase({ value: "ada@example.com", isTrial: true })).toMatchObject({ underWay: 1 });
  }
});
