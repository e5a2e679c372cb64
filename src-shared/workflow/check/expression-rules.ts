import { isJsonObject, type JsonObject } from "../../base/json";
import { nearest } from "../../expression/nearest";
import type { NameUse } from "../../expression/names";
import { sentence } from "../../expression/problem";
import type { Template } from "../../expression/template";
import { compiled, type ExpressionSite, type ExpressionText } from "../expressions";
import type { Fix } from "../finding";
import { changed } from "../source/change";
import type { Rule, Subject } from "./subject";

/** Beyond this many findings it is no longer looked for what each name was to mean: that takes the square of the components. */
const SEARCHED = 300;

/** Expressions that cannot be read, name what does not exist, or give the wrong type. */
export const expressionRules: Rule = (subject) => {
  for (const text of subject.expressions) {
    const template = compiled(text);
    if (!template.ok) {
      const { at } = template.problem;
      subject.report("expression", "error", text.path, sentence(template.problem), {
        at,
        fix: renameFix(text, at, template.problem.nearest),
      });
      continue;
    }
    conditionType(subject, text, template.value);
    for (const { names } of template.value.expressions) {
      for (const use of names) if (!use.guarded) name(subject, text, use);
    }
  }
  literalBraces(subject);
};

const NOT_BOOL: { readonly [type: string]: string } = {
  number: "a number",
  string: "text",
  list: "a list",
  map: "a mapping",
  null: "null",
};

function conditionType(subject: Subject, text: ExpressionText, template: Template): void {
  if (text.as !== "condition") return;
  const type = template.single?.type ?? "unknown";
  const given = NOT_BOOL[type];
  if (given !== undefined)
    subject.report("condition-type", "error", text.path, `A condition is true or false; this one is ${given}.`);
}

function name(subject: Subject, text: ExpressionText, use: NameUse): void {
  const { names, graph } = subject;
  const schema = names.schemaOf(text.site, use.name);
  if (schema === undefined) {
    unknownName(subject, text, use);
    return;
  }
  if (graph.byId.has(use.name) && text.site.kind !== "record") visible(subject, text, use, use.name);
  if (use.name === "components" && text.site.kind !== "record") {
    const [first, ...rest] = use.fields;
    if (typeof first?.key !== "string") return;
    if (!graph.byId.has(first.key)) {
      const near = nearest(first.key, graph.byId.keys());
      subject.report("unknown-name", "warning", text.path, `There is no component ${first.key}.`, {
        at: first.at,
        fix: renameFix(text, first.at, near),
      });
      return;
    }
    visible(subject, text, use, first.key);
    fields(subject, text, names.componentSchema(first.key), rest, `components.${first.key}`);
    return;
  }
  fields(subject, text, schema, use.fields, use.name);
}

/** Keys whose texts without braces are evaluated over each record. */
const PER_RECORD: ReadonlySet<string | number> = new Set(["computed_fields", "conditions", "filter_conditions"]);

function unknownName(subject: Subject, text: ExpressionText, use: NameUse): void {
  if (text.site.kind === "record") {
    subject.report("unknown-name", "error", text.path, `Only record is known here; write record.${use.name}.`, {
      at: use.at,
      fix: renameFix(text, use.at, `record.${use.name}`),
    });
    return;
  }
  if (use.name === "item" || use.name === "index" || use.name === "event") {
    const where = use.name === "event" ? "a workflow with triggers" : "a loop";
    subject.report("unknown-name", "error", text.path, `${use.name} is known only in ${where}.`, { at: use.at });
    return;
  }
  if (use.name === "record" && text.path.some((key) => PER_RECORD.has(key))) {
    const whole = /^\s*\{\{(.*)\}\}\s*$/s.exec(text.text)?.[1];
    const fix =
      whole === undefined
        ? undefined
        : { title: "Leave the braces out", edit: { kind: "set", path: text.path, value: whole.trim() } as const };
    const message = "What stands in braces is evaluated once, before there is a record; leave the braces out.";
    subject.report("unknown-name", "error", text.path, message, { at: use.at, fix });
    return;
  }
  const near = subject.findings.length < SEARCHED ? nearest(use.name, subject.names.namesAt(text.site)) : undefined;
  const message =
    near === undefined
      ? `Nothing here is called ${use.name}; it must come with the input.`
      : `Nothing here is called ${use.name}; did you mean ${near}?`;
  const fix = near === undefined ? renameFix(text, use.at, `input_data.${use.name}`) : renameFix(text, use.at, near);
  subject.report("unknown-name", "warning", text.path, message, { at: use.at, fix });
}

