import { isJsonObject, type JsonObject } from "../base/json";
import { descriptorOf } from "../components/catalogue";
import { helpOf } from "../expression/reference";
import { cursorAt } from "./assist/cursor";
import { schemaAt } from "./assist/schema-at";
import type { WorkflowDocument } from "./file";
import { graphOf } from "./graph";

/** What a pointer that rests on a word is told, in Markdown. */
export interface Hover {
  readonly markdown: string;
  readonly from: number;
  readonly to: number;
}

/** Explains the key, type, component or function at `offset`; `undefined` where there is nothing to say. */
export function hoverAt(document: WorkflowDocument, offset: number): Hover | undefined {
  const { text } = document;
  const before = /[\w]*$/.exec(text.slice(Math.max(0, offset - 200), offset))![0];
  const after = /^\w*/.exec(text.slice(offset, offset + 200))![0];
  const word = before + after;
  if (word === "") return undefined;
  const span = { from: offset - before.length, to: offset + after.length };
  const isKey = /^["']?\s*:(?:\s|$)/.test(text.slice(span.to, span.to + 4));
  const markdown = isKey ? ofKey(document, span.to, word) : ofValue(document, span, word);
  return markdown === undefined ? undefined : { markdown, ...span };
}

function ofKey(document: WorkflowDocument, end: number, key: string): string | undefined {
  const cursor = cursorAt(document.text, end, document.format);
  const { schema } = schemaAt(cursor.levels, cursor.siblings);
  const properties = schema["properties"];
  const own = isJsonObject(properties) ? properties[key] : undefined;
  if (!isJsonObject(own) || typeof own["description"] !== "string") return undefined;
  return [`**${key}**`, own["description"], defaultOf(own)].filter((part) => part !== "").join("\n\n");
}

function defaultOf(schema: JsonObject): string {
  return schema["default"] === undefined ? "" : `Default: \`${JSON.stringify(schema["default"])}\``;
}

function ofValue(
  document: WorkflowDocument,
  span: { readonly from: number; readonly to: number },
  word: string,
): string | undefined {
  const line = document.text.slice(document.text.lastIndexOf("\n", span.from - 1) + 1, span.from);
  if (/\b(?:type|component)["']?:\s*["']?$/.test(line)) {
    const descriptor = descriptorOf(word);
    if (descriptor !== undefined) return `**${descriptor.title}**\n\n${descriptor.description}\n\n${descriptor.help}`;
  }
  const component = document.workflow === undefined ? undefined : graphOf(document.workflow).byId.get(word)?.component;
  if (component !== undefined && !/\bid["']?:\s*["']?$/.test(line)) {
    return [
      `**${component.name ?? word}**`,
      descriptorOf(component.type)?.title ?? component.type,
      component.description ?? "",
    ]
      .filter((part) => part !== "")
      .join("\n\n");
  }
  if (document.text[span.to] !== "(") return undefined;
  const help = helpOf(word);
  return help === undefined ? undefined : `\`${help.signature}\`\n\n${help.help}`;
}
