import { describe, expect, test } from "vitest";
import { applyEdit } from "@shared/workflow/apply";
import { check, type CheckContext } from "@shared/workflow/check";
import { readWorkflow } from "@shared/workflow/file";
import type { Finding } from "@shared/workflow/finding";

const CONTEXT: CheckContext = { workflowIds: ["fulfil_order"], secrets: ["api_token"], env: ["region"] };

function findings(yaml: string): readonly Finding[] {
  return check(readWorkflow(yaml, "yaml"), undefined, CONTEXT);
}

const HEAD = "id: customers\nname: Customers\n";
const FETCH =
  "  - id: fetch_all\n    type: http_request\n    config: {url: https://a.test}\n    retry_policy: {max_attempts: 3}\n";
const components = (...lines: string[]): string =>
  `${HEAD}components:\n${lines.map((line) => `  - ${line}\n`).join("")}`;
const withFetch = (...lines: string[]): string =>
  `${HEAD}components:\n${FETCH}${lines.map((line) => `  - ${line}\n`).join("")}`;
const log = (id: string, more = ""): string => `{id: ${id}, type: log, config: {message: hello}${more}}`;

/** Rule, a workflow it speaks up about (with the line it points at), and one it is silent about. */
const TABLE: readonly (readonly [rule: string, line: number, bad: string, good: string])[] = [
  ["duplicate-id", 5, components(log("greet"), log("greet")), components(log("greet"), log("greet_again"))],
  ["bad-id", 4, components(log("Greet-All")), components(log("greet_all"))],
  ["reserved-id", 4, components(log("input")), components(log("input_log"))],
  ["no-workflow", 1, "customer: Njeri\nsku: KB-101\namount: 2\n", "id: customers\nname: Customers\n"],
  ["no-workflow", 1, "foo: 1\nbar: 2\nbaz: 3\nqux: 4\n", "componets: []\n"],
  ["missing-id", 1, `components:\n  - ${log("greet")}\n`, components(log("greet"))],
  ["bad-version", 3, `${HEAD}version: new\ncomponents: []\n`, `${HEAD}version: 1.2.3\ncomponents: []\n`],
  [
    "name-clash",
    5,
    `${HEAD}parameters: {greet: {type: string}}\ncomponents:\n  - ${log("greet")}\n`,
    components(log("greet")),
  ],
  ["unknown-key", 4, components(log("greet", ", retries: 3")), components(log("greet", ", notes: x"))],
  ["unknown-type", 4, components("{id: fetch_all, type: htp_request}"), withFetch()],
  ["missing-config", 4, components("{id: fetch_all, type: http_request, retry_policy: {}}"), withFetch()],
  [
    "config-schema",
    4,
    components("{id: fetch_all, type: http_request, retry_policy: {}, config: {url: https://a.test, method: FETCH}}"),
    components(
      '{id: fetch_all, type: http_request, retry_policy: {}, config: {url: https://a.test, timeout: "{{ input_data.n }}"}}',
    ),
  ],
  [
    "unknown-component",
    4,
    components("{id: each_one, type: loop, config: {items: [1], components: [gone]}}"),
    components("{id: each_one, type: loop, config: {items: [1], components: [greet]}}", log("greet")),
  ],
  [
    "owned-twice",
    5,
    components(
      "{id: each_one, type: loop, config: {items: [1], components: [greet]}}",
      "{id: every_one, type: loop, config: {items: [1], components: [greet]}}",
      log("greet"),
    ),
    components("{id: each_one, type: loop, config: {items: [1], components: [greet]}}", log("greet")),
  ],
  [
    "ownership-cycle",
    4,
    components("{id: each_one, type: loop, config: {items: [1], components: [each_one]}}"),
    components("{id: each_one, type: loop, config: {items: [1], components: [greet]}}", log("greet")),
  ],
  [
    "dangling-connection",
    5,
    `${components(log("greet"))}connections: [{source: greet, target: great}]\n`,
    `${components(log("greet"), log("part"))}connections: [{source: greet, target: part}]\n`,
  ],
  [
    "ownership-border",
    6,
    `${components("{id: each_one, type: loop, config: {items: [1], components: [greet]}}", log("greet"))}connections: [{source: each_one, target: greet}]\n`,
    `${components(log("greet"), log("part"))}connections: [{source: greet, target: part}]\n`,
  ],
  [
    "duplicate-connection",
    8,
    `${components(log("greet"), log("part"))}connections:\n  - {source: greet, target: part}\n  - {source: greet, target: part}\n`,
    `${components(log("greet"), log("part"))}connections:\n  - {source: greet, target: part}\n  - {source: greet, target: part, type: error}\n`,
  ],
  [
    "cycle",
    7,
    `${components(log("greet"), log("part"))}connections:\n  - {source: greet, target: part}\n  - {source: part, target: greet}\n`,
    `${components(log("greet"), log("part"))}connections:\n  - {source: greet, target: part}\n`,
  ],
  [
    "unreachable",
    6,
    `${components(log("greet"), log("part"), log("leave"))}connections: [{source: greet, target: part}, {source: part, target: greet}, {source: part, target: leave}]\n`,
    components(log("greet"), log("leave")),
  ],
  [
    "unconnected",
    6,
    `${components(log("greet"), log("part"), log("leave"))}connections: [{source: greet, target: part}]\n`,
    components(log("greet"), log("part"), log("leave")),
  ],
  [
    "missing-condition",
    6,
    `${components(log("greet"), log("part"))}connections: [{source: greet, target: part, type: conditional}]\n`,
    `${components(log("greet"), log("part"))}connections: [{source: greet, target: part, condition: greet.completed}]\n`,
  ],
  [
    "unknown-case",
    6,
    `${components("{id: route_size, type: switch, config: {value: a, cases: [{id: small, equals: a}]}}", log("part"))}connections: [{source: route_size, target: part, case: smal}]\n`,
    `${components("{id: route_size, type: switch, config: {value: a, cases: [{id: small, equals: a}]}}", log("part"))}connections: [{source: route_size, target: part, case: small}]\n`,
  ],
  [
    "expression",
    4,
    components('{id: greet, type: log, config: {message: "{{ 1 + }}"}}'),
    components('{id: greet, type: log, config: {message: "{{ 1 + 1 }}"}}'),
  ],
  [
    "unknown-name",
    8,
    withFetch('{id: greet, type: log, config: {message: "{{ fetch_al.output }}"}}'),
    withFetch('{id: greet, type: log, config: {message: "{{ fetch_all.output }}"}}'),
  ],
  [
    "unknown-field",
    8,
    withFetch('{id: greet, type: log, config: {message: "{{ fetch_all.output.boddy }}"}}'),
    withFetch('{id: greet, type: log, config: {message: "{{ fetch_all.output.body.x.y }}"}}'),
  ],
  [
    "hidden-name",
    6,
    components(
      "{id: each_one, type: loop, config: {items: [1], components: [greet]}}",
      log("greet"),
      '{id: leave, type: log, config: {message: "{{ greet.output }}"}}',
    ),
    components(
      "{id: each_one, type: loop, config: {items: [1], components: [greet, part]}}",
      log("greet"),
      '{id: part, type: log, config: {message: "{{ greet.output }} {{ item }} {{ each_one.index }}"}}',
    ),
  ],
  [
    "not-yet-run",
    4,
    components('{id: greet, type: log, config: {message: "{{ leave.output }}"}}', log("leave")),
    components(log("greet"), '{id: leave, type: log, config: {message: "{{ greet.output }}"}}'),
  ],
  [
    "condition-type",
    4,
    components(log("greet", ', condition: "1 + 1 * 2.0 * 3"').replace("1 + 1 * 2.0 * 3", "'yes'")),
    components(log("greet", ", condition: 1 < 2")),
  ],
  [
    "expression-in-source",
    4,
    components('{id: compute, type: code, config: {source: "return {{ input_data.x }};"}}'),
    components('{id: compute, type: code, config: {source: "const a = {b: {c: 1}}; return input;"}}'),
  ],
  [
    "missing-workflow",
    4,
    components("{id: fulfil, type: workflow_call, config: {workflow_id: fulfil_ordr}}"),
    components("{id: fulfil, type: workflow_call, config: {workflow_id: fulfil_order}}"),
  ],
  [
    "undo-config",
    5,
    `${components(log("greet"))}compensation: {greet: {component: database_delete}}\n`,
    `${components(log("greet"))}compensation: {greet: {component: log, config: {message: undone}}}\n`,
  ],
  [
    "side-effect-not-undone",
    5,
    `${components(log("greet"), "{id: store, type: http_request, retry_policy: {}, config: {url: https://a.test, method: POST}}")}compensation: {greet: {component: log, config: {message: undone}}}\n`,
    `${components(log("greet"), "{id: store, type: http_request, retry_policy: {}, config: {url: https://a.test, method: POST}}")}compensation: {store: {component: log, config: {message: undone}}}\n`,
  ],
  [
    "unknown-trigger",
    5,
    `${components(log("greet"))}triggers: [{type: scedule}]\n`,
    `${components(log("greet"))}triggers: [{type: schedule, cron: "0 6 * * *"}]\n`,
  ],
  [
    "hard-coded-credential",
    4,
    components(
      "{id: fetch_all, type: http_request, retry_policy: {}, config: {url: https://a.test, headers: {X-API-Key: key_12345}}}",
    ),
    components(
      '{id: fetch_all, type: http_request, retry_policy: {}, config: {url: https://a.test, headers: {X-API-Key: "{{ secrets.api_token }}"}}}',
    ),
  ],
  [
    "sensitive-through-code",
    5,
    `${HEAD}parameters: {pin: {type: string, sensitive: true}}\ncomponents:\n  - {id: compute, type: code, config: {source: "return context.parameters.pin + 1;"}}\n`,
    `${HEAD}parameters: {pin: {type: string}}\ncomponents:\n  - {id: compute, type: code, config: {source: "return context.parameters.pin + 1;"}}\n`,
  ],
  [
    "unused-parameter",
    3,
    `${HEAD}parameters: {limit: {type: integer}}\ncomponents:\n  - ${log("greet")}\n`,
    `${HEAD}parameters: {limit: {type: integer}}\ncomponents:\n  - {id: greet, type: log, config: {message: "{{ parameters.limit }}"}}\n`,
  ],
  [
    "parameter-schema",
    3,
    `${HEAD}parameters: {limit: {type: integer, default: many}}\ncomponents: []\n`,
    `${HEAD}parameters: {limit: {type: integer, default: 3}}\ncomponents: []\n`,
  ],
  [
    "flat-parameters",
    3,
    `${HEAD}parameters: {a: {type: string}, b: {type: string}, c: {type: string}, d: {type: string}, e: {type: string}}\ncomponents: []\n`,
    `${HEAD}parameters: {a: {type: object}, b: {type: string}, c: {type: string}, d: {type: string}, e: {type: string}}\ncomponents: []\n`,
  ],
  [
    "remote-call-retry",
    4,
    components("{id: fetch_all, type: http_request, config: {url: https://a.test}}"),
    withFetch(),
  ],
  [
    "trigger",
    3,
    `${HEAD}triggers: [{type: schedule, cron: "0 66 * * *"}]\n${withFetch().slice(HEAD.length)}`,
    `${HEAD}triggers: [{type: schedule, cron: "0 6 * * *"}]\n${withFetch().slice(HEAD.length)}`,
  ],
  [
    "fixed-retry-interval",
    4,
    components("{id: fetch_all, type: http_request, config: {url: https://a.test}, retry_policy: {delay_ms: 5000}}"),
    withFetch(),
  ],
  [
    "row-by-row",
    4,
    components(
      "{id: each_row, type: loop, config: {items: [1], components: [{id: clean, type: map, config: {fields: {a: b}}}]}}",
    ),
    components(
      "{id: each_row, type: loop, config: {items: [1], components: [{id: tell, type: log, config: {message: x}}]}}",
    ),
  ],
  [
    "pii-rules",
    4,
    components('{id: clean, type: map, config: {fields: {mail: email}, computed_fields: {email: "record.x"}}}'),
    `${components('{id: clean, type: map, config: {computed_fields: {email: "record.x"}}}')}privacy: {data_classification: {pii_fields: [email]}}\n`,
  ],
  [
    "unknown-name",
    4,
    components('{id: clean, type: map, config: {computed_fields: {total: "{{ record.x * 2 }}"}}}'),
    components('{id: clean, type: map, config: {computed_fields: {total: "record.x * 2"}}}'),
  ],
  ["vague-name", 4, components(log("step1")), components(log("greet"))],
  ["too-many-responsibilities", 2, "id: x\nname: Customers and Orders\ncomponents: []\n", components(log("greet"))],
  [
    "canonical-place",
    4,
    components("{id: compute, type: javascript_code, config: {source: return 1}}"),
    components("{id: compute, type: code, config: {source: return 1}}"),
  ],
  [
    "conflicting-alias",
    4,
    components(
      "{id: fetch_all, type: http_request, config: {url: https://a.test, retry_attempts: 1}, retry_policy: {max_attempts: 5}}",
    ),
    withFetch(),
  ],
  [
    "config-schema",
    4,
    components("{id: tally, type: aggregate, config: {functions: {amount: sum}}}"),
    components("{id: tally, type: aggregate, config: {functions: {sum: amount}}}"),
  ],
  [
    "config-schema",
    4,
    components('{id: join_all, type: merge, config: {mode: "{{ input.mode }}"}}'),
    components("{id: join_all, type: merge, config: {mode: any}}"),
  ],
  ["shape", 4, components("just a text"), components(log("greet"))],
  ["format", 1, `apg: 99\n${components(log("greet"))}`, `apg: 1\n${components(log("greet"))}`],
];

