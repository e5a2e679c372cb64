import { describe, expect, test } from "vitest";
import { evaluateTemplate, type Scope } from "@shared/expression/evaluate";
import { compileTemplate } from "@shared/expression/template";

function outcome(source: string, names: { readonly [name: string]: unknown } = {}, budget: Scope["budget"] = {}) {
  const compiled = compileTemplate(`{{ ${source} }}`);
  if (!compiled.ok) return compiled.problem.kind;
  const result = evaluateTemplate(compiled.value, { names: Object.assign(Object.create(null), names), budget });
  return result.ok ? result.value.json : result.problem.kind;
}

describe("an expression reaches nothing of the host", () => {
  test.each([
    ["constructor.constructor('return process')()", "syntax"],
    ["constructor", "unknown-name"],
    ["toString", "unknown-name"],
    ["hasOwnProperty", "unknown-name"],
    ["globalThis", "unknown-name"],
    ["process.env", "unknown-name"],
    ["'a'.constructor", "missing-field"],
    ["'a'.length", "missing-field"],
    ["[].constructor", "missing-field"],
    ["{}.constructor", "missing-field"],
    ["o.constructor", "missing-field"],
    ["o['constructor']", "missing-field"],
    ["o.toString", "missing-field"],
    ["o['__proto__']", "missing-field"],
    ["o['__proto__']['polluted']", "missing-field"],
    ["has(o.constructor)", false],
    ["'constructor' in o", false],
    ["o.?constructor", null],
    ["{'__proto__': {'x': 1}}.?x", null],
    ["merge(o, {'__proto__': {'x': 1}}).?x", null],
    ['parse_json(\'{"__proto__": {"x": 1}}\').?x', null],
    ["parse_json('{\"__proto__\": {\"x\": 1}}')['__proto__'].x", 1],
    ["[{'k': '__proto__'}].group_by(i, i.k).keys()", ["__proto__"]],
    ["sort_by([o], 'constructor').size()", 1],
    ["now().constructor", "unknown-function"],
    ["eval('1')", "unknown-function"],
    ["o.valueOf()", "unknown-function"],
    ["__proto__", "syntax"],
    ["cel", "unknown-name"],
  ] as const)("%s", (source, expected) => {
    const got = outcome(source, { o: { a: 1 } });
    expect(Array.isArray(got) ? [...got] : got).toEqual(expected);
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});

describe("an evaluation stays within its budget", () => {
  const xs = Array.from({ length: 2_000 }, (_, i) => i);

  test("of steps", () => {
    expect(outcome("xs.map(a, xs.map(b, xs.map(c, a + b + c)))", { xs })).toBe("budget");
    expect(outcome("xs.exists(a, xs.all(b, xs.exists(c, c < 0)))", { xs })).toBe("budget");
    expect(outcome("xs.all(a, xs.all(b, xs.all(c, true))) || true", { xs })).toBe("budget");
    expect(outcome("xs.map(x, x)", { xs }, { steps: 100 })).toBe("budget");
    expect(outcome("range(100000000)", {})).toBe("budget");
  });

  test("of time, read from the clock it is given", () => {
    let ms = 0;
    const clock = () => (ms += 30);
    expect(outcome("xs.map(a, xs.map(b, a * b)).size()", { xs }, { clock })).toBe("budget");
    expect(outcome("xs.map(a, a * 2).size()", { xs }, { clock: () => 5 })).toBe(2_000);
  });

  test("of memory: doubling a text or a list ends early", () => {
    const nested = (of: string) =>
      "abcdefghijklmnopqrstuvwxyz0123456789"
        .split("")
        .reduce((body, _c, i) => `cel.bind(v${i}, ${i === 35 ? of : `v${i + 1} + v${i + 1}`}, ${body})`, "size(v0)");
    expect(outcome(nested("'0123456789'"))).toBe("budget");
    expect(outcome(nested("[1,2,3,4,5]"))).toBe("budget");
    expect(outcome("pad_start('a', 1000000000, 'b')")).toBe("budget");
    expect(outcome("s.replace('a', s)", { s: "a".repeat(100_000) })).toBe("budget");
  });

  test("of depth and length", () => {
    expect(outcome("(".repeat(5_000) + "1" + ")".repeat(5_000))).toBe("budget");
    expect(outcome("!".repeat(19_000) + "true")).toBe("budget");
    expect(outcome("1" + " + 1".repeat(4_000))).toBe("budget");
    expect(outcome("1" + " + 1".repeat(500))).toBe(501);
    expect(outcome("'" + "a".repeat(30_000) + "'")).toBe("budget");
    let deep: unknown = 1;
    for (let i = 0; i < 20_000; i++) deep = [deep];
    expect(outcome("default(deep, 1)", { deep })).toBe("budget");
  });

  test("and regular expressions are linear in the text", () => {
    const s = "a".repeat(20_000) + "!";
    const before = performance.now();
    expect(outcome("s.matches('^(a+)+$')", { s })).toBe(false);
    expect(outcome("s.matches('(a|aa)+$')", { s })).toBe(false);
    expect(outcome("s.matches('(.*)(.*)(.*)(.*)x')", { s: s.slice(0, 5_000) })).toBe(false);
    expect(outcome("s.matches('((a{1,100}){1,100}){1,100}')", { s })).toBe("pattern");
    expect(outcome("s.matches(s)", { s: "a".repeat(2_000) })).toBe("budget");
    expect(outcome("s.matches('[ab]*a[ab]{899}$')", { s: "ab".repeat(400_000) })).toBe("budget");
    // Backtracking would take longer than the age of the universe; the bound only tells the two apart.
    expect(performance.now() - before).toBeLessThan(20_000);
  });
});
