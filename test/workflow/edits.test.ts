import { describe, expect, test } from "vitest";
import { applyEdit, editSentence } from "@shared/workflow/apply";
import type { Edit } from "@shared/workflow/edit";
import { readWorkflow } from "@shared/workflow/file";

function edited(text: string, edit: Edit): string {
  const applied = applyEdit(readWorkflow(text, "yaml"), edit);
  return applied.ok ? applied.value.document.text : editSentence(applied.problem);
}

const THREE = "components:\n  - {id: a, type: log}\n  - {id: b, type: log} # second\n  - {id: c, type: log}\n";

describe("the first connection drawn", () => {
  test("writes out the implied ones with it", () => {
    expect(edited(THREE, { kind: "connect", connection: { source: "a", target: "c", type: "error" } })).toBe(
      `${THREE}connections:\n  - { source: a, target: b }\n  - { source: b, target: c }\n  - { source: a, target: c, type: error }\n`,
    );
  });

  test("inside an owner writes out both the owner's and the root's", () => {
    const text =
      "components:\n  - {id: l, type: loop, config: {components: [m, n]}}\n  - {id: m, type: log}\n  - {id: n, type: log}\n  - {id: z, type: log}\n";
    expect(edited(text, { kind: "connect", connection: { source: "n", target: "m" } }).slice(text.length)).toBe(
      "connections:\n  - { source: l, target: z }\n  - { source: m, target: n }\n  - { source: n, target: m }\n",
    );
  });

  test("across an owner's border is refused", () => {
    const text = "components:\n  - {id: l, type: loop, config: {components: [m]}}\n  - {id: m, type: log}\n";
    expect(edited(text, { kind: "connect", connection: { source: "l", target: "m" } })).toBe(
      "l and m do not run under the same owner, so they cannot be connected.",
    );
  });

  test("disconnecting an implied one writes out the others", () => {
    expect(edited(THREE, { kind: "disconnect", connection: { source: "a", target: "b" } })).toBe(
      `${THREE}connections:\n  - { source: b, target: c }\n`,
    );
  });
});

test("a renamed component is renamed wherever it is named", () => {
  const text = `components:
  - id: old
    type: log
  - id: user
    type: code
    condition: old.completed && components['old'].attempts == 1 # old
    error_handling: {on_failure: old}
    config:
      source: |
        return context.components.old.output + "old";
      x: "{{ old.output }} {{ [1].map(old, old) }} old"
  - {id: l, type: loop, config: {components: [old]}}
connections:
  - {source: old, target: user, condition: old.output == 'old'}
compensation:
  old: {component: log}
outputs: "{{ components.old.output }}"
`;
  expect(edited(text, { kind: "rename-component", id: "old", to: "fresh" })).toBe(`components:
  - id: fresh
    type: log
  - id: user
    type: code
    condition: fresh.completed && components['fresh'].attempts == 1 # old
    error_handling: {on_failure: fresh}
    config:
      source: |
        return context.components.fresh.output + "old";
      x: "{{ fresh.output }} {{ [1].map(old, old) }} old"
  - {id: l, type: loop, config: {components: [fresh]}}
connections:
  - {source: fresh, target: user, condition: fresh.output == 'old'}
compensation:
  fresh: {component: log}
outputs: "{{ components.fresh.output }}"
`);
});

test("a removed component takes its connections, its members and what names it along", () => {
  const text = `components:
  - id: a
    type: log
    error_handling:
      on_failure: l
      timeout: 3
  # loops
  - id: l
    type: loop
    config:
      components: [m]
  - id: m
    type: log
connections:
  - {source: a, target: l}
compensation:
  l: {component: log}
  a: {component: log}
`;
  expect(edited(text, { kind: "remove-components", ids: ["l"] })).toBe(`components:
  - id: a
    type: log
    error_handling:
      timeout: 3
connections: []
compensation:
  a: {component: log}
`);
});

