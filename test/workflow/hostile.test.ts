import { describe, expect, test } from "vitest";
import { check } from "@shared/workflow/check";
import { readWorkflow, type WorkflowFormat } from "@shared/workflow/file";

/** Text, its format, and the rule and line of the first thing said. */
const TEXTS: readonly (readonly [
  name: string,
  format: WorkflowFormat,
  text: () => string,
  rule: string,
  line: number,
])[] = [
  ["nothing", "yaml", () => "", "empty", 1],
  ["only comments", "yaml", () => "# to do\n", "empty", 1],
  ["a number", "yaml", () => "3", "no-workflow", 1],
  ["prose", "yaml", () => "Dear colleague,\nplease find attached\n", "no-workflow", 1],
  ["100 MB of [", "json", () => "[".repeat(100_000_000), "too-large", 1],
  ["100 MB of [ as YAML", "yaml", () => "[".repeat(100_000_000), "too-large", 1],
  ["4 MB of [", "yaml", () => "[".repeat(4_000_000), "too-deep", 1],
  ["4 MB of {", "yaml", () => "{a: ".repeat(1_000_000), "too-deep", 1],
  ["2 MB of dashes", "yaml", () => "- ".repeat(1_000_000), "too-deep", 1],
  ["2 MB of [ as JSON", "json", () => "[".repeat(2_000_000), "too-deep", 1],
  [
    "300 levels of indentation",
    "yaml",
    () => Array.from({ length: 300 }, (_, n) => `${" ".repeat(n)}a:`).join("\n"),
    "too-deep",
    202,
  ],
  ["a picture", "yaml", () => "\u0089PNG\r\n\u001a\n\0\0\0\rIHDR", "binary", 2],
  [
    "nine laughs",
    "yaml",
    () =>
      [
        "a: &a [x, x, x, x, x, x, x, x, x]",
        ..."bcdefghi"
          .split("")
          .map((name, n) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[n]}`).join(", ")}]`),
      ].join("\n"),
    "too-many-aliases",
    1,
  ],
  [
    "a long text a hundred thousand times",
    "yaml",
    () => `a: &a ${"long ".repeat(10_000)}\nb: [${"*a, ".repeat(50_000)}*a]\n`,
    "too-many-aliases",
    1,
  ],
  ["five megabytes of pairs in a list", "yaml", () => `id: x\nb: [${"a: 1, ".repeat(800_000)}a: 1]\n`, "too-large", 2],
  ["a million aliases", "yaml", () => `id: x\na: &a 1\nb:\n${"- *a\n".repeat(900_000)}`, "too-large", 2],
  ["a million items and a tab", "yaml", () => `id: x\nb:\n${"-\n".repeat(1_000_000)}c:\t1\n`, "too-large", 1_000_003],
  ["two million braces", "yaml", () => `id: x\nname: ${"}}".repeat(2_000_000)}\n`, "too-large", 2],
  ["two million blank lines", "yaml", () => "\n".repeat(2_000_000) + "a:\t1", "too-large", 2_000_001],
  ["six million mappings", "json", () => `{"id": "x", "a": [${"{},".repeat(6_000_000)}{}]}`, "too-large", 1],
  ["two million nothings", "yaml", () => `id: x\na:\n${"-\n".repeat(2_100_000)}`, "too-large", 2_000_003],
  [
    "five thousand names nobody knows",
    "json",
    () => {
      const config = { message: "{{ nobody.output }}" };
      return JSON.stringify({
        id: "x",
        components: Array.from({ length: 5_000 }, (_, n) => ({ id: `c${n}`, type: "log", config })),
      });
    },
    "too-many-components",
    1,
  ],
  ["a value in itself", "yaml", () => "a: &a [*a]", "syntax", 1],
  ["a tab for indentation", "yaml", () => "id: x\ncomponents:\n\t- id: y\n", "syntax", 3],
  ["a key twice", "yaml", () => "id: x\nname: a\nname: b\ncomponents: []\n", "duplicate-key", 3],
  ["a key twice in JSON", "json", () => '{"id": "x",\n "components": [],\n "id": "y"}', "duplicate-key", 3],
  ["two documents", "yaml", () => "id: x\n---\nid: y\n", "syntax", 2],
  ["a quote that is open", "yaml", () => 'id: x\nname: "y\ncomponents: []\n', "syntax", 2],
  ["a megabyte of open quotes", "yaml", () => "x: 'abc\n".repeat(130_000), "syntax", 1],
  [
    "an error far down",
    "yaml",
    () => `${"# a comment\n".repeat(100_000)}id: x: y\n${"y: 1\n".repeat(10_000)}`,
    "syntax",
    100_001,
  ],
  [
    "300,000 mappings on a line",
    "yaml",
    () => `id: x\ncomponents: [${"{},".repeat(300_000)}]`,
    "too-many-components",
    2,
  ],
  [
    "fifty thousand on a line that wants the library",
    "yaml",
    () => `id: x\n? y\n: [${"{},".repeat(50_000)}]\ncomponents: 5\n`,
    "unknown-key",
    2,
  ],
  [
    "a million dashes below one another",
    "yaml",
    () => `id: x\ncomponents: 5\nmore:\n${"- a\n".repeat(1e6)}`,
    "shape",
    2,
  ],
  ["a comma too many", "json", () => '{"id": "x",\n}', "syntax", 2],
  ["text after the end", "json", () => '{"id": "x"}\n]', "syntax", 2],
  ["a list as a key", "yaml", () => "id: x\n? [a]\n: b\n", "syntax", 2],
  ["infinity", "yaml", () => "id: x\nlimit: .inf\n", "syntax", 2],
  ["wrong shapes", "yaml", () => "id: x\ncomponents: 5\n", "shape", 2],
];

