import { describe, expect, test } from "vitest";
import { applyEdit } from "@shared/workflow/apply";
import { check } from "@shared/workflow/check";
import { readWorkflow } from "@shared/workflow/file";
import { insteadFinding, stopsOf } from "@shared/workflow/instead";

/** Texts that hold no workflow, and what is said of them. */
const TEXTS: readonly (readonly [text: string, says: string])[] = [
  ["# to do\n", "the text is empty. A workflow has id, name and components."],
  ["3", "but a single value (3)."],
  ["null", "but nothing (null)."],
  ["Dear colleague,\n\nplease find", "but a piece of text (“Dear colleague,…”)."],
  ["{}", "an empty mapping."],
  ["[]", "an empty list."],
  ["- 1\n- 2\n", "but a list of 2 values."],
  ["- {sku: KB-1, type: 3}\n", "but a list of 1 record (sku, type)."],
  ["- {source: a, target: b, type: error}\n", "a list of 1 connection. Put it under connections: of a workflow."],
  ["source: a\ntarget: b\n", "but a connection (source, target)."],
  ["a: 1\nb: 2\nc: 3\nd: 4\n", "but other data (a, b, c, …). A workflow has id, name and components; give the data to"],
  ["id: C-17\nname: Njeri\namount: 2\n", "but other data (id, name, amount)."],
  ["id: fetch\nconfig: {url: x}\n", "but a component without a type (id, config). Name its type"],
  ["retry_policy: {max_attempts: 3}\n", "but a part of a component (retry_policy), which does nothing by itself."],
];

describe("a text that holds no workflow", () => {
  test.each(TEXTS)("%j says what it holds instead, and is not run", (text, says) => {
    const findings = check(readWorkflow(text, "yaml"));
    expect(insteadFinding(findings)?.message).toContain(says);
    expect(stopsOf(findings)).toContain(insteadFinding(findings));
  });

  test.each([
    "id: x\n",
    "id: x\nfoo: 1\ncomponets: []\n",
    "Name: Said In Capitals\n",
    "compliance: {}\n",
    "- {id: x}\n",
  ])("%j is a workflow, or means to be one", (text) =>
    expect(check(readWorkflow(text, "yaml")).map(({ rule }) => rule)).not.toContain("no-workflow"),
  );
});

test.each([
  ["- id: greet # loudly\n  type: log\n", "id: workflow\ncomponents:\n  - id: greet # loudly\n    type: log\n"],
  ["id: greet\ntype: log\n", "id: workflow\ncomponents:\n  - id: greet\n    type: log\n"],
])("the part %j is run as it stands and offered to be written as a workflow", (text, whole) => {
  const document = readWorkflow(text, "yaml");
  const said = insteadFinding(check(document));
  expect(stopsOf(check(document)).filter(({ rule }) => rule !== "missing-config")).toEqual([]);
  const written = said?.fix && applyEdit(document, said.fix.edit);
  expect(written?.ok && written.value.document.text).toBe(whole);
});