test("what is pasted gets fresh ids and is wired among itself", () => {
  const paste: Edit = {
    kind: "paste",
    components: [
      { id: "b", type: "log", config: { message: "{{ a.output }}" } },
      { id: "c", type: "log", config: { message: "{{ b.output }}" }, position: { x: 1, y: 1 } },
    ],
    connections: [
      { source: "b", target: "c" },
      { source: "a", target: "b" },
    ],
  };
  const { workflow } = readWorkflow(edited(THREE, paste), "yaml");
  expect(workflow!.components.slice(3)).toMatchObject([
    { id: "b_2", config: { message: "{{ a.output }}" } },
    { id: "c_2", config: { message: "{{ b_2.output }}" } },
  ]);
  expect(workflow!.connections).toEqual([
    { source: "a", target: "b" },
    { source: "b", target: "c" },
    { source: "b_2", target: "c_2" },
  ]);
});

test("a component goes into a loop as its other members do", () => {
  const into = { owner: "l" };
  const component = { id: "n", type: "log" };
  const byId = edited("components:\n  - {id: l, type: loop, config: {components: [m]}}\n  - {id: m, type: log}\n", {
    kind: "add-component",
    component,
    into,
  });
  expect(byId).toBe(
    "components:\n  - {id: l, type: loop, config: {components: [m, n]}}\n  - {id: m, type: log}\n  - { id: n, type: log }\n",
  );
  const inPlace = edited("components:\n  - id: l\n    type: loop\n    config:\n      components: []\n", {
    kind: "add-component",
    component,
    into,
  });
  expect(inPlace).toBe(
    "components:\n  - id: l\n    type: loop\n    config:\n      components:\n        - id: n\n          type: log\n",
  );
});

test("keys are added where such keys stand", () => {
  const text =
    "id: x\ncomponents:\n  - id: a\n    type: log\n    config:\n      message: hi # said\n    position: {x: 1, y: 2}\n";
  expect(edited(text, { kind: "set-in-component", id: "a", path: ["name"], value: "Greet" })).toContain(
    "    type: log\n    name: Greet\n    config:\n",
  );
  expect(edited(text, { kind: "set", path: ["name"], value: "Greetings" })).toBe(
    text.replace("id: x\n", "id: x\nname: Greetings\n"),
  );
  expect(
    edited(text, { kind: "set-in-component", id: "a", path: ["retry_policy", "max_attempts"], value: 3 }),
  ).toContain("# said\n    retry_policy:\n      max_attempts: 3\n    position:");
});

test("an alias's fix moves the node with its comments", () => {
  const text =
    "components:\n  - id: a\n    type: http_request\n    config:\n      url: x\n      circuit_breaker:\n        # five of ten\n        failure_threshold: 5 # at most\n";
  expect(
    edited(text, {
      kind: "move",
      from: ["components", 0, "config", "circuit_breaker"],
      to: ["components", 0, "circuit_breaker"],
    }),
  ).toBe(
    "components:\n  - id: a\n    type: http_request\n    config:\n      url: x\n    circuit_breaker:\n      # five of ten\n      failure_threshold: 5 # at most\n".replace(
      " # at most",
      "",
    ),
  );
});

test("text with errors takes text edits only", () => {
  const broken = "id: 'x\n";
  expect(edited(broken, { kind: "set", path: ["name"], value: "y" })).toBe(
    "The text has errors; correct them in the text first.",
  );
  expect(edited(broken, { kind: "text", from: 4, to: 5, insert: "" })).toBe("id: x\n");
});

test("anchors are kept, and what they forbid is refused", () => {
  const text = "base: &b {timeout: 3}\ncomponents:\n  - {id: a, type: log, config: *b}\n  - {id: c, type: log}\n";
  expect(edited(text, { kind: "set-in-component", id: "c", path: ["name"], value: "C" })).toBe(
    text.replace("{id: c, type: log}", "{id: c, type: log, name: C}"),
  );
  expect(edited(text, { kind: "remove", path: ["base"] })).toBe(
    "This place uses anchors, aliases or tags; edit it in the text.",
  );
});

test("an empty text takes its first component", () => {
  expect(edited("# mine\n", { kind: "add-component", component: { id: "a", type: "log" } })).toBe(
    "# mine\ncomponents:\n  - id: a\n    type: log\n",
  );
});
