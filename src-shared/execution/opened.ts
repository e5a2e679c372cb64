import { Bug } from "../base/bug";
import type { Json } from "../base/json";
import { isJsonObject } from "../base/json";
import { Gone } from "./gone";
import { isSealedWhole } from "./keep";
import { textsOf } from "./secret-text";
import type { Value } from "./value";
import type { Referred } from "./work";

/** A value read: its JSON, and whether any part of it is sensitive. */
export interface Read {
  readonly json: Json;
  readonly sensitive: boolean;
}

/** Reads values whose texts are at hand. */
export interface ValueOpener {
  read(value: Value): Read;
  /** Plain texts of all sensitive values that were read, and of what they were made of. */
  sensitiveTexts(): readonly string[];
  /** The ids of these. */
  sensitiveIds(): readonly string[];
}

/**
 * An opener over `referred`; each text is parsed once, and only if it is read. A missing one is a Bug, but for those that a sensitive
 * value was only made of: a secret may have been deleted since.
 */
export function openerOf(referred: Referred | ((kind: "texts" | "secrets", id: string) => string)): ValueOpener {
  const textOf =
    typeof referred === "function" ? referred : (kind: "texts" | "secrets", id: string) => textIn(referred, kind, id);
  const parsed = new Map<string, Json>();
  const sensitive = new Set<string>();
  const ids = new Set<string>();
  const parse = (kind: "texts" | "secrets", id: string): Json => {
    const key = `${kind}/${id}`;
    const known = parsed.get(key);
    if (known !== undefined) return known;
    const json = JSON.parse(textOf(kind, id)) as Json;
    parsed.set(key, json);
    return json;
  };
  const hide = (id: string, json: Json): void => {
    ids.add(id);
    for (const text of textsOf(json)) sensitive.add(text);
  };
  const read = (value: Value): Read => {
    switch (value.kind) {
      case "inline":
        return { json: value.json, sensitive: false };
      case "stored":
        return { json: parse("texts", value.id), sensitive: false };
      case "sensitive": {
        const json = parse("secrets", value.id);
        hide(value.id, isSealedWhole(value.id) ? null : json);
        for (const id of value.from ?? []) {
          const part = ids.has(id) ? undefined : partText(referred, id);
          if (part !== undefined) hide(id, JSON.parse(part) as Json);
        }
        return { json, sensitive: true };
      }
      case "object": {
        const fields: { [key: string]: Json } = {};
        let marked = false;
        for (const [key, field] of Object.entries(value.fields)) {
          const one = read(field);
          marked ||= one.sensitive;
          Object.defineProperty(fields, key, { value: one.json, enumerable: true, configurable: true, writable: true });
        }
        return { json: fields, sensitive: marked };
      }
      case "list": {
        const items = value.items.map(read);
        return { json: items.map((item) => item.json), sensitive: items.some((item) => item.sensitive) };
      }
      case "part": {
        const whole = read(value.of);
        return { json: fieldOf(whole.json, value.at) ?? null, sensitive: whole.sensitive };
      }
    }
  };
  return { read, sensitiveTexts: () => [...sensitive], sensitiveIds: () => [...ids] };
}

/** The text of a value that another was made of; undefined when it is not there any more. */
function partText(referred: Parameters<typeof openerOf>[0], id: string): string | undefined {
  if (typeof referred !== "function") return referred.secrets[id];
  try {
    return referred("secrets", id);
  } catch (error) {
    if (error instanceof Gone) return undefined;
    throw error;
  }
}

function textIn(referred: Referred, kind: "texts" | "secrets", id: string): string {
  const text = referred[kind][id];
  if (text === undefined)
    throw new Bug(`the text of ${kind === "texts" ? "stored" : "sensitive"} value ${id} was not sent along`);
  return text;
}

function fieldOf(json: Json, at: string | number): Json | undefined {
  if (typeof at === "number") return Array.isArray(json) ? (json as readonly Json[])[at] : undefined;
  return isJsonObject(json) && Object.hasOwn(json, at) ? json[at] : undefined;
}

/** The ids of stored and sensitive values that reading `value` takes. */
export function referredBy(
  value: Value,
  into: { readonly stored: Set<string>; readonly sensitive: Set<string> },
): void {
  switch (value.kind) {
    case "inline":
      return;
    case "stored":
      into.stored.add(value.id);
      return;
    case "sensitive":
      into.sensitive.add(value.id);
      return;
    case "object":
      for (const field of Object.values(value.fields)) referredBy(field, into);
      return;
    case "list":
      for (const item of value.items) referredBy(item, into);
      return;
    case "part":
      referredBy(value.of, into);
  }
}
