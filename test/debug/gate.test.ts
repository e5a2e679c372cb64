import fc from "fast-check";
import { expect, test } from "vitest";
import { breakpointAt, closedGate, decide, forget, type Gate, isHeld, obey, openGate } from "@shared/debug/gate";

const arrival = (path: string, attempt = 1) => ({ path, attempt });

function arrive(gate: Gate, path: string, hits = false, attempt = 1): Gate {
  return decide(gate, arrival(path, attempt), hits, 0).gate;
}

const paths = (holds: readonly { path: string }[]) => holds.map(({ path }) => path);

test("an open gate holds at breakpoints only", () => {
  expect(decide(openGate("x"), arrival("a"), false, 0).held).toBe(false);
  const { gate, held } = decide(openGate("x"), arrival("a"), true, 7);
  expect(held).toBe(true);
  expect(gate.holds).toEqual([{ executionId: "x", path: "a", attempt: 1, reason: "breakpoint", since: 7 }]);
});

test("a breakpoint holds an arrival once, not its retries", () => {
  expect(decide(openGate("x"), arrival("a", 2), true, 0).held).toBe(false);
});

test("a paused gate holds everything, retries too", () => {
  const { gate } = obey(openGate("x"), { kind: "pause" });
  expect(decide(gate, arrival("a", 2), false, 0).gate.holds[0]?.reason).toBe("pause");
});

test("continue releases all holds in their order, and breakpoints hold again", () => {
  const held = arrive(arrive(openGate("x"), "a", true), "b", true);
  const { gate, released } = obey(held, { kind: "continue" });
  expect(paths(released)).toEqual(["a", "b"]);
  expect(gate).toMatchObject({ mode: "free", holds: [] });
  expect(decide(gate, arrival("each/1/a"), true, 0).held).toBe(true);
});

test("a step releases one and holds what becomes ready next", () => {
  const held = arrive(arrive(openGate("x"), "a", true), "b", true);
  const first = obey(held, { kind: "step-over", path: "b" });
  expect(paths(first.released)).toEqual(["b"]);
  const next = decide(first.gate, arrival("c"), false, 0);
  expect(next.gate.holds.map(({ path, reason }) => [path, reason])).toEqual([
    ["a", "breakpoint"],
    ["c", "step"],
  ]);
  expect(paths(obey(next.gate, { kind: "step-over" }).released)).toEqual(["a"]);
});

test("a step with nothing to release waits for the next", () => {
  const { gate, released } = obey(openGate("x"), { kind: "step-over", path: "nowhere" });
  expect(released).toEqual([]);
  expect(decide(gate, arrival("a"), false, 0).held).toBe(true);
});

test("a recovered execution is held", () => {
  expect(arrive(closedGate("x", "recovered"), "a").holds[0]?.reason).toBe("recovered");
});

test("what was stopped is forgotten", () => {
  const gate = forget(arrive(arrive(openGate("x"), "a", true), "b", true), ["a"]);
  expect([isHeld(gate, "a"), isHeld(gate, "b")]).toEqual([false, true]);
});

test("only enabled breakpoints of the workflow count", () => {
  const breakpoints = [
    { workflowId: "w", component: "a", enabled: false },
    { workflowId: "other", component: "a", enabled: true },
    { workflowId: "w", component: "b", enabled: true, condition: "n > 2" },
  ];
  expect(breakpointAt(breakpoints, "w", "a")).toBeUndefined();
  expect(breakpointAt(breakpoints, "w", "b")?.condition).toBe("n > 2");
});

test("whatever is told, each attempt that arrived is held, passed or released exactly once", () => {
  const told = fc.oneof(
    fc.record({ kind: fc.constant("arrive" as const), hits: fc.boolean() }),
    fc.constantFrom({ kind: "pause" as const }, { kind: "continue" as const }, { kind: "step-over" as const }),
  );
  fc.assert(
    fc.property(fc.array(told), (story) => {
      let gate = openGate("x");
      let count = 0;
      const through: string[] = [];
      for (const one of story) {
        if (one.kind === "arrive") {
          const path = `c${(count += 1)}`;
          const decided = decide(gate, arrival(path), one.hits, 0);
          gate = decided.gate;
          if (!decided.held) through.push(path);
        } else {
          const obeyed = obey(gate, one);
          gate = obeyed.gate;
          through.push(...paths(obeyed.released));
        }
      }
      expect([...through, ...paths(gate.holds)].sort()).toEqual(
        Array.from({ length: count }, (_, at) => `c${at + 1}`).sort(),
      );
      expect(paths(gate.holds)).toEqual(paths(gate.holds).sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))));
    }),
  );
});
