import { catalogue as everyType, descriptorOf } from "../components/catalogue";
import type { Descriptor } from "../components/descriptor";
import { aliases } from "./check/aliases";
import { calls } from "./check/calls";
import { compensation } from "./check/compensation";
import { config } from "./check/config";
import { credentials } from "./check/credentials";
import { data } from "./check/data";
import { expressionRules } from "./check/expression-rules";
import { identity } from "./check/identity";
import { naming } from "./check/naming";
import { parameters } from "./check/parameters";
import { patterns } from "./check/patterns";
import { resilience } from "./check/resilience";
import { waits } from "./check/waits";
import { structure } from "./check/structure";
import { trust } from "./check/trust";
import { triggers } from "./check/triggers";
import { type CheckContext, type Rule, Subject } from "./check/subject";
import type { WorkflowDocument } from "./file";
import type { Finding, Severity } from "./finding";

export type { CheckContext } from "./check/subject";

const RULES: readonly Rule[] = [
  identity,
  structure,
  config,
  expressionRules,
  calls,
  compensation,
  triggers,
  credentials,
  trust,
  parameters,
  patterns,
  resilience,
  waits,
  data,
  naming,
  aliases,
];

const WEIGHT: { readonly [severity in Severity]: number } = { error: 0, warning: 1, info: 2 };

/**
 * Everything there is to say about `document`: what kept it from being read, and what the rules find, in the order of
 * the text. Every finding has a place; fixes are edits for this very document.
 *
 * @param context what the workspace provides; what is left out is not looked at.
 */
export function check(
  document: WorkflowDocument,
  catalogue: ReadonlyMap<string, Descriptor> = everyType,
  context: CheckContext = {},
): readonly Finding[] {
  const { workflow } = document;
  if (workflow === undefined) return document.problems;
  const lookUp = catalogue === everyType ? descriptorOf : (type: string) => catalogue.get(type) ?? descriptorOf(type);
  const subject = new Subject(document, workflow, lookUp, context);
  for (const rule of RULES) rule(subject);
  return [...document.problems, ...subject.findings].sort(
    (a, b) => a.place.line - b.place.line || a.place.column - b.place.column || WEIGHT[a.severity] - WEIGHT[b.severity],
  );
}

/** The most severe of `findings`; `undefined` when there are none. */
export function worst(findings: readonly Finding[]): Severity | undefined {
  return findings.reduce<Severity | undefined>(
    (most, { severity }) => (most === undefined || WEIGHT[severity] < WEIGHT[most] ? severity : most),
    undefined,
  );
}
