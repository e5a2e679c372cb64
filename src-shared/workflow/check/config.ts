import { isJsonObject, type Json, type JsonObject } from "../../base/json";
import { durationOf } from "../../base/duration";
import { timeoutKey } from "../../components/common";
import { catalogue, commonKeys, typeAliases } from "../../components/catalogue";
import { nearest } from "../../expression/nearest";
import type { Fix } from "../finding";
import type { Path } from "../workflow";
import { type SchemaProblem, schemaProblems } from "./json-schema";
import type { ComponentAt, Rule, Subject } from "./subject";

/** Types that are unknown, and configs that are not what their type asks for. */
export const config: Rule = (subject) => {
  for (const at of subject.components) {
    if (at.component.type === "") continue;
    if (at.descriptor === undefined) unknownType(subject, at);
    else ownConfig(subject, at);
    commonConfig(subject, at);
  }
};

function unknownType(subject: Subject, { component, path }: ComponentAt): void {
  const near = nearest(component.type, [...catalogue.keys(), ...typeAliases.keys()]);
  const at = [...path, "type"];
  const fix: Fix | undefined =
    near === undefined ? undefined : { title: `Write ${near}`, edit: { kind: "set", path: at, value: near } };
  subject.report("unknown-type", "error", at, `There is no component type ${component.type}.`, { fix });
}

function ownConfig(subject: Subject, { canonical, descriptor, path }: ComponentAt): void {
  const schema = descriptor!.config_schema;
  const value = canonical.config ?? {};
  for (const problem of schemaProblems(value, schema, [...path, "config"])) tell(subject, problem, path);
  if (schema["additionalProperties"] === true) return;
  const known = Object.keys(schema.properties);
  for (const key of Object.keys(value)) {
    if (Object.hasOwn(schema.properties, key) || value[key] === undefined) continue;
    const at = [...path, "config", key];
    if (key === "timeout") {
      ownTime(subject, canonical.type, value[key]!, at, path);
      continue;
    }
    unknownKey(
      subject,
      at,
      key,
      Object.hasOwn(commonKeys, key) ? [] : known,
      `${key} is not a key of ${canonical.type}; it is kept and has no effect.`,
      Object.hasOwn(commonKeys, key) ? [...path, key] : undefined,
    );
  }
}

/** Whatever its type, a component may be given a time; those that wait take a duration for it. */
function ownTime(subject: Subject, type: string, value: Json, at: Path, component: Path): void {
  if ((type === "wait" || type === "human_task") && durationOf(value) !== undefined) return;
  for (const problem of schemaProblems(value, timeoutKey, at)) tell(subject, problem, component);
}

/** Keys every component may have. `config` is the type's own matter, `condition` the expressions'. */
function commonConfig(subject: Subject, { canonical, path }: ComponentAt): void {
  for (const [key, schema] of Object.entries(commonKeys)) {
    const value = canonical[key] as Json | undefined;
    if (value === undefined || value === null) continue;
    for (const problem of schemaProblems(value, schema, [...path, key])) tell(subject, problem, path);
  }
}

function tell(subject: Subject, problem: SchemaProblem, component: Path): void {
  const name = problem.path
    .slice(component.length)
    .filter((at) => typeof at === "string" && at !== "config")
    .join(".");
  switch (problem.kind) {
    case "unknown-key":
      unknownKey(
        subject,
        problem.path,
        problem.key!,
        problem.known ?? [],
        `${name} is not known here; it is kept and has no effect.`,
      );
      return;
    case "required": {
      const missing = [name, problem.key!].filter((part) => part !== "").join(".");
      // A missing key has no place of its own: the component's id stands for it.
      const isTop = problem.path.length === component.length + 1;
      subject.report("missing-config", "error", isTop ? component : problem.path, `${missing} is missing.`, {
        at: isTop ? "component" : "value",
      });
      return;
    }
    default:
      subject.report("config-schema", "error", problem.path, `${name} ${problem.message}.`);
  }
}

/** Warns of a key nobody reads, with the key that was meant. */
export function unknownKey(
  subject: Subject,
  path: Path,
  key: string,
  known: readonly string[],
  message: string,
  moveTo?: Path,
): void {
  const near = nearest(key, known);
  const to = near === undefined ? moveTo : [...path.slice(0, -1), near];
  const fix: Fix | undefined =
    to === undefined
      ? undefined
      : {
          title: near === undefined ? `Move to ${key} of the component` : `Rename to ${near}`,
          edit: { kind: "move", from: path, to },
        };
  subject.report("unknown-key", "warning", path, near === undefined ? message : `${message.slice(0, -1)}: ${near}?`, {
    at: "key",
    fix,
  });
}

/** The keys of `value` that are not in `known`. */
export function unknownKeysOf(value: Json | undefined, known: readonly string[]): readonly string[] {
  return isJsonObject(value)
    ? Object.keys(value as JsonObject).filter((key) => !known.includes(key) && !key.startsWith("x-"))
    : [];
}
