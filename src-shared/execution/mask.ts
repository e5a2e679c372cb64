import { isJsonObject, type Json } from "../base/json";
import type { Entry, Event } from "./event";
import { textsOf } from "./secret-text";
import { inline, REDACTED, type Value } from "./value";

/** Names of fields, in lower case. */
export type FieldNames = ReadonlySet<string>;

/** `json` as screens show it: what stands in a field of one of these names is `[REDACTED]`, at any depth; null stays. */
export function maskJson(json: Json, fields: FieldNames): Json {
  if (fields.size === 0 || typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return (json as readonly Json[]).map((item) => maskJson(item, fields));
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      value === undefined || value === null ? null : fields.has(key.toLowerCase()) ? REDACTED : maskJson(value, fields),
    ]),
  );
}

/** `value` as screens show it. What lies in the store is masked when it is read; its preview here. */
export function maskValue(value: Value, fields: FieldNames): Value {
  if (fields.size === 0) return value;
  switch (value.kind) {
    case "inline":
      return inline(maskJson(value.json, fields));
    case "stored":
      return { ...value, preview: maskJson(value.preview, fields) };
    case "sensitive":
      return value;
    case "part":
      return { ...value, of: maskValue(value.of, fields) };
    case "list":
      return { kind: "list", items: value.items.map((item) => maskValue(item, fields)) };
    case "object":
      return { kind: "object", fields: maskFields(value.fields, fields) };
  }
}

/** Values by name, as screens show them. */
export function maskFields(
  values: { readonly [name: string]: Value },
  fields: FieldNames,
): { readonly [name: string]: Value } {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      fields.has(name.toLowerCase()) && !isNull(value) ? inline(REDACTED) : maskValue(value, fields),
    ]),
  );
}

function isNull(value: Value): boolean {
  return value.kind === "inline" && value.json === null;
}

const VALUES = ["input", "config", "output", "event", "answer"] as const;

/**
 * Shows an execution's journal, entry by entry, without personal data: fields by their names, and what stood in such a field wherever
 * its text comes again. Masked entries fold to the same components, attempts and times.
 */
export class Masker {
  private readonly texts = new Set<string>();
  /** Made when it is needed, of the texts known then. */
  private redactor: ((text: string) => string) | undefined;

  constructor(readonly fields: FieldNames) {}

  private get redact(): (text: string) => string {
    return (this.redactor ??= redactorOf([...this.texts]) ?? ((text) => text));
  }

  /** A whole value of the execution, read from the store or computed. */
  json(json: Json): Json {
    if (this.fields.size === 0) return json;
    this.add(textsIn(json, this.fields));
    return redacted(maskJson(json, this.fields), this.redact);
  }

  /** A text that may hold some of what stood in such fields. */
  text(text: string): string {
    return this.redact(text);
  }

  entry({ seq, event }: Entry): Entry {
    return this.fields.size === 0 ? { seq, event } : { seq, event: this.event(event) };
  }

  private event(event: Event): Event {
    const masked: { [key: string]: unknown } = { ...event };
    for (const key of VALUES) this.learn(masked[key] as Value | undefined);
    if (event.kind === "execution-started") this.learn({ kind: "object", fields: event.parameters });
    const { redact } = this;
    for (const key of VALUES) {
      const value = masked[key] as Value | undefined;
      if (value !== undefined) masked[key] = withoutTexts(maskValue(value, this.fields), redact);
    }
    if (event.kind === "execution-started") masked["parameters"] = maskFields(event.parameters, this.fields);
    if (event.kind === "log-written")
      masked["lines"] = event.lines.map((line) => ({ ...line, message: redact(line.message) }));
    if ("error" in event && event.error !== undefined)
      masked["error"] = { ...event.error, message: redact(event.error.message) };
    return masked as unknown as Event;
  }

  private add(texts: readonly string[]): void {
    for (const text of texts) {
      if (this.texts.size >= MOST || this.texts.has(text)) continue;
      this.texts.add(text);
      this.redactor = undefined;
    }
  }

  private learn(value: Value | undefined): void {
    if (value === undefined) return;
    if (value.kind === "inline") this.add(textsIn(value.json, this.fields));
    if (value.kind === "list") for (const item of value.items) this.learn(item);
    if (value.kind !== "object") return;
    for (const [name, field] of Object.entries(value.fields)) {
      if (field.kind === "inline" && this.fields.has(name.toLowerCase()))
        this.add(textsIn({ [name]: field.json }, this.fields));
      else this.learn(field);
    }
  }
}

function withoutTexts(value: Value, redact: (text: string) => string): Value {
  switch (value.kind) {
    case "inline":
      return inline(redacted(value.json, redact));
    case "stored":
      return { ...value, preview: redacted(value.preview, redact) };
    case "list":
      return { kind: "list", items: value.items.map((item) => withoutTexts(item, redact)) };
    case "object":
      return {
        kind: "object",
        fields: Object.fromEntries(
          Object.entries(value.fields).map(([name, field]) => [name, withoutTexts(field, redact)]),
        ),
      };
    case "part":
    case "sensitive":
      return value;
  }
}

function redacted(json: Json, redact: (text: string) => string): Json {
  if (typeof json === "string") return redact(json);
  if (Array.isArray(json)) return (json as readonly Json[]).map((item) => redacted(item, redact));
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, redacted(value ?? null, redact)]));
}

/** Whether what lies at `path` below `value` belongs to a field of one of these names. */
export function isMaskedAt(value: Value, path: readonly (string | number)[], fields: FieldNames): boolean {
  for (let at = value; at.kind === "part"; at = at.of)
    if (typeof at.at === "string" && fields.has(at.at.toLowerCase())) return true;
  return path.some((key) => typeof key === "string" && fields.has(key.toLowerCase()));
}

/** Shorter texts would be taken out of words they have nothing to do with. */
const SHORTEST = 4;
const MOST = 1000;

/** The texts that stand in fields of these names, at most a thousand: for taking them out of lines of a log. */
export function textsIn(json: Json, fields: FieldNames): readonly string[] {
  const found = new Set<string>();
  if (fields.size > 0) gather(json, fields, found);
  return [...found];
}

function gather(json: Json, fields: FieldNames, found: Set<string>): void {
  if (found.size >= MOST) return;
  if (Array.isArray(json)) for (const item of json as readonly Json[]) gather(item, fields, found);
  if (!isJsonObject(json)) return;
  for (const [key, value] of Object.entries(json)) {
    if (value === undefined) continue;
    if (!fields.has(key.toLowerCase())) gather(value, fields, found);
    else for (const text of textsOf(value)) if (text.length >= SHORTEST) found.add(text);
  }
}

/** A function that puts `[REDACTED]` where a line holds one of `texts`; undefined when there are none. */
export function redactorOf(texts: readonly string[]): ((line: string) => string) | undefined {
  if (texts.length === 0) return undefined;
  const longestFirst = [...texts].sort((a, b) => b.length - a.length);
  const any = new RegExp(longestFirst.map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
  return (line) => line.replace(any, REDACTED);
}
