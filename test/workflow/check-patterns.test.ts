import { expect, it } from "vitest";
import { check } from "@shared/workflow/check";
import { readWorkflow } from "@shared/workflow/file";

function findings(text: string): readonly string[] {
  return check(readWorkflow(text, "yaml"))
    .filter(({ rule }) => rule === "schema-pattern")
    .map(({ severity, place, message }) => `${severity} ${place.path?.join(".")}: ${message.slice(0, 30)}`);
}

it("a pattern that only a backtracking engine reads is an error where it stands", () => {
  const text = `id: w
parameters:
  code: {type: string, pattern: "^(?=.*[0-9]).+$"}
  plain: {type: string, pattern: "^[A-Z]{2}\\\\u00e9$"}
  deep: {type: object, properties: {a: {anyOf: [{type: string, pattern: "(.)\\\\1"}]}}}
components:
  - id: ask
    type: human_task
    config: {form: {type: object, patternProperties: {"a(?!b)": {type: string}}}}
  - id: judge
    type: validate
    config: {schema: {properties: {iata: {pattern: "(?<!x)y"}, ok: {pattern: "^(a+)+$"}}}}
`;
  expect(findings(text)).toEqual([
    'error parameters.code.pattern: The pattern "^(?=.*[0-9]).+$" ',
    'error parameters.deep.properties.a.anyOf.0.pattern: The pattern "(.)\\\\1" cannot be',
    'error components.0.config.form.patternProperties.a(?!b): The pattern "a(?!b)" cannot be',
    'error components.1.config.schema.properties.iata.pattern: The pattern "(?<!x)y" cannot b',
  ]);
});
