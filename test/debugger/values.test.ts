import { describe, expect, it } from "vitest";
import type { Entry, Event } from "@shared/execution/event";
import { inline, REDACTED, type Value } from "@shared/execution/value";
import { isFolder, nodeOf, PAGE, pageFrom, pageHere, shortNode } from "../../src-renderer/debugger/value-nodes";
import { changesOf } from "../../src-renderer/state/changes";

const entries = (...events: readonly Event[]): readonly Entry[] => events.map((event, at) => ({ seq: at + 1, event }));

describe("a value as a tree", () => {
  it("opens what is here without asking, a page at a time", () => {
    const node = nodeOf(inline(Array.from({ length: 250 }, (_, at) => at)));
    const page = pageHere(node, 200);
    expect(page?.total).toBe(250);
    expect(page?.items).toHaveLength(50);
    expect(page?.items[0]).toEqual({ key: 200, node: { kind: "json", json: 200 } });
    expect(pageHere(node, 0)?.items).toHaveLength(PAGE);
  });

  it("asks the host for what is kept there, further in for what was cut", () => {
    const root: Value = { kind: "stored", id: "v1", bytes: 99_000, summary: "2 records", preview: [] };
    const node = nodeOf(root);
    expect(pageHere(node, 0)).toBeUndefined();
    if (node.kind !== "kept") throw new Error("not kept");
    const page = pageFrom(node, {
      kind: "list",
      total: 2,
      from: 0,
      bytes: 99_000,
      items: [
        { key: 0, summary: "3 fields", json: { id: 1 }, cut: true, redacted: false },
        { key: 1, summary: REDACTED, json: REDACTED, cut: false, redacted: true },
      ],
    });
    expect(page.items[0]?.node).toMatchObject({ kind: "kept", path: [0] });
    expect(page.items[1]?.node).toEqual({ kind: "redacted" });
  });

  it("never shows what is sensitive, however it came", () => {
    for (const value of [{ kind: "sensitive", id: "s" }, inline(REDACTED)] as const) {
      const node = nodeOf(value);
      expect(shortNode(node)).toEqual({ tone: "redacted", text: REDACTED });
      expect(isFolder(node)).toBe(false);
    }
    expect(shortNode({ kind: "json", json: { token: REDACTED } }).text).not.toContain("[");
  });
});

describe("changes made while held", () => {
  const prepared: Event = {
    kind: "component-prepared",
    at: 1,
    path: "a",
    run: true,
    input: inline({ region: "US", list: [1, 2] }),
    config: inline({ url: "x" }),
  };

  it("name the places that differ, with what was there before", () => {
    const edited: Event = { kind: "input-edited", at: 2, path: "a", input: inline({ region: "EU", list: [1, 3, 4] }) };
    expect(changesOf(entries(prepared, edited), 2)[0]?.differences).toEqual([
      { place: "input/region", before: "US", after: "EU" },
      { place: "input/list/1", before: 2, after: 3 },
      { place: "input/list/2", after: 4 },
    ]);
    expect(changesOf(entries(prepared, edited), 1)).toEqual([]);
  });

  it("compare an edit with the edit before it", () => {
    const first: Event = { kind: "input-edited", at: 2, path: "a", config: inline({ url: "y" }) };
    const second: Event = { kind: "input-edited", at: 3, path: "a", config: inline({ url: "z" }) };
    expect(changesOf(entries(prepared, first, second), 3)[1]?.differences).toEqual([
      { place: "config/url", before: "y", after: "z" },
    ]);
  });

  it("say of sensitive and large values only that they differ", () => {
    const edited: Event = { kind: "input-edited", at: 2, path: "a", input: { kind: "sensitive", id: "s1" } };
    expect(changesOf(entries(prepared, edited), 2)[0]?.differences).toEqual([{ place: "input" }]);
  });
});
