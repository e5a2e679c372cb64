import { describe, expect, test } from "vitest";
import { readWorkflow } from "@shared/workflow/file";
import { exitsOf, type Graph, graphOf } from "@shared/workflow/graph";

function graph(yaml: string): Graph {
  return graphOf(readWorkflow(yaml, "yaml").workflow!);
}

const edges = (of: Graph): string[] =>
  of.connections.map(
    ({ source, target, type, onlyWaits }) => `${source} ${type}${onlyWaits ? " waits" : ""} ${target}`,
  );

describe("the order listed", () => {
  test("is implied where there is no connections key", () => {
    const of = graph("components: [{id: a, type: log}, {id: b, type: log}, {id: c, type: log}]");
    expect(edges(of)).toEqual(["a order b", "b order c"]);
    expect(of.root.implied).toBe(true);
    expect(exitsOf(of, of.root)).toEqual(["c"]);
  });

  test("is not implied by an empty list", () => {
    const of = graph("components: [{id: a, type: log}, {id: b, type: log}]\nconnections: []");
    expect(edges(of)).toEqual([]);
    expect(exitsOf(of, of.root)).toEqual(["a", "b"]);
  });

  test("leaves out owned components and reaches handlers by failures", () => {
    const of = graph(
      "components: [{id: a, type: log, error_handling: {on_failure: h}}, {id: m, type: log}, {id: l, type: loop, config: {components: [m]}}, {id: h, type: log}]",
    );
    expect(of.root.members).toEqual(["a", "l", "h"]);
    expect(edges(of)).toEqual(["a order l", "l order h".replace("order", "order waits"), "a error h"]);
  });
});

test("owners have a scope for each branch, loop and fallback, in place or by id", () => {
  const of = graph(`components:
  - id: p
    type: split
    config: {branches: [{id: x, components: [a, {id: b, type: log}]}, {components: [c]}]}
  - {id: a, type: log}
  - {id: c, type: cache_lookup, config: {fallback_component: f}}
  - {id: f, type: log}
`);
  expect(of.scopes.map(({ key, kind, members }) => [key, kind, members])).toEqual([
    ["", "root", ["p"]],
    ["p/x", "branch", ["a", "b"]],
    ["p/branch_2", "branch", ["c"]],
    ["c!", "fallback", ["f"]],
  ]);
  expect(of.byId.get("b")).toMatchObject({
    inPlace: true,
    path: ["components", 0, "config", "branches", 0, "components", 1],
  });
  expect(edges(of)).toEqual(["a order b"]);
});

test("members that are connected among themselves go by their connections", () => {
  const of = graph(
    "components: [{id: l, type: loop, config: {components: [a, b, c]}}, {id: a, type: log}, {id: b, type: log}, {id: c, type: log}]\nconnections: [{source: a, target: c}]",
  );
  expect(edges(of)).toEqual(["a success c"]);
  expect(of.byId.get("a")!.scope.implied).toBe(false);
});

test("cycles are told with their members, and what is behind them cannot be reached", () => {
  const of = graph(
    "components: [{id: a, type: log}, {id: b, type: log}, {id: c, type: log}, {id: d, type: log}]\nconnections: [{source: a, target: b}, {source: b, target: c}, {source: c, target: b}, {source: c, target: d}]",
  );
  expect(of.problems).toMatchObject([{ kind: "cycle", ids: ["c", "b"] }]);
  expect([...of.reachable]).toEqual(["a"]);
});

test("whatever does not fit together is a problem, and the rest still makes a graph", () => {
  const of = graph(
    "components: [{id: a, type: log}, {id: a, type: log}, {id: l, type: loop, config: {components: [a, gone, l]}}]\nconnections: [{source: a, target: l}, {source: a, target: nowhere}]",
  );
  expect(of.problems.map(({ kind }) => kind)).toEqual([
    "duplicate-id",
    "unknown-member",
    "ownership-cycle",
    "ownership-cycle",
    "dangling-connection",
  ]);
});
