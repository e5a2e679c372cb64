import { isJsonObject } from "../../base/json";
import { compiled } from "../expressions";
import { schemaProblems } from "./json-schema";
import type { Rule, Subject } from "./subject";

const TYPES = new Set(["string", "number", "integer", "boolean", "array", "object", "null"]);

/** As many simple parameters side by side are easier to use in groups. */
const FLAT = 5;

/** Parameters nobody uses, defaults that do not fit, and long flat lists. */
export const parameters: Rule = (subject) => {
  const declared = Object.entries(subject.workflow.parameters ?? {});
  if (declared.length === 0) return;
  for (const [name, schema] of declared) {
    const path = ["parameters", name];
    const types = schema.type === undefined ? [] : [schema.type].flat();
    const wrong = types.find((type) => typeof type !== "string" || !TYPES.has(type));
    if (wrong !== undefined)
      subject.report(
        "parameter-schema",
        "error",
        [...path, "type"],
        `${String(wrong)} is no type; there are ${[...TYPES].join(", ")}.`,
      );
    else if (schema.default !== undefined) {
      for (const problem of schemaProblems(schema.default, schema, [...path, "default"])) {
        subject.report("parameter-schema", "error", problem.path, `The default of ${name} ${problem.message}.`);
      }
    }
  }
  if (subject.components.length > 0)
    unused(
      subject,
      declared.map(([name]) => name),
    );
  const flat = declared.filter(([, schema]) => schema.type !== "object" && !isJsonObject(schema["properties"]));
  if (flat.length >= FLAT && flat.length === declared.length) {
    subject.report(
      "flat-parameters",
      "info",
      ["parameters"],
      `${flat.length} parameters stand side by side; group those that belong together into objects.`,
      { at: "key" },
    );
  }
};

function unused(subject: Subject, names: readonly string[]): void {
  const used = new Set<string>();
  let all = false;
  for (const text of subject.expressions) {
    const template = compiled(text);
    // What cannot be read may use anything; its own finding comes first.
    if (!template.ok) {
      for (const name of names) if (text.text.includes(name)) used.add(name);
      continue;
    }
    for (const use of template.value.expressions.flatMap((expression) => expression.names)) {
      used.add(use.name);
      if (use.name !== "parameters") continue;
      const field = use.fields[0]?.key;
      if (typeof field === "string") used.add(field);
      else all = true;
    }
  }
  for (const { component } of subject.components) {
    const source = component.config?.["source"];
    if (typeof source !== "string" || !source.includes("parameters")) continue;
    for (const name of names) if (source.includes(name)) used.add(name);
    if (!/\bparameters\s*[.[]/.test(source)) all = true;
  }
  if (all) return;
  for (const name of names) {
    if (used.has(name)) continue;
    const path = ["parameters", name];
    subject.report("unused-parameter", "warning", path, `Nothing uses the parameter ${name}.`, {
      at: "key",
      fix: { title: "Remove", edit: { kind: "remove", path } },
    });
  }
}
