import { catalogue } from "@shared/components/catalogue";
import { applyEdit } from "@shared/workflow/apply";
import { readWorkflow } from "@shared/workflow/file";
import { describe, expect, test } from "vitest";
import type { AddPlace } from "../../src-renderer/canvas/canvas-props";
import { addition, freshId } from "../../src-renderer/editor/adding";
import { linesBeside } from "../../src-renderer/editor/beside";
import { copyOf, pasteOf } from "../../src-renderer/editor/clipboard";

function after(text: string, type: string, place: AddPlace, selected?: string) {
  const document = readWorkflow(text, "yaml");
  const { id, edit } = addition(document.workflow!, catalogue.get(type)!, place, selected);
  const applied = applyEdit(document, edit);
  if (!applied.ok) throw new Error(JSON.stringify(applied.problem));
  return { id, workflow: applied.value.document.workflow!, text: applied.value.document.text };
}
const drawn =
  "id: w\ncomponents:\n  - {id: a, type: log}\n  - {id: b, type: log}\nconnections:\n  - {source: a, target: b}\n";

describe("adding a component", () => {
  test("after the selected one, it stands between that and its follower", () => {
    const { id, workflow } = after(drawn, "transform", {}, "a");
    expect(id).toBe("transform");
    expect(workflow.connections).toEqual([
      { source: "a", target: "transform" },
      { source: "transform", target: "b" },
    ]);
  });

  test("where the order listed says what follows, being listed is enough", () => {
    const { workflow } = after("id: w\ncomponents:\n  - {id: a, type: log}\n  - {id: b, type: log}\n", "log", {}, "a");
    expect(workflow.components.map((item) => item.id)).toEqual(["a", "log", "b"]);
    expect(workflow.connections).toBeUndefined();
  });

  test("drawn from an error port, it is connected by an error connection", () => {
    const { workflow } = after(drawn, "log", { at: { x: 400, y: 0 }, from: { id: "a", type: "error" } });
    expect(workflow.connections).toContainEqual({ source: "a", target: "log", type: "error" });
    expect(workflow.components.find((item) => item.id === "log")?.position).toEqual({ x: 400, y: 0 });
  });

  test("dropped into a branch, it belongs to it and has no position", () => {
    const { workflow } = after(
      "id: w\ncomponents:\n  - {id: p, type: parallel, config: {branches: [{id: one, components: []}]}}\n",
      "log",
      { into: { owner: "p", branch: "one" } },
    );
    expect(JSON.stringify(workflow.components)).toContain('"id":"log"');
    expect(workflow.components[0]!.config).toMatchObject({
      branches: [{ id: "one", components: [{ id: "log", type: "log" }] }],
    });
  });

  test("ids stay unique", () => {
    expect(freshId(new Set(["log", "log_2"]), "log")).toBe("log_3");
    expect(freshId(new Set(), "log")).toBe("log");
  });
});

describe("the clipboard", () => {
  test("takes components with the connections among them and gives them back as a paste", () => {
    const { workflow } = readWorkflow(drawn, "yaml");
    const edit = pasteOf(copyOf(workflow!, ["a", "b"]))!;
    expect(edit.components.map((item) => item.id)).toEqual(["a", "b"]);
    expect(edit.connections).toEqual([{ source: "a", target: "b" }]);
  });

  test("leaves members to their owner when both are selected", () => {
    const { workflow } = readWorkflow(
      "id: w\ncomponents:\n  - {id: l, type: loop, config: {components: [{id: m, type: log}]}}\n",
      "yaml",
    );
    expect(pasteOf(copyOf(workflow!, ["l", "m"]))!.components.map((item) => item.id)).toEqual(["l"]);
  });

  test("is no workflow when it holds prose, numbers or bombs", () => {
    for (const text of ["hello: [", "42", "just words", "", "a: &a [x]\nb: *a"]) expect(pasteOf(text)).toBeUndefined();
  });
});

test("two versions stand level line by line", () => {
  const { left, right } = linesBeside("a\nb\nc", "a\nx\nb\nc\nd");
  expect(left.map((line) => line.text)).toEqual(["a", "", "b", "c", ""]);
  expect(right.map((line) => line.text)).toEqual(["a", "x", "b", "c", "d"]);
  expect(right.filter((line) => line.changed).map((line) => line.text)).toEqual(["x", "d"]);
});