describe("a rule speaks up at its line, and is silent where all is well", () => {
  test.each(TABLE)("%s", (rule, line, bad, good) => {
    const found = findings(bad).filter((finding) => finding.rule === rule);
    expect(
      found[0]?.place.line,
      JSON.stringify(findings(bad).map((each) => [each.rule, each.place.line, each.message])),
    ).toBe(line);
    expect(findings(good).filter((finding) => finding.rule === rule)).toEqual([]);
  });

  test("every finding has a place in the text and a sentence", () => {
    for (const [, , bad] of TABLE) {
      for (const { place, message } of findings(bad)) {
        expect(place.line).toBeGreaterThan(0);
        expect(place.column).toBeGreaterThan(0);
        expect(place.endLine).toBeGreaterThanOrEqual(place.line);
        expect(message).toMatch(/^.+[.?]$/s);
      }
    }
  });

  test("every fix can be applied and leaves the finding behind", () => {
    for (const [, , bad] of TABLE) {
      const document = readWorkflow(bad, "yaml");
      const before = check(document, undefined, CONTEXT);
      for (const { rule, message, fix } of before) {
        if (fix === undefined) continue;
        const fixed = applyEdit(document, fix.edit);
        if (!fixed.ok) throw new Error(`${rule}: ${fix.title} is refused: ${fixed.problem.kind}`);
        const left = check(fixed.value.document, undefined, CONTEXT).filter(
          (other) => other.rule === rule && other.message === message,
        );
        expect(left.length, `${rule}: ${fix.title}`).toBeLessThan(
          before.filter((other) => other.rule === rule && other.message === message).length,
        );
      }
    }
  });
});