/** Whether a component can be read from here at all, and has run by then. */
function visible(subject: Subject, text: ExpressionText, use: NameUse, id: string): void {
  const sight = subject.names.sight(text.site, id);
  if (sight === "seen") return;
  const field = use.name === "components" ? use.fields[1]?.key : use.fields[0]?.key;
  const at = { from: use.at.from, to: use.at.to };
  if (sight === "hidden") {
    const owner = subject.graph.byId.get(id)?.scope.owner ?? "its owner";
    subject.report("hidden-name", "error", text.path, `${id} runs inside ${owner} and cannot be read from outside.`, {
      at,
    });
    return;
  }
  // A loop shows item and index to its members before it has settled.
  if (field === "item" || field === "index") return;
  const here = siteName(text.site);
  const message =
    here === id ? `${id} reads itself before it has run.` : `${id} has not run for certain when ${here} reads it.`;
  subject.report("not-yet-run", here === id ? "error" : "warning", text.path, message, { at });
}

function siteName(site: ExpressionSite): string {
  if (site.kind === "connection") return site.source;
  return site.kind === "outputs" ? "outputs" : site.id;
}

/** Follows a chain of fields through what is known of a value. */
function fields(
  subject: Subject,
  text: ExpressionText,
  from: JsonObject,
  chain: NameUse["fields"],
  owner: string,
): void {
  let schema: JsonObject = from;
  let said = owner;
  for (const field of chain) {
    const properties = schema["properties"];
    if (typeof field.key === "number") {
      if (!isJsonObject(schema["items"])) return;
      schema = schema["items"];
      continue;
    }
    if (!isJsonObject(properties)) return;
    const next = Object.hasOwn(properties, field.key) ? properties[field.key] : undefined;
    if (!isJsonObject(next)) {
      const isOpen = schema["additionalProperties"] !== undefined && schema["additionalProperties"] !== false;
      if (isOpen || schema["anyOf"] !== undefined) return;
      const known = Object.keys(properties);
      const near = nearest(field.key, known);
      const message = `${said} has no ${field.key}${near === undefined ? (known.length > 0 && known.length <= 8 ? `; it has ${known.join(", ")}` : "") : `; did you mean ${near}?`}`;
      const insert = near === undefined ? undefined : field.quoted ? `'${near}'` : near;
      subject.report("unknown-field", "warning", text.path, message.endsWith("?") ? message : `${message}.`, {
        at: field.at,
        fix: renameFix(text, field.at, insert, near),
      });
      return;
    }
    schema = next;
    said = `${said}.${field.key}`;
  }
}

function renameFix(
  text: ExpressionText,
  at: { readonly from: number; readonly to: number },
  insert: string | undefined,
  shown = insert,
): Fix | undefined {
  if (insert === undefined) return undefined;
  const value = changed(text.text, [{ from: at.from, to: at.to, insert }]);
  return { title: `Rename to ${shown}`, edit: { kind: "set", path: text.path, value } };
}

/** Keys whose text is taken as it is, so that an expression in it would be sent or run literally. */
const LITERAL_KEYS = ["source", "query"] as const;

function literalBraces(subject: Subject): void {
  for (const { component, path, descriptor } of subject.components) {
    for (const key of LITERAL_KEYS) {
      const value = component.config?.[key];
      if (typeof value !== "string" || descriptor?.config_schema.properties[key]?.["x-template"] !== false) continue;
      const open = /(?<!\\)\{\{[^{}]*\}\}/.exec(value);
      // Braces within braces are code as well; only a dotted name or a call between them was meant as an expression.
      if (open === null || !/^\{\{\s*[a-z_]\w*(?:[.[(][^{}]*)?\s*\}\}$/i.test(open[0]) || /=>|;/.test(open[0]))
        continue;
      const instead = key === "source" ? "use input, context.parameters or context.components" : "use parameters";
      subject.report(
        "expression-in-source",
        "error",
        [...path, "config", key],
        `Expressions in ${key} are not evaluated; ${instead}.`,
        { at: { from: open.index, to: open.index + open[0].length } },
      );
    }
  }
}
