import { descriptorOf } from "@shared/components/catalogue";
import { readWorkflow } from "@shared/workflow/file";
import { describe, expect, test } from "vitest";
import { connectionFor, mayConnect } from "../../src-renderer/canvas/connect";
import { outlineOf } from "../../src-renderer/canvas/outline";
import { sceneOf, type Scene } from "../../src-renderer/canvas/scene";
import { containerAt } from "../../src-renderer/canvas/targets";
import { neighbour } from "../../src-renderer/canvas/travel";

const text = `
id: sample
components:
  - {id: fetch, type: http_request, config: {url: "{{ base }}/orders"}}
  - id: both
    type: parallel
    config:
      branches:
        - {id: left, components: [{id: a, type: log}, {id: b, type: log}]}
        - {id: right, components: [c]}
  - {id: c, type: log}
  - {id: route, type: decision, config: {cases: [{id: big, condition: "true"}, {id: small, condition: "true"}]}}
  - {id: x, type: log, notes: Mind the gap}
  - {id: alert, type: log}
connections:
  - {source: fetch, target: both}
  - {source: both, target: route}
  - {source: route, target: x, type: conditional, case: big}
  - {source: fetch, target: alert, type: error}
`;
const workflow = readWorkflow(text, "yaml").workflow!;
const outline = outlineOf(workflow);
const scene = (collapsed: readonly string[] = []): Scene =>
  sceneOf({ outline, descriptorOf, collapsed: new Set(collapsed) });
const node = (of: Scene, id: string) => of.nodes.find((item) => item.id === id);

describe("the scene", () => {
  test("shows members inside their owner, in place or by id, side by side", () => {
    const shown = scene();
    expect(node(shown, "a")).toMatchObject({ parent: "both", kind: "card" });
    expect(node(shown, "c")).toMatchObject({ parent: "both" });
    expect(node(shown, "c")!.x).toBeGreaterThan(node(shown, "a")!.x + 188);
    expect(node(shown, "b")!.y).toBeGreaterThan(node(shown, "a")!.y);
    expect(node(shown, "both")!.lanes.map((lane) => lane.id)).toEqual(["left", "right"]);
  });

  test("joins members in the order listed, and says that the line is implied", () => {
    expect(scene().wires.find((wire) => wire.source === "a" && wire.target === "b")?.implied).toBe(true);
  });

  test("hides members and their lines in a closed container", () => {
    const shown = scene(["both"]);
    expect(node(shown, "a")).toBeUndefined();
    expect(shown.wires.some((wire) => wire.source === "a")).toBe(false);
    expect(node(shown, "both")!.inside).toHaveLength(3);
  });

  test("draws errors from the side and cases from below with their names", () => {
    const { wires } = scene();
    expect(wires.find((wire) => wire.target === "alert")).toMatchObject({
      from: "side",
      to: "side-in",
      kind: "error",
      label: "error",
    });
    expect(wires.find((wire) => wire.target === "x")).toMatchObject({ from: "out", kind: "conditional", label: "big" });
  });

  test("hangs a note beside its component", () => {
    expect(node(scene(), "note:x")).toMatchObject({ kind: "note", title: "Mind the gap" });
  });

  test("keeps the positions the text has and lays out the rest", () => {
    const placed = {
      ...workflow,
      components: workflow.components.map((item) =>
        item.id === "alert" ? { ...item, position: { x: 900, y: -40 } } : item,
      ),
    };
    const shown = sceneOf({ outline: outlineOf(placed), descriptorOf, collapsed: new Set() });
    expect(node(shown, "alert")).toMatchObject({ x: 900, y: -40 });
    expect(node(shown, "fetch")).toMatchObject({ x: node(scene(), "fetch")!.x });
  });

  test("survives a text that contradicts itself", () => {
    const odd = readWorkflow(
      "components:\n  - {id: a, type: loop, config: {components: [a, b, b]}}\n  - {id: a, type: log}\n  - {id: b, type: parallel, config: {branches: [{components: [a]}]}}\n",
      "yaml",
    ).workflow!;
    expect(sceneOf({ outline: outlineOf(odd), descriptorOf, collapsed: new Set() }).nodes.length).toBeGreaterThan(0);
  });
});

describe("gestures", () => {
  test("connect what runs under one owner, and never in a circle", () => {
    expect(mayConnect(outline, "fetch", "x")).toBe(true);
    expect(mayConnect(outline, "fetch", "a")).toBe(false);
    expect(mayConnect(outline, "x", "fetch")).toBe(false);
    expect(mayConnect(outline, "b", "a")).toBe(true);
  });

  test("take the first case of a decision that is still free", () => {
    expect(connectionFor(outline, descriptorOf, "route", "alert", "out")).toEqual({
      source: "route",
      target: "alert",
      type: "conditional",
      case: "small",
    });
    expect(connectionFor(outline, descriptorOf, "fetch", "x", "side")).toEqual({
      source: "fetch",
      target: "x",
      type: "error",
    });
  });

  test("find the branch under a point", () => {
    const shown = scene();
    const owner = node(shown, "both")!;
    const lane = owner.lanes[1]!;
    expect(containerAt(shown, { x: owner.x + lane.x + 20, y: owner.y + 80 })?.into).toEqual({
      owner: "both",
      branch: "right",
    });
    expect(containerAt(shown, { x: owner.x - 50, y: owner.y })).toBeUndefined();
  });

  test("arrows go to the nearest component that way", () => {
    expect(neighbour(scene(), "fetch", "down")).toBe("both");
    expect(neighbour(scene(), "fetch", "right")).toBe("alert");
    expect(neighbour(scene(), "a", "right")).toBe("c");
    expect(neighbour(scene(), "fetch", "up")).toBeUndefined();
  });
});
