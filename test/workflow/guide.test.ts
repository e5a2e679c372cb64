import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { applyEdit } from "@shared/workflow/apply";
import { check } from "@shared/workflow/check";
import { readWorkflow, type WorkflowDocument } from "@shared/workflow/file";
import { pythonToJson } from "./python";

const FOLDER = join(import.meta.dirname, "guide");

function read(name: string): WorkflowDocument {
  const text = readFileSync(join(FOLDER, name), "utf8");
  return name.endsWith(".py") ? readWorkflow(pythonToJson(text), "json") : readWorkflow(text, "yaml");
}

/** The findings that tell the guide's bad examples from its good ones. */
const BAD: { readonly [name: string]: readonly string[] } = {
  "single-responsibility-principle.bad.yaml": ["too-many-responsibilities"],
  "modularity-and-composability.bad.py": ["vague-name", "remote-call-retry"],
  "component-naming-conventions.bad.yaml": ["vague-name"],
  "parameter-management.bad.yaml": ["flat-parameters"],
  "parallel-processing.bad.py": ["sequential-calls"],
  "efficient-data-processing.bad.py": ["row-by-row"],
  "resource-management.bad.yaml": ["no-resource-limits"],
  "credential-management.bad.py": ["hard-coded-credential"],
  "retry-strategies.bad.py": ["fixed-retry-interval"],
};

/** What good examples leave out is an error; everything else about them is sound. */
const LEFT_OUT: { readonly [name: string]: readonly string[] } = {
  "single-responsibility-principle.good.yaml": ["shape"],
  "component-naming-conventions.good.yaml": ["shape"],
  "parallel-processing.good.py": ["unknown-component"],
  "compensation-actions.good.py": ["missing-config", "undo-config"],
};

describe("the guide's examples load and are checked as written", () => {
  const names = readdirSync(FOLDER).sort();

  test("there are all of them", () => expect(names.length).toBe(32));

  test.each(names)("%s", (name) => {
    const document = read(name);
    expect(document.workflow).toBeDefined();
    const findings = check(document);
    const rules = findings.map(({ rule }) => rule);
    for (const rule of BAD[name] ?? []) expect(rules).toContain(rule);
    if (name.includes(".good.")) {
      const told = new Set(
        Object.values(BAD)
          .flat()
          .filter((rule) => rule !== "remote-call-retry" && rule !== "sequential-calls"),
      );
      expect(rules.filter((rule) => told.has(rule))).toEqual([]);
    }
    const errors = new Set(findings.filter(({ severity }) => severity === "error").map(({ rule }) => rule));
    if (name.includes(".good.")) expect([...errors].sort()).toEqual(LEFT_OUT[name] ?? []);
  });

  test("every fix can be applied and takes its finding away", () => {
    for (const name of names) {
      const document = read(name);
      const before = check(document);
      for (const finding of before.filter(({ fix }) => fix !== undefined)) {
        const fixed = applyEdit(document, finding.fix!.edit);
        if (!fixed.ok) throw new Error(`${name}: ${finding.fix!.title} is refused: ${fixed.problem.kind}`);
        const after = check(fixed.value.document);
        const count = (list: typeof after): number =>
          list.filter(({ rule, message }) => rule === finding.rule && message === finding.message).length;
        expect(count(after), `${name}: ${finding.message}`).toBeLessThan(count(before));
      }
    }
  });
});
