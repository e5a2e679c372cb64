import { describe, expect, test } from "vitest";
import { check } from "@shared/workflow/check";
import { applyEdit } from "@shared/workflow/apply";
import { diffWorkflows, isSameWorkflow } from "@shared/workflow/diff";
import { readWorkflow } from "@shared/workflow/file";
import { EMPTY_HISTORY, type History, record, undo } from "@shared/workflow/history";
import { migrate } from "@shared/workflow/migrate";
import { scoreOf } from "@shared/workflow/score";
import type { Workflow } from "@shared/workflow/workflow";

const read = (text: string): Workflow => readWorkflow(text, "yaml").workflow!;

test("two workflows are compared by ids, whatever the order", () => {
  const before = read(
    "id: x\nname: X\nparameters: {a: {type: string}, b: {}}\ncomponents: [{id: a, type: log, config: {message: 1}}, {id: b, type: log}, {id: l, type: loop, config: {components: [{id: m, type: log}]}}]\nconnections: [{source: a, target: b}]",
  );
  const after = read(
    "id: x\nname: Y\nparameters: {a: {type: integer}, c: {}}\ncomponents: [{id: c, type: log}, {id: l, type: loop, config: {components: [{id: m, type: log, name: M}]}}, {id: a, type: log, position: {x: 1, y: 1}, config: {message: 2}}]\nconnections: [{source: a, target: c}]",
  );
  const diff = diffWorkflows(before, after);
  expect(diff.added.map(({ id }) => id)).toEqual(["c"]);
  expect(diff.removed.map(({ id }) => id)).toEqual(["b"]);
  expect(diff.modified.map(({ id, paths }) => [id, paths])).toEqual([
    ["a", [["config", "message"], ["position"]]],
    ["m", [["name"]]],
  ]);
  expect(diff).toMatchObject({
    addedConnections: [{ target: "c" }],
    removedConnections: [{ target: "b" }],
    parameters: { added: ["c"], removed: ["b"], modified: ["a"] },
    keys: ["name"],
  });
  expect(isSameWorkflow(diff)).toBe(false);
  expect(isSameWorkflow(diffWorkflows(before, before))).toBe(true);
});

describe("the score", () => {
  test("is 100 for a clean workflow, with every group there", () => {
    const { score, groups } = scoreOf(
      check(readWorkflow("id: x\ncomponents: [{id: greet, type: log, config: {message: hi}}]", "yaml")),
    );
    expect(score).toBe(100);
    expect(groups.map(({ title, worst }) => [title, worst])).toContainEqual(["Names say what is done", undefined]);
    expect(groups.length).toBe(8);
  });

  test("falls with each finding, less for the same again, and not below 0", () => {
    const steps = (count: number): number =>
      scoreOf(
        check(
          readWorkflow(
            `id: x\ncomponents: [${Array.from({ length: count }, (_, n) => `{id: step${n}, type: log, config: {message: hi}}`).join(", ")}]`,
            "yaml",
          ),
        ),
      ).score;
    expect(steps(1)).toBeLessThan(100);
    expect(steps(2)).toBeLessThan(steps(1));
    expect(steps(1) - steps(2)).toBeLessThan(100 - steps(1));
    expect(steps(20)).toBeGreaterThan(80);
  });
});

test("typing in one field is one step of history, until a pause or another field", () => {
  let document = readWorkflow("id: x\nname: ''\n", "yaml");
  let history: History = EMPTY_HISTORY;
  const type = (name: string, at: number, mergeKey: string): void => {
    const applied = applyEdit(document, { kind: "set", path: ["name"], value: name });
    if (!applied.ok) throw new Error("a name can be set");
    history = record(history, document, applied.value.document, { title: "Name", at, mergeKey });
    document = applied.value.document;
  };
  type("a", 0, "name");
  type("ab", 500, "name");
  type("abc", 1_400, "name");
  expect(history.past.length).toBe(1);
  type("abcd", 5_000, "name");
  type("abcde", 5_100, "other");
  expect(history.past.length).toBe(3);
  expect(undo(history, document)!.document.workflow!.name).toBe("abcd");
});

test("files of a newer format are told, those without a number are of the first", () => {
  expect(migrate({ id: "x" })).toEqual({ kind: "current", view: { id: "x" } });
  expect(migrate({ apg: 2 })).toEqual({ kind: "newer", format: 2 });
  expect(migrate({ apg: "one" })).toEqual({ kind: "unknown", written: "one" });
  expect(readWorkflow("id: x\napg: 7\ncomponents: []", "yaml").problems).toMatchObject([
    {
      rule: "format",
      place: { line: 2 },
      message: "The file is of format 7; this version of the studio reads up to 1.",
    },
  ]);
});