test("a wrong name is underlined itself, with the nearest one to write instead", () => {
  const [finding] = findings(
    withFetch('{id: greet, type: log, config: {message: "all: {{ fetch_al.output }}"}}'),
  ).filter(({ rule }) => rule === "unknown-name");
  expect(finding).toMatchObject({
    place: { line: 8, column: 55, endColumn: 63, component: "greet" },
    fix: { title: "Rename to fetch_all" },
  });
});

test("secrets and values of the environment that the workspace lacks are told", () => {
  const text = components(
    '{id: greet, type: log, config: {message: "{{ secrets.api_tokn }} {{ env.region }} {{ env.zone }}"}}',
  );
  expect(findings(text).map(({ message }) => message)).toEqual([
    "secrets has no api_tokn; did you mean api_token?",
    "env has no zone; it has region.",
  ]);
  expect(check(readWorkflow(text, "yaml"))).toEqual([]);
});

test("a thousand components are checked without going over them again and again", () => {
  let text = `${HEAD}components:\n`;
  for (let n = 0; n < 1_000; n++)
    text += `  - {id: clean_${n}, type: transform, config: {records: "{{ ${n === 0 ? "input" : `clean_${n - 1}.output`} }}"}}\n`;
  const document = readWorkflow(text, "yaml");
  expect(check(document).map(({ rule }) => rule)).toEqual(["too-many-components"]);
});
