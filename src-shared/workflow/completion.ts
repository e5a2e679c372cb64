import { literally } from "../base/pattern";
import { isJsonObject, type Json, type JsonObject } from "../base/json";
import { catalogue, descriptorOf } from "../components/catalogue";
import { complete } from "../expression/complete";
import { cursorAt, type Cursor } from "./assist/cursor";
import { schemaAt } from "./assist/schema-at";
import { casesOf } from "./cases";
import type { ExpressionSite } from "./expressions";
import type { WorkflowDocument } from "./file";
import { graphOf } from "./graph";
import { Names, type Surroundings } from "./shape";
import type { Workflow } from "./workflow";

/** One proposal: replace `from`..`to` of the text by `insert`. */
export interface Suggestion {
  readonly label: string;
  readonly kind: "key" | "value" | "type" | "component" | "workflow" | "name" | "field" | "function" | "method";
  /** A type or a title, beside the label. */
  readonly detail: string;
  /** Markdown. */
  readonly help?: string;
  readonly insert: string;
  readonly from: number;
  readonly to: number;
}

/** What completion knows beside the text. */
export interface AssistContext extends Surroundings {
  readonly workflowIds?: Iterable<string>;
  /** The workflow as it was last readable: names and ids come from it while the text has errors. */
  readonly last?: Workflow;
}

/**
 * What may stand at `offset` of the document's text, best first: keys and values by the type's schema, ids, cases,
 * and names within expressions. The text may be unfinished.
 */
export function suggestionsAt(
  document: WorkflowDocument,
  offset: number,
  context: AssistContext = {},
): readonly Suggestion[] {
  const workflow = document.workflow ?? context.last;
  const cursor = cursorAt(document.text, offset, document.format);
  const inside = inExpression(document, offset, cursor, workflow, context);
  if (inside !== undefined) return inside;
  const insideQuotes = document.text[cursor.from - 1] === '"';
  const asKey = (key: string): string => (document.format === "yaml" ? `${key}: ` : insideQuotes ? key : `"${key}": `);
  // An item of a list may be a mapping whose first key is written next.
  const isItem = cursor.at === "value" && cursor.key === undefined;
  const found = [
    ...(cursor.at === "value" ? values(cursor, workflow, context) : []),
    ...(cursor.at === "key" || isItem ? keys(cursor, asKey) : []),
  ];
  const wanted = cursor.typed.toLowerCase();
  return found
    .filter(({ label }) => label.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a, wanted) - rank(b, wanted));
}

function rank({ label }: Suggestion, wanted: string): number {
  return label.toLowerCase().startsWith(wanted) ? 0 : 1;
}

function keys(cursor: Cursor, asKey: (key: string) => string): Suggestion[] {
  const { schema } = schemaAt(cursor.levels, cursor.siblings);
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const required = new Set(Array.isArray(schema["required"]) ? (schema["required"] as readonly Json[]) : []);
  const writing = cursor.typed;
  return Object.entries(properties)
    .filter(([key]) => !cursor.siblings.has(key) || key === writing)
    .map(([key, value]) => {
      const own = isJsonObject(value) ? value : {};
      const detail = required.has(key) ? `${typeName(own)}, required` : typeName(own);
      return { label: key, kind: "key", detail, ...help(own), insert: asKey(key), from: cursor.from, to: cursor.to };
    });
}

function values(cursor: Cursor, workflow: Workflow | undefined, context: AssistContext): Suggestion[] {
  const { schema: around } = schemaAt(cursor.levels, cursor.siblings);
  const properties = isJsonObject(around["properties"]) ? around["properties"] : {};
  const schema =
    cursor.key === undefined
      ? around
      : ((properties[cursor.key] ?? around["additionalProperties"] ?? {}) as JsonObject);
  const make = (label: string, kind: Suggestion["kind"], detail: string, text?: string): Suggestion => ({
    label,
    kind,
    detail,
    insert: spaced(label, cursor),
    from: cursor.from,
    to: cursor.to,
    ...(text === undefined ? {} : { help: text }),
  });
  if (!isJsonObject(schema)) return [];
  const field = schema["x-field"];
  if (field === "type")
    return [...catalogue.values()].map(({ type, title, description, help: more }) =>
      make(type, "type", title, `${description}\n\n${more}`),
    );
  if (field === "workflow") return [...(context.workflowIds ?? [])].map((id) => make(id, "workflow", "workflow"));
  if (field === "component" || isMemberList(cursor)) return ids(workflow, make);
  if (field === "case") return cases(cursor, workflow).map((id) => make(id, "value", "case"));
  const options = [schema["enum"], schema["examples"]].flatMap((list) =>
    Array.isArray(list) ? (list as readonly Json[]) : [],
  );
  const found = options.map((value) => make(String(value), "value", value === schema["default"] ? "default" : ""));
  if (schema["type"] === "boolean")
    found.push(
      make("true", "value", schema["default"] === true ? "default" : ""),
      make("false", "value", schema["default"] === false ? "default" : ""),
    );
  else if (found.length === 0 && typeof schema["default"] === "number")
    found.push(make(String(schema["default"]), "value", "default"));
  if (cursor.key === "on_failure" || cursor.key === "fallback_action") found.push(...ids(workflow, make));
  return found;
}

