import { describe, expect, test } from "vitest";
import { evaluateTemplate, type Scope } from "@shared/expression/evaluate";
import { sentence } from "@shared/expression/problem";
import { compileTemplate } from "@shared/expression/template";

const names = Object.assign(Object.create(null), {
  n: 3,
  half: 2.5,
  zero: 0,
  name: "Ada",
  flag: true,
  nothing: null,
  xs: [3, 1, 2],
  words: ["b", "a", "b"],
  customer: { email: "ada@x.org", tags: ["vip", "eu"], address: { city: "Nairobi" }, note: null },
  orders: [
    { id: 1, total: 30, country: "KE" },
    { id: 2, total: 10, country: "SE" },
    { id: 3, total: 20, country: "KE" },
  ],
  fetch: { status: 200, output: { "odd key": 1 } },
});

function scope(extra: Partial<Scope> = {}): Scope {
  let seed = 0;
  return { names, now: Date.UTC(2026, 2, 1, 8, 30), random: () => (seed = (seed + 0.37) % 1), ...extra };
}

function value(source: string): unknown {
  const compiled = compileTemplate(`{{${source}}}`);
  if (!compiled.ok) return `problem: ${compiled.problem.kind}`;
  const result = evaluateTemplate(compiled.value, scope());
  return result.ok ? result.value.json : `problem: ${result.problem.kind}`;
}

