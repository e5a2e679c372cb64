import { withoutEnd } from "../../base/ends";
import { isJsonObject, type Json, type JsonObject } from "../../base/json";

/** How a text is written, so that what is added looks like the rest. */
export interface PrintStyle {
  readonly format: "yaml" | "json";
  /** Columns a level is indented by. */
  readonly step: number;
  /** Whether block lists stand deeper than the key above them. */
  readonly indentLists: boolean;
}

/** The text of an existing node that stands for `value`, for `column`; `undefined` where it must be printed. */
export type Reuse = (value: Json, column: number) => string | undefined;

const NEVER: Reuse = () => undefined;

/** Longest one-line list or mapping, in characters. */
const WIDTH = 90;

/** What follows `key:` in block style; lines are broken with \n. `column` is that of the key. */
export function afterColon(key: string, value: Json, column: number, style: PrintStyle, reuse: Reuse = NEVER): string {
  if (isScalar(value) || isEmpty(value)) return ` ${printScalar(value, column + style.step)}`;
  const flow = key === "position" || isShortList(value) ? printFlow(value) : undefined;
  if (flow !== undefined && flow.length <= WIDTH) return ` ${flow}`;
  const inside = column + (Array.isArray(value) && !style.indentLists ? 0 : style.step);
  const text = block(value, inside, style, reuse, key === "connections");
  // A node in brackets that moved here goes on standing beside its key.
  return text.startsWith("{") || text.startsWith("[") ? ` ${text}` : `\n${" ".repeat(inside)}${text}`;
}

/** What follows `-`; `column` is that of the dash. */
export function afterDash(
  value: Json,
  column: number,
  style: PrintStyle,
  reuse: Reuse = NEVER,
  preferFlow = false,
): string {
  if (isScalar(value) || isEmpty(value)) return ` ${printScalar(value, column + 2)}`;
  return ` ${block(value, column + 2, style, reuse, false, preferFlow)}`;
}

/** A whole value in block style, its first line without indentation. */
export function block(
  value: Json,
  column: number,
  style: PrintStyle,
  reuse: Reuse = NEVER,
  flowItems = false,
  preferFlow = false,
): string {
  const kept = reuse(value, column);
  if (kept !== undefined) return kept;
  if (isScalar(value) || isEmpty(value)) return printScalar(value, column);
  const gap = `\n${" ".repeat(column)}`;
  if (Array.isArray(value))
    return (value as readonly Json[]).map((item) => `-${afterDash(item, column, style, reuse, flowItems)}`).join(gap);
  if (preferFlow) {
    const flow = printFlow(value);
    if (flow.length <= WIDTH && Object.values(value as JsonObject).every((field) => isScalar(field ?? null)))
      return flow;
  }
  return fieldsOf(value as JsonObject)
    .map(([key, field]) => `${printKey(key)}:${afterColon(key, field, column, style, reuse)}`)
    .join(gap);
}

/** One line of YAML flow style. */
export function printFlow(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(printFlow).join(", ")}]`;
  if (!isJsonObject(value)) return typeof value === "string" ? printText(value, true) : JSON.stringify(value);
  const fields = fieldsOf(value);
  return fields.length === 0
    ? "{}"
    : `{ ${fields.map(([key, field]) => `${printKey(key, true)}: ${printFlow(field)}`).join(", ")} }`;
}

/** JSON; over several lines when `pretty`, all but the first indented to `column`. */
export function printJson(value: Json, pretty: boolean, column: number, step: number): string {
  if (!pretty) return JSON.stringify(value);
  return JSON.stringify(value, null, step).replaceAll("\n", `\n${" ".repeat(column)}`);
}

/** A scalar, or an empty collection; the lines of a text of several stand at `column`. */
export function printScalar(value: Json, column: number): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return value.includes("\n") ? (literal(value, column) ?? JSON.stringify(value)) : printText(value, false);
}

/** Text on one line: plain where no reader of YAML takes it for something else. */
export function printText(text: string, inFlow: boolean): string {
  if (isPlain(text, inFlow)) return text;
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff]/.test(text)) return JSON.stringify(text);
  if ((text.includes('"') || text.includes("\\")) && !text.includes("'")) return `'${text}'`;
  return JSON.stringify(text);
}

/** A key of a mapping. */
export function printKey(key: string, inFlow = false): string {
  return printText(key, inFlow);
}

/** Texts that start with a digit look like numbers to some reader or other; versions do not. */
const VERSION = /^\d+\.\d+\.\d+[\w.+-]*$/;
const WORD = /^[A-Za-z_/$.(<=+~^][^\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff]*$/;
const SPECIAL = /^(?:~|null|true|false|yes|no|on|off|[-+]?\.?(?:inf|nan|\d.*)|<<|=)$/i;

function isPlain(text: string, inFlow: boolean): boolean {
  if (VERSION.test(text)) return true;
  if (!WORD.test(text) || SPECIAL.test(text)) return false;
  if (text.includes("{{") || /: |:$| #|\s$/.test(text)) return false;
  return !inFlow || !/[,[\]{}:]/.test(text);
}

function literal(text: string, column: number): string | undefined {
  // Leading blanks would need an indentation indicator, and control characters cannot be written at all.
  if (/^[\s]|\r|[\u0000-\u0008\u000b-\u001f\u007f-\u0084\u0086-\u009f\u2028\u2029\ufeff\ud800-\udfff]/.test(text))
    return undefined;
  if (/[^\S\n]$/.test(withoutEnd(text, "\n").split("\n").at(-1) ?? "")) return undefined;
  const chomp = !text.endsWith("\n") ? "-" : text.endsWith("\n\n") ? "+" : "";
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  const indent = " ".repeat(column);
  return `|${chomp}\n${body
    .split("\n")
    .map((line) => (line === "" ? "" : indent + line))
    .join("\n")}`;
}

function fieldsOf(map: JsonObject): [string, Json][] {
  return Object.entries(map).filter((entry): entry is [string, Json] => entry[1] !== undefined);
}

function isScalar(value: Json): boolean {
  return typeof value !== "object" || value === null;
}

function isEmpty(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function isShortList(value: Json): boolean {
  return (
    Array.isArray(value) &&
    (value as readonly Json[]).every(
      (item) => isScalar(item) && !(typeof item === "string" && (item.includes("\n") || item.length > 40)),
    )
  );
}