/** A value right after its colon needs a blank before it. */
function spaced(label: string, cursor: Cursor): string {
  return cursor.key !== undefined && cursor.needsBlank === true ? ` ${label}` : label;
}

function ids(
  workflow: Workflow | undefined,
  make: (label: string, kind: "component", detail: string) => Suggestion,
): Suggestion[] {
  if (workflow === undefined) return [];
  return graphOf(workflow).nodes.map(({ id, component }) =>
    make(id, "component", component.name ?? descriptorOf(component.type)?.title ?? ""),
  );
}

function isMemberList(cursor: Cursor): boolean {
  const above = cursor.levels.at(-2);
  return (
    cursor.at === "value" &&
    cursor.key === undefined &&
    cursor.levels.at(-1)?.kind === "item" &&
    above?.kind === "key" &&
    above.key === "components" &&
    cursor.levels.length > 2
  );
}

function cases(cursor: Cursor, workflow: Workflow | undefined): readonly string[] {
  const source = cursor.siblings.get("source");
  if (workflow === undefined || source === undefined) return [];
  return casesOf(graphOf(workflow).byId.get(source)?.component.config) ?? [];
}

/** The names and functions of an expression, when the position is in one. */
function inExpression(
  document: WorkflowDocument,
  offset: number,
  cursor: Cursor,
  workflow: Workflow | undefined,
  context: AssistContext,
): readonly Suggestion[] | undefined {
  const { text } = document;
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const open = text.lastIndexOf("{{", offset - 1);
  const isTemplate = open >= lineStart && text.slice(open, offset).indexOf("}}") < 0;
  const isCondition = cursor.at === "value" && (cursor.key === "condition" || cursor.key === "while");
  if (!isTemplate && !isCondition) return undefined;
  if (workflow === undefined) return [];
  const end = text.indexOf("\n", offset);
  const from = isTemplate ? open : valueStart(text, lineStart, offset, cursor);
  const expression = text.slice(from, end < 0 ? text.length : end).replace(/\r$/, "");
  const names = new Names(workflow, graphOf(workflow), context);
  const shapes = names.shapesAt(siteOf(document, offset, cursor));
  return complete(expression, offset - from, shapes, isTemplate ? "template" : "condition").map((found) => ({
    ...found,
    from: found.from + from,
    to: found.to + from,
  }));
}

function valueStart(text: string, lineStart: number, offset: number, cursor: Cursor): number {
  const found = new RegExp(`\\b${literally(cursor.key ?? "")}["']?\\s*:\\s*["']?`, "g");
  let start = offset;
  for (const match of text.slice(lineStart, offset).matchAll(found)) start = lineStart + match.index + match[0].length;
  return start;
}

function siteOf(document: WorkflowDocument, offset: number, cursor: Cursor): ExpressionSite {
  const [first] = cursor.levels;
  const inConnections = first?.kind === "key" && first.key === "connections";
  const source = cursor.siblings.get("source");
  if (inConnections && source !== undefined) return { kind: "connection", source, index: -1 };
  const id = enclosingId(cursor) ?? document.componentAt(offset);
  if (id === undefined) return { kind: "outputs" };
  return cursor.key === "while" ? { kind: "while", id } : { kind: "component", id };
}

/** The id beside one of the keys around the position, the innermost first. */
function enclosingId(cursor: Cursor): string | undefined {
  if (cursor.siblings.has("id") && cursor.siblings.has("type")) return cursor.siblings.get("id");
  for (const level of [...cursor.levels].reverse()) {
    if (level.kind === "key" && level.siblings.has("id") && level.siblings.has("type")) return level.siblings.get("id");
  }
  return undefined;
}

function help(schema: JsonObject): { readonly help?: string } {
  const { description } = schema;
  const unset = schema["default"] === undefined ? "" : `\n\nDefault: \`${JSON.stringify(schema["default"])}\``;
  return typeof description === "string" ? { help: description + unset } : {};
}

function typeName(schema: JsonObject): string {
  if (Array.isArray(schema["enum"])) return (schema["enum"] as readonly Json[]).slice(0, 4).join(" · ");
  const { type } = schema;
  return typeof type === "string" ? type : Array.isArray(type) ? type.join(" or ") : "any";
}
