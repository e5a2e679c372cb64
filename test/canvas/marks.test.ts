import { describe, expect, it } from "vitest";
import type { ComponentView } from "@shared/debug/view";
import { breakerMarks } from "../../src-renderer/canvas/breaker-marks";
import { besideOf, glyphOf, stateClasses } from "../../src-renderer/canvas/mark-style";
import type { ComponentMark } from "../../src-renderer/canvas/marks";
import { factsText } from "../../src-renderer/text/run";

const NOW = new Date(2026, 10, 23, 14, 0).getTime();
const view: ComponentView = {
  id: "a",
  path: "a",
  type: "http_request",
  status: "completed",
  attempts: 1,
  maxAttempts: 3,
  tolerated: false,
  waitsFor: 0,
};
const said = (part: Partial<ComponentView>): string => factsText({ ...view, ...part }, NOW);
const drawn = (mark: ComponentMark) => [besideOf(mark), glyphOf(mark), stateClasses(mark)];

describe("a card's second line", () => {
  it("counts down to the next attempt", () => {
    expect(said({ status: "waiting", waiting: { kind: "retry", until: NOW + 11_500 } })).toBe("try 2 of 3 in 12 s");
    expect(said({ status: "waiting", waiting: { kind: "retry", until: NOW } })).toBe("try 2 of 3 now");
  });

  it("says for what or whom it waits", () => {
    const waits = (waiting: ComponentView["waiting"]) => said({ status: "waiting", ...(waiting ? { waiting } : {}) });
    expect(waits({ kind: "time", until: NOW + 20_000 })).toBe("20 s left");
    expect(waits({ kind: "time", until: new Date(2026, 10, 23, 18, 0).getTime() })).toBe("until 18:00");
    expect(waits({ kind: "time", until: new Date(2026, 10, 24, 6, 0).getTime() })).toBe("until Tue 06:00");
    expect(waits({ kind: "event", pattern: "order.*" })).toBe("order.*");
    expect(waits({ kind: "person", assignee: "M. Okafor", until: NOW + 7_200_000 })).toBe("M. Okafor · 2 h left");
    expect(waits({ kind: "person", until: NOW - 1 })).toBe("anybody · overdue");
    expect(waits(undefined)).toBe("waiting");
  });

  it("says whether a cache had it", () => {
    expect(said({ from: "cache", facts: "hit · 4 min old" })).toBe("hit · 4 min old");
    expect(said({ from: "last-good", facts: "412 records" })).toBe("last good output · 412 records");
  });

  it("says how undoing goes", () => {
    const undo = { attempts: 2, maxAttempts: 3 } as const;
    expect(said({ undo: { ...undo, status: "ready" } })).toBe("to be undone");
    expect(said({ undo: { ...undo, status: "running" } })).toBe("undoing · try 2 of 3");
    expect(said({ undo: { ...undo, status: "waiting", retryAt: NOW + 3_000 } })).toBe("undoing · try 3 of 3 in 3 s");
    expect(said({ undo: { ...undo, status: "failed", error: { type: "timeout", message: "" } } })).toBe(
      "not undone · timeout",
    );
    const done = { ...undo, status: "completed", facts: "398 rows" } as const;
    expect(said({ status: "compensated", undo: done })).toBe("undone · 398 rows");
    expect(said({ status: "compensated" })).toBe("undone");
  });
});

describe("a card's signs", () => {
  it("differ for what was cached, retried, tolerated, undone and could not be undone", () => {
    expect(drawn({ status: "completed", cached: true })).toEqual([undefined, "cached", "s-cached has-state"]);
    expect(drawn({ status: "completed", retried: true })).toEqual(["retried", "completed", "s-completed has-state"]);
    expect(drawn({ status: "failed", tolerated: true })).toEqual([
      undefined,
      "failed",
      "s-failed has-state is-tolerated",
    ]);
    expect(drawn({ status: "completed", undo: "running" })).toEqual([
      "compensated",
      "running",
      "s-running has-state is-undo-running",
    ]);
    expect(drawn({ status: "completed", undo: "failed" })).toEqual([
      "compensated",
      "failed",
      "s-failed has-state is-undo-failed",
    ]);
    expect(drawn({ status: "compensated" })).toEqual([undefined, "compensated", "s-compensated has-state"]);
    expect(drawn({ status: "cancelled" })).toEqual([undefined, "cancelled", "s-cancelled"]);
  });
});

describe("circuit breakers on cards", () => {
  const row = { requests: 12, failures: 6, threshold: 5, successes: 0, needed: 3 } as const;
  const workflow = {
    id: "orders",
    components: [
      { id: "fetch", type: "http_request", circuit_breaker: { failure_threshold: 5 } },
      { id: "price", type: "http_request", circuit_breaker: { key: "erp" } },
      { id: "stock", type: "http_request", config: { circuit_breaker: { key: "erp" } } },
      { id: "log", type: "log" },
    ],
  };

  it("are shown where they let nothing or little through, on all that share one", () => {
    const marks = breakerMarks(workflow, [
      { ...row, key: "orders/fetch", workflowId: "orders", component: "fetch", state: "half-open" },
      { ...row, key: "erp@prod", environment: "prod", workflowId: "other", state: "open" },
    ]);
    expect([...marks].map(([id, { state }]) => [id, state])).toEqual([
      ["fetch", "half-open"],
      ["price", "open"],
      ["stock", "open"],
    ]);
  });

  it("say nothing while they are closed or another workflow's", () => {
    expect(
      breakerMarks(workflow, [
        { ...row, key: "orders/fetch", workflowId: "orders", component: "fetch", state: "closed" },
      ]).size,
    ).toBe(0);
    expect(
      breakerMarks(workflow, [{ ...row, key: "x/fetch", workflowId: "x", component: "fetch", state: "open" }]).size,
    ).toBe(0);
  });
});
