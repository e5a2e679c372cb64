import { isJsonObject, type Json, type JsonObject } from "../base/json";
import { functionHelp, type FunctionHelp } from "./reference";
import { endOfExpression } from "./scan";

/** The names in scope with the JSON Schemas of their values; `description` is shown. */
export type NameShapes = { readonly [name: string]: JsonObject };

/** One proposal: replace `from`..`to` of the text by `insert`. */
export interface Completion {
  readonly label: string;
  readonly kind: "name" | "field" | "function" | "method";
  /** A type or a signature. */
  readonly detail: string;
  /** One sentence, when there is one. */
  readonly help?: string;
  readonly insert: string;
  readonly from: number;
  readonly to: number;
}

const CHAIN = /(?:[A-Za-z_]\w*|\[(?:\d+|'[^']*'|"[^"]*")\])(?:\s*\.\??\s*[A-Za-z_]\w*|\[(?:\d+|'[^']*'|"[^"]*")\])*$/;

/**
 * What may stand at `offset` of `text`, best first.
 *
 * `as: "template"` proposes only between braces, `"condition"` everywhere. The text may be unfinished.
 */
export function complete(
  text: string,
  offset: number,
  shapes: NameShapes,
  as: "template" | "condition" = "template",
): readonly Completion[] {
  const from = expressionStart(text, offset, as);
  if (from === undefined) return [];
  const before = text.slice(from, offset);
  if (isInsideText(before)) return [];
  const typed = /[A-Za-z_]\w*$/.exec(before)?.[0] ?? "";
  const span = { from: offset - typed.length, to: offset + (/^\w*/.exec(text.slice(offset))?.[0].length ?? 0) };
  const head = before.slice(0, before.length - typed.length);
  const dotted = /\.\??\s*$/.exec(head);
  const found = dotted === null ? atStart(shapes, span) : afterDot(head.slice(0, dotted.index), shapes, span);
  const wanted = typed.toLowerCase();
  return found.filter((c) => c.label.toLowerCase().includes(wanted)).sort((a, b) => rank(a, wanted) - rank(b, wanted));
}

/** Where the expression around `offset` begins; undefined when `offset` is in plain text. */
function expressionStart(text: string, offset: number, as: "template" | "condition"): number | undefined {
  if (as === "condition" && !text.trimStart().startsWith("{{")) return 0;
  let position = 0;
  for (;;) {
    const open = text.indexOf("{{", position);
    if (open === -1 || open + 2 > offset) return undefined;
    const slashes = /\\*$/.exec(text.slice(0, open))?.[0].length ?? 0;
    if (slashes % 2 === 1) {
      position = open + 2;
      continue;
    }
    const end = endOfExpression(text, open + 2);
    if (end === undefined || end >= offset) return open + 2;
    position = end + 2;
  }
}

function isInsideText(before: string): boolean {
  let quote = "";
  for (let i = 0; i < before.length; i++) {
    const ch = before.charAt(i);
    if (quote !== "" && ch === "\\") i++;
    else if (quote === "" && (ch === "'" || ch === '"')) quote = ch;
    else if (ch === quote) quote = "";
  }
  return quote !== "";
}

type Between = { readonly from: number; readonly to: number };

function atStart(shapes: NameShapes, span: Between): Completion[] {
  const names = Object.keys(shapes).map((name): Completion => {
    const schema = shapes[name] as JsonObject;
    return { label: name, kind: "name", detail: typeOf(schema), ...described(schema), insert: name, ...span };
  });
  return [...names, ...functionHelp.filter((f) => f.form !== "method").map((f) => called(f, "function", span))];
}

function afterDot(head: string, shapes: NameShapes, span: Between): Completion[] {
  const chain = CHAIN.exec(head)?.[0];
  const schema = chain === undefined ? undefined : schemaAt(chain, shapes);
  const fields = schema === undefined ? [] : fieldsOf(schema, span);
  const methods = functionHelp
    .filter((f) => f.form !== "call" && fits(f, schema))
    .map((f) => called(f, "method", span));
  return [...fields, ...methods];
}

/** The schema of the value that a chain such as `fetch.output.items[0]` names. */
export function schemaAt(chain: string, shapes: NameShapes): JsonObject | undefined {
  let schema: JsonObject | undefined;
  for (const [step, , quoted] of chain.matchAll(/([A-Za-z_]\w*|\d+)|['"]([^'"]*)['"]/g)) {
    const key = quoted ?? step;
    schema = schema === undefined ? shapes[key] : below(schema, key);
    if (schema === undefined) return undefined;
  }
  return schema;
}

function below(schema: JsonObject, key: string): JsonObject | undefined {
  for (const shape of alternatives(schema)) {
    const fields = object(shape.properties);
    if (fields !== undefined && Object.hasOwn(fields, key)) return object(fields[key]);
    const other = /^\d+$/.test(key) ? object(shape.items) : object(shape.additionalProperties);
    if (other !== undefined) return other;
  }
  return undefined;
}

function fieldsOf(schema: JsonObject, span: Between): Completion[] {
  const fields: Completion[] = [];
  for (const shape of alternatives(schema)) {
    const properties = object(shape.properties) ?? {};
    for (const name of Object.keys(properties)) {
      const field = object(properties[name]) ?? {};
      const isPlain = /^[A-Za-z_]\w*$/.test(name);
      if (!isPlain) continue;
      fields.push({ label: name, kind: "field", detail: typeOf(field), ...described(field), insert: name, ...span });
    }
  }
  return fields;
}

/** Whether a method's receiver may be what `schema` describes. */
function fits(f: FunctionHelp, schema: JsonObject | undefined): boolean {
  const type = schema === undefined ? "any" : typeOf(schema);
  const receiver = /\(([\w…?]+)/.exec(f.signature)?.[1] ?? "";
  if (receiver === "optional") return false;
  switch (type) {
    case "string":
      return receiver === "text" || receiver === "value";
    case "array":
      return receiver === "list" || receiver === "value" || receiver === "x" || receiver === "value…";
    case "object":
      return receiver === "map" || f.name === "size";
    case "number":
    case "integer":
      return receiver === "number";
    case "boolean":
    case "null":
      return false;
    default:
      return true;
  }
}

function called(f: FunctionHelp, kind: "function" | "method", span: Between): Completion {
  return {
    label: f.name,
    kind,
    detail: f.signature,
    help: f.help,
    insert: f.hasArguments ? `${f.name}(` : `${f.name}()`,
    ...span,
  };
}

function alternatives(schema: JsonObject): readonly JsonObject[] {
  const others = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((list) =>
    Array.isArray(list) ? (list as readonly Json[]) : [],
  );
  return [schema, ...others.filter(isJsonObject)];
}

function object(json: Json | undefined): JsonObject | undefined {
  return isJsonObject(json) ? json : undefined;
}

function typeOf(schema: JsonObject): string {
  const { type } = schema;
  if (typeof type === "string") return type;
  if (Array.isArray(type)) return (type as readonly Json[]).join(" or ");
  return isJsonObject(schema.properties) ? "object" : "any";
}

function described(schema: JsonObject): { readonly help?: string } {
  return typeof schema.description === "string" ? { help: schema.description } : {};
}

/** Names that begin with what is typed come before names that contain it; names before functions. */
function rank(completion: Completion, typed: string): number {
  const begins = completion.label.toLowerCase().startsWith(typed) ? 0 : 10;
  return begins + (completion.kind === "name" || completion.kind === "field" ? 0 : 1);
}
