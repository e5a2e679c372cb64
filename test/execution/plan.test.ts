import { expect, test } from "vitest";
import { compilePlan, type Plan } from "@shared/execution/plan";
import { framePath, routeOf } from "@shared/execution/route";
import type { Workflow } from "@shared/workflow/workflow";
import { step, wires, workflow } from "./build";

function planned(definition: Workflow): Plan {
  const plan = compilePlan(definition);
  if (!plan.ok) throw new Error(JSON.stringify(plan.problem));
  return plan.value;
}

function rules(definition: Workflow): readonly string[] {
  const plan = compilePlan(definition);
  return plan.ok ? [] : plan.problem.map(({ rule }) => rule);
}

const loop = (id: string, components: readonly unknown[]) =>
  step(id, { type: "loop", config: { items: [1], components: components as string[] } });

test("without connections the members of every scope follow each other", () => {
  const plan = planned(workflow([step("a"), loop("each", ["b", step("c")]), step("b"), step("d")]));
  expect(plan.scopes.map(({ kind, members }) => [kind, members.map((node) => plan.nodes[node]?.id)])).toEqual([
    ["root", ["a", "each", "d"]],
    ["round", ["b", "c"]],
  ]);
  const edges = plan.edges.map(({ source, target, type }) => [plan.nodes[source]?.id, plan.nodes[target]?.id, type]);
  expect(edges).toEqual([
    ["a", "each", "order"],
    ["each", "d", "order"],
    ["b", "c", "order"],
  ]);
});

test("an empty list of connections connects nothing", () => {
  const plan = planned(workflow([step("a"), step("b")], []));
  expect(plan.scopes[0]?.entries).toHaveLength(2);
});

test("aliases are read as if in the canonical place", () => {
  const plan = planned(
    workflow([
      step("both", {
        type: "split",
        config: { branches: [{ id: "x", components: [step("mail", { type: "script" })] as never }] },
      }),
      step("fetch", {
        type: "http_request",
        config: { retry_attempts: 3, retry_delay: 60 },
        error_handling: { on_failure: "retry_with_backoff", fallback_action: "log_and_continue" },
      }),
    ]),
  );
  expect(plan.byId.get("both")?.kind).toBe("parallel");
  expect(plan.byId.get("mail")?.type).toBe("code");
  expect(plan.byId.get("fetch")).toMatchObject({
    retry: { maxAttempts: 4, initialDelayMs: 60_000 },
    lastResort: { kind: "continue" },
  });
});

test("a component's id wins over the strategy of the same name", () => {
  const plan = planned(
    workflow([step("a", { error_handling: { on_failure: "use_cached_data" } }), step("use_cached_data")]),
  );
  expect(plan.byId.get("a")?.lastResort).toEqual({ kind: "component", node: 1 });
});

test("limits are in milliseconds and bytes", () => {
  const plan = planned(workflow([step("a", { resource_limits: { timeout_seconds: 2, memory_mb: 3 } })]));
  expect(plan.byId.get("a")).toMatchObject({ timeoutMs: 2000, memoryBytes: 3 * 1024 * 1024 });
});

test("what cannot run says why", () => {
  expect(rules(workflow([step("a"), step("a")]))).toEqual(["duplicate-id"]);
  expect(rules(workflow([step("a"), step("b")], wires("a b", "b a")))).toEqual(["cycle"]);
  expect(rules(workflow([step("a")], wires("a b")))).toEqual(["dangling-connection"]);
  expect(rules(workflow([loop("each", ["nowhere"])]))).toEqual(["unknown-member"]);
  expect(rules(workflow([loop("one", ["a"]), loop("two", ["a"]), step("a")]))).toEqual(["owned-twice"]);
  expect(rules(workflow([loop("each", ["a"]), step("a"), step("b")], wires("a b")))).toEqual(["ownership-border"]);
  expect(rules(workflow([loop("each", ["a"]), step("a"), step("b", { error_handling: { on_failure: "a" } })]))).toEqual(
    ["ownership-border"],
  );
});

test("a connection drawn twice is no obstacle", () => {
  expect(rules(workflow([step("a"), step("b")], wires("a b", "a b")))).toEqual([]);
});

test("a path leads through branches and rounds and back", () => {
  const fork = step("fork", { type: "parallel", config: { branches: [{ id: "left", components: ["a"] }] } });
  const plan = planned(workflow([loop("each", [fork]), step("a")]));
  const route = routeOf(plan, "each/12/fork/left/a");
  expect(route?.node?.id).toBe("a");
  expect(route?.steps.map(({ owner, at }) => [owner.id, at])).toEqual([
    ["each", 12],
    ["fork", 0],
  ]);
  expect(framePath(plan, "each/12/fork", plan.byId.get("fork") as never, 0)).toBe("each/12/fork/left");
  for (const path of ["a", "each/x/fork", "each/12/a", "fork", "each/1/fork/right/a", "nothing", "each/"])
    expect(routeOf(plan, path), path).toBeUndefined();
});
