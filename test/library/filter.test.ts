import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { WorkflowRow } from "../../src-shared/contract/workflows";
import { counted, found, isIn, outcomeOf, type Search } from "../../src-renderer/library/filter";

const NOW = Date.UTC(2026, 10, 23, 12);
const DAY = 86_400_000;

function row(part: Partial<WorkflowRow>): WorkflowRow {
  return {
    id: "orders",
    name: "Orders",
    purpose: "",
    category: "",
    tags: [],
    version: "1.0.0",
    revision: 1,
    changedAt: NOW,
    components: 1,
    favourite: false,
    origin: "workspace",
    score: 100,
    findings: { errors: 0, warnings: 0, infos: 0 },
    lastExecutions: [],
    ...part,
  };
}

const ALL: Search = { place: { kind: "all" }, tags: new Set(), text: "", sort: { by: "name", down: false } };

describe("a search in the library", () => {
  it("finds every word in any field, whatever the case and accents", () => {
    const rows = [row({ id: "a", name: "Café Orders", tags: ["Nightly"] }), row({ id: "b", name: "Orders" })];
    expect(found(rows, { ...ALL, text: "  nightly CAFE " }, NOW).map((one) => one.id)).toEqual(["a"]);
  });

  it("wants all chosen tags", () => {
    const rows = [row({ id: "a", tags: ["crm", "pii"] }), row({ id: "b", tags: ["crm"] })];
    expect(found(rows, { ...ALL, tags: new Set(["crm", "pii"]) }, NOW).map((one) => one.id)).toEqual(["a"]);
  });

  it("sorts versions by number", () => {
    const rows = ["1.10.0", "1.9.0", "0.1.0"].map((version) => row({ id: version, version }));
    const sorted = found(rows, { ...ALL, sort: { by: "version", down: true } }, NOW);
    expect(sorted.map((one) => one.version)).toEqual(["1.10.0", "1.9.0", "0.1.0"]);
  });

  it("counts as recent what changed or ran within a week", () => {
    const ran = { id: "x", status: "completed", startedAt: NOW - DAY, durationMs: 1 } as const;
    expect(isIn(row({ changedAt: NOW - 30 * DAY, lastExecutions: [ran] }), { kind: "recent" }, NOW)).toBe(true);
    expect(isIn(row({ changedAt: NOW - 30 * DAY }), { kind: "recent" }, NOW)).toBe(false);
  });

  it("judges by the last execution only", () => {
    const failed = { id: "x", status: "failed", startedAt: 1, durationMs: 1 } as const;
    const held = { id: "y", status: "paused", startedAt: 2, durationMs: 1 } as const;
    expect(outcomeOf(row({ lastExecutions: [failed, held] }))).toBe("live");
    expect(outcomeOf(row({ lastExecutions: [failed] }))).toBe("failed");
    expect(outcomeOf(row({}))).toBe("never");
  });

  it("only leaves out and reorders, never invents", () => {
    const rows = fc.uniqueArray(
      fc
        .record({
          id: fc.stringMatching(/^[a-z]{1,6}$/),
          name: fc.string(),
          score: fc.nat(100),
          favourite: fc.boolean(),
        })
        .map(row),
      { selector: (one) => one.id },
    );
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom("name", "score", "last", "changed", "version"),
        fc.boolean(),
        fc.string(),
        (all, by, down, text) => {
          const shown = found(all, { ...ALL, text, sort: { by, down } }, NOW);
          expect(new Set(shown).size).toBe(shown.length);
          expect(shown.every((one) => all.includes(one))).toBe(true);
          if (text.trim() === "") expect(shown.length).toBe(all.length);
        },
      ),
    );
  });

  it("counts values by name and leaves out empty ones", () => {
    expect(counted(["b", "", "a", "b"])).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
  });
});