const table: readonly (readonly [string, unknown])[] = [
  // arithmetic
  ["1 + 2 * 3", 7],
  ["5 / 2", 2],
  ["5.0 / 2.0", 2.5],
  ["5 % 3", 2],
  ["-7 / 2", -3],
  ["n / 2", 1.5],
  ["n * 2", 6],
  ["2 * n", 6],
  ["n + 1", 4],
  ["n - half", 0.5],
  ["n % 2 == 1", true],
  ["xs[n - 2]", 1],
  ["1 / 0", "problem: division"],
  ["n / zero", "problem: division"],
  ["9223372036854775807 + 1", "problem: overflow"],
  ["9223372036854775808", "problem: overflow"],
  ["-9223372036854775808 + 9223372036854775807", -1],
  ["9007199254740993", "problem: overflow"],
  ["9007199254740992", 9007199254740992],
  ["n * 9007199254740992", "problem: overflow"],
  ["0x1F", 31],
  ["1u + 2u", 3],
  ["1e3", 1000],
  ["-n", -3],
  // comparison
  ["n == 3", true],
  ["n == 3.0", true],
  ["3 == 3.0", true],
  ["n != 4", true],
  ["n > 2 && n <= 3", true],
  ["name < 'B'", true],
  ["'1' == 1", false],
  ["name > 1", "problem: type"],
  ["[1, 2.0] == [1.0, 2]", true],
  ["{'a': 1} == {'a': 1.0}", true],
  ["customer == {}", false],
  ["null == nothing", true],
  ["flag == true", true],
  // logic
  ["true || missing", true],
  ["missing || true", true],
  ["false && missing", false],
  ["missing && false", false],
  ["missing && true", "problem: unknown-name"],
  ["!flag", false],
  ["!n", "problem: type"],
  ["flag ? 1 : 'a'", 1],
  ["n ? 1 : 2", "problem: type"],
  // text
  ["'a' + 'b'", "ab"],
  ["'a' + 1", "problem: type"],
  ["'a' + string(n)", "a3"],
  ["size('žluť😀')", 5],
  ["name.startsWith('A') && name.endsWith('a') && name.contains('d')", true],
  ["name.lower() + upper(name)", "adaADA"],
  ["trim('  a ') + ' b '.trim()", "ab"],
  ["split('a,b,c', ',')", ["a", "b", "c"]],
  ["'a,b,c'.split(',', 2)", ["a", "b,c"]],
  ["join(['a', 'b'], '-')", "a-b"],
  ["words.join(', ')", "b, a, b"],
  ["xs.join('+')", "3+1+2"],
  ["replace('a.b.c', '.', '/')", "a/b/c"],
  ["'a.b.c'.replace('.', '/', 1)", "a/b.c"],
  ["'hello'.indexOf('l')", 2],
  ["'hello'.lastIndexOf('l')", 3],
  ["'hello'.substring(1, 3)", "el"],
  ["'hello'.substring(9)", "problem: range"],
  ["'ab12'.matches('^[a-z]+[0-9]+$')", true],
  ["matches('x', '(')", "problem: pattern"],
  ["pad_start(n, 3, '0')", "003"],
  ["r'\\d'", "\\d"],
  ["'\\u00e9'", "é"],
  ['"""a\nb"""', "a\nb"],
  // fields
  ["customer.address.city", "Nairobi"],
  ["customer['email']", "ada@x.org"],
  ["fetch.output['odd key']", 1],
  ["xs[0]", 3],
  ["xs[9]", "problem: missing-field"],
  ["xs['a']", "problem: type"],
  ["customer.phone", "problem: missing-field"],
  ["customer.note.text", "problem: missing-field"],
  ["name.length", "problem: missing-field"],
  ["custmer.email", "problem: unknown-name"],
  ["has(customer.email)", true],
  ["has(customer.phone)", false],
  ["has(customer.note)", true],
  ["has(customer.note.text)", false],
  ["has(customer)", "problem: arguments"],
  ["customer.?email", "ada@x.org"],
  ["customer.?phone", null],
  ["customer.?phone.number", null],
  ["customer.?address.city", "Nairobi"],
  ["customer.?phone.orValue('none')", "none"],
  ["customer.?address.?city.orValue('none')", "Nairobi"],
  ["xs[?9].orValue(0)", 0],
  ["optional.of(1).hasValue()", true],
  ["optional.none().or(optional.of(2)).value()", 2],
  ["default(customer.phone, 'none')", "none"],
  ["default(missing, 1)", 1],
  ["default(missing.deeply.so, 1)", 1],
  ["default(nothing, 1)", 1],
  ["default(customer.?phone, 1)", 1],
  ["default(n, 1)", 3],
  ["default(customer.tags[7], 'x')", "x"],
  ["default(n.field, 1)", 1],
  ["default(xs.field.deeper, 1)", 1],
  ["default(upper(missing), 'x')", "x"],
  ["default(n / zero, 1)", "problem: division"],
  // lists and maps
  ["2 in xs", true],
  ["'a' in words && !('z' in words)", true],
  ["'email' in customer", true],
  ["1 in 2", "problem: type"],
  ["[1] + [n]", [1, 3]],
  ["{'a': n, 'b': [1]}", { a: 3, b: [1] }],
  ["size(xs) + xs.size()", 6],
  ["xs.map(x, x * 2)", [6, 2, 4]],
  ["xs.map(x, x > 1, x * 2)", [6, 4]],
  ["xs.filter(x, x > 1)", [3, 2]],
  ["xs.all(x, x > 0)", true],
  ["xs.exists(x, x == 2)", true],
  ["xs.exists_one(x, x > 1)", false],
  ["xs.map(x, xs.filter(y, y < x).map(z, z + x))", [[4, 5], [], [3]]],
  ["customer.tags.exists(t, t == 'vip' || t.missing)", true],
  ["customer.address.map(k, k)", ["city"]],
  ["n.map(x, x)", "problem: type"],
  ["cel.bind(a, n + 1, a * a)", 16],
  ["xs.map(name, name)", [3, 1, 2]],
  ["sum(xs)", 6],
  ["orders.map(o, o.total).sum()", 60],
  ["sum([])", 0],
  ["avg(xs)", 2],
  ["avg([])", "problem: range"],
  ["min(xs) + max(4, 9)", 10],
  ["distinct(words)", ["b", "a"]],
  ["distinct([1, 1.0, '1'])", [1, "1"]],
  ["sort(xs)", [1, 2, 3]],
  ["sort_by(orders, 'total').map(o, o.id)", [2, 3, 1]],
  ["orders.sort_by('total', 'desc').map(o, o.id)", [1, 3, 2]],
  ["orders.sort_by(o, -o.total).map(o, o.id)", [1, 3, 2]],
  ["group_by(orders, 'country').KE.map(o, o.id)", [1, 3]],
  ["orders.group_by(o, o.total >= 20)['true'].size()", 2],
  ["flatten([[1], [2, [3]], 4])", [1, 2, [3], 4]],
  ["flatten([[1, [2]]], 2)", [1, 2]],
  ["reverse(xs)", [2, 1, 3]],
  ["first(xs).orValue(0) + last(xs).orValue(0)", 5],
  ["first([])", null],
  ["keys(customer.address)", ["city"]],
  ["merge(customer.address, {'zip': '1'})", { city: "Nairobi", zip: "1" }],
  ["range(3)", [0, 1, 2]],
  // conversions
  ["int('42') + int(2.9) + int(n)", 47],
  ["int('x')", "problem: conversion"],
  ["double('1.5') + double(1)", 2.5],
  ["bool('true')", true],
  ["string(1.5) + string(true)", "1.5true"],
  ["type(1) == int && type(n) == double && type(customer) == map", true],
  ["type('a')", "string"],
  ["round(2.345, 2) + round(2.5)", 5.35],
  ["round(1.005, 2)", 1.01],
  ["floor(2.7) + ceil(2.1) + abs(-1)", 6],
  // codecs
  ["json({'a': [1, null]})", '{"a":[1,null]}'],
  ["parse_json('{\"a\": 1}').a", 1],
  ["base64('héllo')", "aMOpbGxv"],
  ["base64_decode('aMOpbGxv')", "héllo"],
  ["hash('abc')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ["hash('')", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["b'abc'", "YWJj"],
  // time
  ["now()", "2026-03-01T08:30:00Z"],
  ["now() - duration('1h30m')", "2026-03-01T07:00:00Z"],
  ["timestamp('2026-03-02') - timestamp('2026-03-01') == duration('24h')", true],
  ["timestamp('2026-03-01T00:00:00+03:00')", "2026-02-28T21:00:00Z"],
  ["now() > timestamp('2026-01-01T00:00:00Z')", true],
  ["now().getFullYear() * 100 + now().getMonth() + 1", 202603],
  ["now().getHours('Africa/Nairobi')", 11],
  ["now().getHours('+05:00')", 13],
  ["now().getHours('Mars/Base')", "problem: range"],
  ["now().getDayOfWeek()", 0],
  ["duration('90s').getMinutes()", 1],
  ["string(duration('1m') + duration('500ms'))", "60.5s"],
  ["timestamp('yesterday')", "problem: conversion"],
  ["timestamp(1772353800) == now()", true],
  ["random() < 1.0", true],
  ["uuid().matches('^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$')", true],
  // faults in the text
  ["", "problem: syntax"],
  ["n +", "problem: syntax"],
  ["if", "problem: syntax"],
  ["nope(1)", "problem: unknown-function"],
  ["upper()", "problem: arguments"],
  ["upper(1)", "problem: arguments"],
  ["xs.map(1, 2)", "problem: syntax"],
];

describe("the language", () => {
  test.each(table)("%s", (source, expected) => {
    const result = value(source);
    if (typeof expected === "number" && !Number.isInteger(expected)) expect(result).toBeCloseTo(expected, 10);
    else expect(result).toEqual(expected);
  });
});

describe("a problem", () => {
  function problem(text: string) {
    const compiled = compileTemplate(text);
    if (!compiled.ok) return compiled.problem;
    const result = evaluateTemplate(compiled.value, scope());
    if (result.ok) throw new Error(`no problem in ${text}`);
    return result.problem;
  }

  test("names the expression, its place and the nearest name", () => {
    const found = problem("Dear {{ custmer.email }}");
    expect(found).toMatchObject({
      kind: "unknown-name",
      name: "custmer",
      nearest: "customer",
      at: { from: 8, to: 15 },
    });
    expect(sentence(found)).toBe("Nothing is called `custmer` in `custmer.email`; did you mean `customer`?");
  });

  test("names the nearest field", () => {
    const found = problem("{{ customer.emial }}");
    expect(found).toMatchObject({ kind: "missing-field", name: "emial", nearest: "email", at: { from: 12, to: 17 } });
  });

  test("names the nearest function", () => {
    expect(problem("{{ uper(name) }}")).toMatchObject({ kind: "unknown-function", nearest: "upper" });
    expect(problem("{{ xs.fliter(x, x) }}")).toMatchObject({ kind: "unknown-function", nearest: "filter" });
  });

  test("says what a wrong operand was", () => {
    expect(sentence(problem("{{ 'a' + n }}"))).toBe(
      "`+` does not work on text and a number; turn a value into text with `string(…)` in `'a' + n`.",
    );
  });
});
