import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluateCondition, evaluateTemplate, Marked, type Scope } from "@shared/expression/evaluate";
import { escapeTemplate } from "@shared/expression/scan";
import { compileCondition, compileTemplate, isHeavy } from "@shared/expression/template";
import { mapTemplates, templateStrings } from "@shared/expression/walk";

function scopeOf(names: { readonly [name: string]: unknown }): Scope {
  return { names: Object.assign(Object.create(null), names) };
}

function evaluated(text: string, names: { readonly [name: string]: unknown } = {}) {
  const compiled = compileTemplate(text);
  if (!compiled.ok) throw new Error(compiled.problem.kind);
  const result = evaluateTemplate(compiled.value, scopeOf(names));
  if (!result.ok) throw new Error(result.problem.kind);
  return result.value;
}

const render = (text: string, names: { readonly [name: string]: unknown } = {}) => evaluated(text, names).json;

describe("a template", () => {
  test("that is exactly one expression keeps the value's type", () => {
    expect(render("{{ xs }}", { xs: [1, 2] })).toEqual([1, 2]);
    expect(render("{{xs[0]}}", { xs: [1, 2] })).toBe(1);
    expect(render("{{ a }}{{ b }}", { a: 1, b: 2 })).toBe("12");
    expect(render(" {{ a }}", { a: 1 })).toBe(" 1");
  });

  test("joins text with lists and numbers as JSON and null as nothing", () => {
    const names = { a: [1, "x"], b: null, c: 2.5, d: "text", e: { k: true } };
    expect(render("{{a}}|{{b}}|{{c}}|{{d}}|{{e}}", names)).toBe('[1,"x"]||2.5|text|{"k":true}');
  });

  test("ends where CEL says, so texts and maps may hold braces", () => {
    expect(render("{{ '}}' }}")).toBe("}}");
    expect(render("{{ {'a': {'b': 1}} }}")).toEqual({ a: { b: 1 } });
    expect(render("{{{'a':{'b':1}}}}")).toEqual({ a: { b: 1 } });
    expect(render('x{{ "\\"}}" }}y')).toBe('x"}}y');
    expect(render("{{ r'\\\\d' }}}")).toBe("\\\\d}");
    expect(render("{{ '''a'}}b''' }}")).toBe("a'}}b");
    expect(render("{{ 1 // }}+{{ 2 }}")).toBe("1+2");
  });

  test("takes a backslash before braces as an escape, and only there", () => {
    expect(render("\\{{ a }}")).toBe("{{ a }}");
    expect(render("\\\\{{ a }}", { a: 1 })).toBe("\\1");
    expect(render("\\\\\\{{ a }}")).toBe("\\{{ a }}");
    expect(render("C:\\dir {{ a }}", { a: 1 })).toBe("C:\\dir 1");
  });

  test("that is not closed is a problem with a place", () => {
    const compiled = compileTemplate("a {{ b");
    expect(compiled).toMatchObject({ ok: false, problem: { kind: "syntax", at: { from: 2, to: 6 } } });
    expect(compileTemplate("{{ 'a }}").ok).toBe(false);
    expect(compileTemplate("{{ (a }}").ok).toBe(false);
    expect(compileTemplate("{{ }}").ok).toBe(false);
  });

  test("says which names it uses, with their fields and places", () => {
    const text = "x {{ a.b['c'][0].map(i, i.d + e).size() + default(f.g, h) }}";
    const compiled = compileTemplate(text);
    if (!compiled.ok) throw new Error(compiled.problem.kind);
    const names = compiled.value.expressions.flatMap((e) => e.names);
    expect(names.map((n) => [n.name, ...n.fields.map((f) => f.key)].join("."))).toEqual(["a.b.c.0", "e", "f.g", "h"]);
    expect(names.map((n) => n.guarded)).toEqual([false, false, true, false]);
    for (const name of names) {
      expect(text.slice(name.at.from, name.at.to)).toBe(name.name);
      for (const field of name.fields) {
        const written = text.slice(field.at.from, field.at.to);
        expect(written).toBe(field.quoted ? `'${field.key}'` : String(field.key));
      }
    }
  });

  test("that only names a value says its path", () => {
    const pathOf = (text: string) => {
      const compiled = compileTemplate(text);
      return compiled.ok ? compiled.value.single?.path : undefined;
    };
    expect(pathOf("{{ a.b[0]['c d'] }}")).toEqual(["a", "b", 0, "c d"]);
    expect(pathOf("{{ components['x'].output }}")).toEqual(["components", "x", "output"]);
    expect(pathOf("{{ a.?b }}")).toBeUndefined();
    expect(pathOf("{{ a[i] }}")).toBeUndefined();
    expect(pathOf("{{ a + 1 }}")).toBeUndefined();
  });

  test("knows when it goes through lists", () => {
    const heavy = (text: string) => {
      const compiled = compileTemplate(text);
      return compiled.ok && compiled.value.single !== undefined && isHeavy(compiled.value.single);
    };
    expect(heavy("{{ xs.map(x, x) }}")).toBe(true);
    expect(heavy("{{ name.matches('a') }}")).toBe(true);
    expect(heavy("{{ 1 + sum(xs) }}")).toBe(true);
    expect(heavy("{{ name.startsWith('a') }}")).toBe(false);
  });

  test("law: escaped text stands for itself", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("{{", "}}", "{", "\\", "a", "{{ x }}", "'"), { maxLength: 12 }), (bits) => {
        const text = bits.join("");
        const compiled = compileTemplate(escapeTemplate(text));
        expect(compiled).toMatchObject({ ok: true, value: { literal: text } });
      }),
    );
  });

  test("law: any JSON literal written in CEL comes back", () => {
    fc.assert(
      fc.property(jsonish, (json) => {
        // JSON has no negative zero.
        expect(render(`{{ ${JSON.stringify(json)} }}`)).toEqual(JSON.parse(JSON.stringify(json)));
      }),
    );
  });

  test("law: any text compiles or gives a problem inside the text", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(..."{{}}'\"\\()[]?:.,ab1 +-/!&|\n"), { maxLength: 30 }), (bits) => {
        const text = `{{${bits.join("")}}}`;
        const compiled = compileTemplate(text);
        if (compiled.ok) return;
        expect(compiled.problem.at.from).toBeGreaterThanOrEqual(0);
        expect(compiled.problem.at.to).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

// CEL has no lone surrogates, and a number literal keeps JSON's meaning only without an exponent beyond doubles.
const jsonish = fc
  .jsonValue({ maxDepth: 3, stringUnit: "grapheme" })
  .filter(
    (json) =>
      !/-0\b|__proto__|\\u/.test(JSON.stringify(json)) &&
      !/\d{16}|e/.test(JSON.stringify(json).replace(/"(?:[^"\\]|\\.)*"/g, "")),
  );

describe("a condition", () => {
  const judge = (text: string, names: { readonly [name: string]: unknown } = {}) => {
    const compiled = compileCondition(text);
    return compiled.ok ? evaluateCondition(compiled.value, scopeOf(names)) : compiled;
  };

  test("works with and without braces", () => {
    expect(judge("n == 1", { n: 1 })).toEqual({ ok: true, value: true });
    expect(judge("  {{ n == 1 }}\n", { n: 2 })).toEqual({ ok: true, value: false });
    expect(judge("{{fetch.failed}}", { fetch: { failed: true } })).toEqual({ ok: true, value: true });
    expect(judge("{'a': 1}.a == 1")).toEqual({ ok: true, value: true });
  });

  test("must be true or false", () => {
    expect(judge("n", { n: 1 })).toMatchObject({ ok: false, problem: { kind: "type", expression: "n" } });
    expect(judge("m.?x", { m: {} })).toMatchObject({ ok: false, problem: { kind: "type" } });
  });

  test("is one expression", () => {
    expect(judge("{{ a }} == 'x'", { a: "x" })).toMatchObject({ ok: false, problem: { kind: "syntax" } });
    expect(judge("")).toMatchObject({ ok: false, problem: { kind: "syntax" } });
  });

  test("knows its type when its text tells", () => {
    const type = (text: string) => {
      const compiled = compileCondition(text);
      return compiled.ok ? compiled.value.single?.type : undefined;
    };
    expect(["a == b", "'x'", "a + 1", "size(a)", "a.b", "a ? 'x' : 'y'"].map(type)).toEqual([
      "bool",
      "string",
      "unknown",
      "number",
      "unknown",
      "string",
    ]);
  });
});

describe("a sensitive value", () => {
  const names = {
    secrets: Object.assign(Object.create(null), { KEY: new Marked("s3cret") }),
    customer: { name: "Ada", email: new Marked("ada@x.org") },
    list: [{ id: 1, card: new Marked({ number: "4111" }) }],
  };

  test.each([
    ["{{ secrets.KEY }}", true],
    ["Bearer {{ secrets.KEY }}", true],
    ["{{ customer.name }}", false],
    ["{{ customer }}", true],
    ["{{ json(customer) }}", true],
    ["{{ customer.email == 'x' }}", true],
    ["{{ has(secrets.KEY) }}", false],
    ["{{ default(secrets.KEY, '') }}", true],
    ["{{ list.map(x, x.id) }}", false],
    ["{{ list.map(x, x.card.number) }}", true],
    ["{{ list.map(x, x) }}", true],
    ["{{ upper(customer.email) }}", true],
    ["{{ 'ada@x.org' in [customer.email] }}", true],
    ["{{ sort_by(list, 'id').size() }}", false],
    ["{{ customer.?email }}", true],
    ["{{ size(customer) }}", false],
    ["{{ hash(list) }}", true],
  ])("%s marks its result: %s", (text, sensitive) => {
    expect(evaluated(text, names).sensitive).toBe(sensitive);
  });

  test("is the plain value in the result", () => {
    expect(render("{{ list }}", names)).toEqual([{ id: 1, card: { number: "4111" } }]);
    expect(render("{{ customer.email + '!' }}", names)).toBe("ada@x.org!");
  });
});

describe("names", () => {
  test("are read only when an expression needs them", () => {
    const read: string[] = [];
    const lazy = Object.create(null, {
      a: { enumerable: true, get: () => (read.push("a"), 1) },
      b: { enumerable: true, get: () => (read.push("b"), 2) },
    });
    const compiled = compileTemplate("{{ true ? a : b }}");
    if (!compiled.ok) throw new Error(compiled.problem.kind);
    expect(evaluateTemplate(compiled.value, { names: lazy })).toMatchObject({ ok: true, value: { json: 1 } });
    expect(read).toEqual(["a"]);
  });
});

describe("a config", () => {
  const config = {
    url: "{{ base }}/x",
    list: ["{{ a }}", 1, { deep: "{{ b }}" }],
    components: [{ config: "{{ never }}" }],
    plain: true,
    ["__proto__"]: "{{ p }}",
  };

  test("is walked string by string, without what belongs to members", () => {
    const opaque = (path: readonly (string | number)[]) => path.length === 1 && path[0] === "components";
    expect([...templateStrings(config, opaque)].map((s) => s.path.join("."))).toEqual([
      "url",
      "list.0",
      "list.2.deep",
      "__proto__",
    ]);
    const mapped = mapTemplates(config, ({ text }) => text.length, opaque);
    expect(JSON.stringify(mapped)).toBe(
      '{"url":12,"list":[7,1,{"deep":7}],"components":[{"config":"{{ never }}"}],"plain":true,"__proto__":7}',
    );
  });
});
