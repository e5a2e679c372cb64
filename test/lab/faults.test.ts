import { describe, expect, test } from "vitest";
import { type Fault, readFaults } from "../../src-main/lab/faults";
import { hits } from "../../src-main/lab/injector";

function read(text: string) {
  const plan = readFaults(text);
  if (!plan.ok) throw new Error(JSON.stringify(plan.problem));
  return plan.value;
}

function problems(text: string): readonly string[] {
  const plan = readFaults(text);
  return plan.ok ? [] : plan.problem.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe("a faults file", () => {
  test("says for each component what goes wrong", () => {
    const plan = read(`
seed: 7
crash_host_at_step: 12
faults:
  - {component: fetch, attempts: [1, 2], status: 503, retry_after: 2}
  - {component: "each/*/pay", rounds: [3], timeout: true}
  - {component: slow_*, latency_ms: 250}
  - {component: a, reset: true, probability: 0.5}
  - {component: b, body: {data: null}}
  - {component: c, error: {type: not_found, message: It is gone.}}
  - {component: d, crash_host: true}
`);
    expect(plan.seed).toBe("7");
    expect(plan.crashAtStep).toBe(12);
    expect(plan.faults.map(({ effect }) => effect)).toEqual([
      { kind: "status", status: 503, retryAfterMs: 2000 },
      { kind: "timeout" },
      undefined,
      { kind: "reset" },
      { kind: "body", body: { data: null } },
      { kind: "error", type: "not_found", message: "It is gone." },
      { kind: "crash" },
    ]);
  });

  test("says when it is so, and when the machine sleeps", () => {
    const plan = read("asleep: [{after: 2h, for: 30m}]\nfaults: [{component: a, during: {for: PT5M}, reset: true}]");
    expect(plan.asleep).toEqual([{ afterMs: 7_200_000, forMs: 1_800_000 }]);
    expect(plan.faults[0]?.during).toEqual({ afterMs: 0, forMs: 300_000 });
    expect(problems("asleep: 2h\nfaults: [{component: a, during: {after: soon, for: 1h}, reset: true}]")).toEqual([
      "2:33 during takes stretches such as {after: 2h, for: 30m}, counted from the start.",
      "1:9 asleep is a list of stretches such as {after: 2h, for: 30m}.",
    ]);
  });

  test("is told what is wrong with it, by line and column", () => {
    expect(
      problems(`faults:
  - {component: a, staus: 503}
  - {component: b, status: 200}
  - {status: 500}
  - {component: c, status: 500, reset: true}
  - {component: d, probability: 2, latency_ms: 1}
  - {component: e, error: {type: nonsense}}
  - {component: f, attempts: [0], reset: true}
`),
    ).toEqual([
      expect.stringMatching(/^2:20 staus is no key here/),
      expect.stringMatching(/^2:5 A fault says what happens/),
      "3:28 status has to be an HTTP status from 400 to 599.",
      "4:5 A fault needs component: an id, a path, or a pattern with *.",
      "5:40 One fault does one thing: status and reset are two.",
      "6:33 probability has to be a number from 0 to 1.",
      expect.stringMatching(/^7:27 error needs type, one of timeout/),
      "8:30 attempts has to be a list of whole numbers from 1.",
    ]);
    expect(problems("faults: {")[0]).toMatch(/^1:\d+ /);
    expect(problems("faults: [{component: &a pay, body: {id: *a}}]")).toEqual([
      "1:41 A faults file knows no aliases; write the value out.",
    ]);
    expect(problems(`faults: [${"a: 1, ".repeat(1_000_000)}]`)).toEqual([
      "1:1 A faults file has at most 100000 characters; this one has 6000010.",
    ]);
    expect(problems("- a")).toEqual(["1:1 A faults file is a mapping with the key faults."]);
  });
});

describe("a fault hits", () => {
  const always = (more: Partial<Fault>): Fault => ({ component: "pay", probability: 1, ...more });

  test("a component by id, path or pattern", () => {
    const work = { path: "each/3/pay", attempt: 1 };
    expect(hits(always({}), work, "s")).toBe(true);
    expect(hits(always({ component: "each/*/pay" }), work, "s")).toBe(true);
    expect(hits(always({ component: "p*" }), work, "s")).toBe(true);
    expect(hits(always({ component: "pa" }), work, "s")).toBe(false);
    expect(hits(always({ component: "p.y" }), work, "s")).toBe(false);
    expect(hits(always({}), { path: "pay~undo", attempt: 1 }, "s")).toBe(false);
    expect(hits(always({ component: "pay~undo" }), { path: "pay~undo", attempt: 1 }, "s")).toBe(true);
  });

  test("only the attempts and rounds it names", () => {
    expect(hits(always({ attempts: [2] }), { path: "pay", attempt: 1 }, "s")).toBe(false);
    expect(hits(always({ attempts: [2] }), { path: "pay", attempt: 2 }, "s")).toBe(true);
    expect(hits(always({ rounds: [3] }), { path: "each/3/pay", attempt: 1 }, "s")).toBe(true);
    expect(hits(always({ rounds: [3] }), { path: "each/4/pay", attempt: 1 }, "s")).toBe(false);
    expect(hits(always({ rounds: [3] }), { path: "pay", attempt: 1 }, "s")).toBe(false);
  });

  test("as often as its probability says, and the same ones for the same seed", () => {
    const fault = always({ probability: 0.3 });
    const of = (seed: string) =>
      Array.from({ length: 1000 }, (_, round) => hits(fault, { path: `each/${round}/pay`, attempt: 1 }, seed));
    const count = of("one").filter(Boolean).length;
    expect(count).toBeGreaterThan(240);
    expect(count).toBeLessThan(360);
    expect(of("one")).toEqual(of("one"));
    expect(of("one")).not.toEqual(of("two"));
  });
});