describe("hostile text gets a sentence with a place, soon", () => {
  test.each(TEXTS)("%s", { timeout: 60_000 }, (_name, format, text, rule, line) => {
    const content = text();
    // What reads a text again and again takes minutes for these, on any machine; the time limit of a test sees that.
    const findings = check(readWorkflow(content, format));
    expect(findings[0]).toMatchObject({ rule, place: { line } });
    expect(findings[0]!.message.length).toBeLessThan(300);
  });
});

test("a byte order mark and CRLF neither shift places nor get lost", () => {
  const text = "\ufeffid: x\r\ncomponents:\r\n  - {id: y, type: gone}\r\n";
  const document = readWorkflow(text, "yaml");
  expect(document.text).toBe(text);
  expect(document.workflow?.id).toBe("x");
  expect(document.place(["id"])).toMatchObject({ line: 1, column: 5 });
  expect(check(document).find(({ severity }) => severity === "error")).toMatchObject({
    rule: "unknown-type",
    place: { line: 3, column: 19, endColumn: 23 },
  });
});

test("keys such as __proto__ stay keys", () => {
  for (const [text, format] of [
    ['{"id": "x", "components": [], "__proto__": {"polluted": true}}', "json"],
    ["id: x\ncomponents: []\n__proto__:\n  polluted: true\n", "yaml"],
  ] as const) {
    const { workflow } = readWorkflow(text, format);
    expect((workflow as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.hasOwn(workflow!, "__proto__")).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  }
});

test("what has the wrong shape is left out and told, the rest is read", () => {
  const { workflow, problems } = readWorkflow(
    "id: 5\nname: [x]\ncomponents:\n  - {id: a, type: log, disabled: maybe}\n  - text\nconnections:\n  - {source: a, type: sometimes}\n",
    "yaml",
  );
  expect(workflow).toMatchObject({
    id: "5",
    components: [
      { id: "a", type: "log" },
      { id: "", type: "" },
    ],
    connections: [{ source: "a", target: "" }],
  });
  expect(problems.map(({ place, severity }) => [place.line, severity])).toEqual([
    [1, "warning"],
    [2, "error"],
    [4, "error"],
    [5, "error"],
    [7, "error"],
    [7, "error"],
  ]);
});
