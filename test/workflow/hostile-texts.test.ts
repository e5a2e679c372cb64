import { describe, expect, it } from "vitest";
import { evaluateTemplate } from "@shared/expression/evaluate";
import { isMentioned } from "@shared/expression/mention";
import { escapeTemplate } from "@shared/expression/scan";
import { compileTemplate } from "@shared/expression/template";
import { check } from "@shared/workflow/check";
import { suggestionsAt } from "@shared/workflow/completion";
import { readWorkflow } from "@shared/workflow/file";
import { printScalar } from "@shared/workflow/source/print";
import { readTrigger } from "@shared/workflow/triggers/read";
import { read } from "../../src-main/library/reading";
import { usesConnection, usesSecret } from "../../src-main/trust/usage";

const MANY = 1_000_000;

// A search that begins anew at each character takes minutes for these; the time limit of a test sees that.
describe("a long run of one character takes no longer than its length", () => {
  it("blank lines before an id", () => {
    expect(read(`${"\n".repeat(MANY)}id: "w\n`, "yaml").id).toBe("w");
  });

  it("backslashes before braces", () => {
    expect(escapeTemplate("\\".repeat(MANY))).toHaveLength(MANY);
    expect(escapeTemplate("\\{{ \\\\{{")).toBe("\\\\\\{{ \\\\\\\\\\{{");
  });

  it("braces before a name", () => {
    expect(isMentioned("{{".repeat(MANY), "secrets")).toBe(false);
    expect(isMentioned("a {{ secrets.x }} b", "secrets")).toBe(true);
    expect(isMentioned("{{ a }} secrets", "secrets")).toBe(false);
  });

  it("digits of a number, signs of base64", () => {
    const value = (text: string, digits: string): unknown => {
      const made = compileTemplate(text);
      if (!made.ok) throw new Error(made.problem.kind);
      const names = { digits };
      return evaluateTemplate(made.value, { names, now: 0, random: () => 0, budget: { ms: 60_000 } }).ok;
    };
    expect(value("{{ double(digits) }}", `${"1".repeat(MANY)}!`)).toBe(false);
    expect(value("{{ base64_decode(digits) }}", `${"=".repeat(MANY)}!`)).toBe(false);
    expect(value("{{ double(digits) }}", "12.e3")).toBe(true);
  });

  it("line breaks and slashes in what is written and read", () => {
    expect(printScalar(`a${"\n".repeat(MANY)}b`, 2)).toContain("b");
    expect(printScalar(`a${"\t".repeat(MANY)}!\n`, 2)).toContain("!");
    expect(readTrigger({ type: "webhook", method: "POST", path: `a${"/".repeat(MANY)}!` })).toBeDefined();
  });

  it("an id of digits", () => {
    const text = JSON.stringify({ id: "w", components: [{ id: `log${"1".repeat(MANY)}!`, type: "log" }] });
    expect(check(readWorkflow(text, "json")).length).toBeGreaterThan(0);
  });
});

it("a name with marks of an expression stands for itself", () => {
  const parameters = { "a(b": { type: "string", sensitive: true }, "(x+)+": { type: "string", sensitive: true } };
  const source = 'return parameters["a(b"];';
  const components = [{ id: "c", type: "code", config: { language: "javascript", source } }];
  const found = check(readWorkflow(JSON.stringify({ id: "w", parameters, components }), "json"));
  expect(found.map(({ rule }) => rule)).toContain("sensitive-through-code");
  const text = 'id: w\noutputs:\n  (x+)+[: "{{ a';
  expect(suggestionsAt(readWorkflow(text, "yaml"), text.length, {})).toBeDefined();
  expect(usesSecret([{ id: "w", text: "{{ secrets['a(b'] }}" }], "a(b")).toEqual(["w"]);
  expect(usesConnection([{ id: "w", text: "connection: a(b\n" }], "a(b")).toEqual(["w"]);
});
