import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { readQuickly } from "@shared/workflow/source/quick-yaml";
import { readWithLibrary } from "@shared/workflow/source/yaml-source";
import { BLOCK, samples } from "./texts";

/** Both readers agree, or the quick one leaves the text to the library. Gives whether it did read it. */
function agree(text: string): boolean {
  const quick = readQuickly(text);
  if (quick.kind === "beyond") return false;
  const { root, problems } = readWithLibrary(text);
  expect(problems, text).toEqual([]);
  expect(quick.root, text).toEqual(root);
  return true;
}

test("people's YAML is read quickly", () => {
  const yaml = samples.filter(({ format, text }) => format === "yaml" && !text.startsWith("{"));
  for (const { text } of yaml) expect(agree(text)).toBe(true);
});

test("a tab within a text behind | is read quickly", () => {
  expect(agree("a: |\n  if (x) {\n    return\ty;\n  }\t\n  z \t \nb: 1\n")).toBe(true);
  expect(agree("- |-\n  a\tb\n- c\n")).toBe(true);
});

test("anchors, tags, tabs, several documents and errors are left to the library", () => {
  const beyond = [
    "a: &x 1",
    "a: !t 1",
    "a:\t1",
    "a: >\n  x\ty\n",
    "a: |\n  x\n  \ty\n",
    "a: |\n  x\n   \t\n",
    "a: 1 # x\ty",
    "---\na: 1",
    "a: 1\n...",
    "? a\n: b",
    "a: 'x\n  y'",
    "a: x\n  y",
    "a: [1,\n 2]",
    "a: 1\na: 2",
    "a: b: c",
    "a: |+\n  x\n",
    " a: 1",
    "%YAML 1.2\n---\na: 1",
    "a",
    "",
    "- a\nb: 1",
  ];
  for (const text of beyond) expect(readQuickly(text), text).toMatchObject({ kind: "beyond" });
});

const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      "",
      "plain",
      "a: b",
      "x #y",
      "# c",
      "'",
      '"',
      "two\nlines",
      "lines\n",
      "if (a) {\n\treturn b;\t\n}\n",
      "tab\there\n  \tthere\n",
      " lead",
      "007",
      "1e3",
      "0x1f",
      "-",
      "- a",
      "true",
      "~",
      "é",
      "{{ a }}",
      "http://x.y/z",
      "[",
      "a,b",
      "key:",
      "\n\nx",
      "x\n\n  y\n",
      "!t",
      "%",
      "@",
      "-1",
      ".5",
    ),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("a", "b c", "200", "x-y", "é", "true", "a: b", "#h", "-", "{", "'q'"), tie("value"), {
      maxKeys: 4,
    }),
  ),
})).value;

test("whatever the quick reader reads it reads as the library does", () => {
  fc.assert(
    fc.property(
      value,
      fc.record({
        indentSeq: fc.boolean(),
        collectionStyle: fc.constantFrom("any", "block", "flow"),
        defaultStringType: fc.constantFrom("PLAIN", "QUOTE_DOUBLE", "QUOTE_SINGLE", "BLOCK_LITERAL"),
        lineWidth: fc.constantFrom(0, 20),
      }),
      (json, options) => {
        agree(stringify({ root: json }, options as never));
      },
    ),
    { numRuns: 1_500 },
  );
});

test("a damaged text is read alike or left to the library", () => {
  const pieces = fc.constantFrom(
    " ",
    "  ",
    "\t",
    "a: |\n  x\ty\t\n",
    "\n",
    "- ",
    ": ",
    "#",
    " # c",
    "'",
    '"',
    "{",
    "}",
    "[",
    "]",
    ",",
    "|",
    ">-",
    "x",
    "key: v\n",
    "\n\n",
    "\r\n",
    "&a ",
    "*a",
    "!",
    "?",
    "-",
    "0",
    "...",
    "---",
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: BLOCK.length }), fc.nat({ max: 6 }), pieces), { minLength: 1, maxLength: 3 }),
      (cuts) => {
        let text = BLOCK;
        for (const [at, length, insert] of cuts) text = text.slice(0, at) + insert + text.slice(at + length);
        agree(text);
      },
    ),
    { numRuns: 3_000 },
  );
});
