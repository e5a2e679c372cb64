import type { Json } from "../base/json";
import { isJsonObject } from "../base/json";
import { PAGED_FROM, pagedText } from "./paged";
import { previewOf, summaryOf } from "./preview";
import type { FieldNames } from "./mask";
import type { SecretFinder } from "./secret-text";
import { INLINE_LIMIT, inline, type Value } from "./value";
import type { Kept, KeptText } from "./work";

/** Objects with more fields are kept as one text. */
const MOST_FIELDS = 50;
/** Values with more sensitive places than this become sensitive as a whole. */
const MOST_MARKS = 500;

/**
 * Whether the sensitive value `id` was sealed as a whole because it has many sensitive places: most of its texts are no secrets, and
 * what is sensitive in it is known by `from` and by the names of fields.
 */
export function isSealedWhole(id: string): boolean {
  return /!w\d+$/.test(id);
}

/** Turns JSON into values: large parts go to the store, sensitive ones to the vault; both are written with the event. */
export interface Keeper {
  /** `json` as a value; the places where `finder` finds something, and the keeper's fields, become references into the vault. */
  keep(json: Json, finder?: SecretFinder): Value;
  /** `json` as one sensitive value; `from` names those it was made of. */
  seal(json: Json, from?: readonly string[]): Value;
  /** `value` with in-place parts above the limit stored. */
  shrink(value: Value): Value;
  /** What has come together so far. */
  kept(): Kept;
}

/**
 * A keeper whose ids begin with `prefix`, which must be different for every event of an execution that keeps something.
 *
 * @param fields names of fields, in lower case, whose contents are sensitive wherever they stand.
 */
export function keeper(prefix: string, fields: FieldNames = new Set()): Keeper {
  const values: KeptText[] = [];
  const secrets: KeptText[] = [];

  const store = (json: Json, whole: string): Value => {
    const id = `${prefix}.${values.length}`;
    const paged = Array.isArray(json) && whole.length > PAGED_FROM ? pagedText(json as readonly Json[]) : undefined;
    const text = paged?.text ?? whole;
    values.push(paged === undefined ? { id, text } : { id, ...paged });
    return { kind: "stored", id, bytes: text.length, summary: summaryOf(json), preview: previewOf(json) };
  };
  const parts = new Map<string, string>();
  const put = (json: Json, kind: "" | "w" = ""): string => {
    const id = `${prefix}!${kind}${secrets.length}`;
    secrets.push({ id, text: JSON.stringify(json) });
    return id;
  };
  const seal = (json: Json, from: readonly string[] = [], kind: "" | "w" = ""): Value => {
    const id = put(json, kind);
    return from.length === 0 ? { kind: "sensitive", id } : { kind: "sensitive", id, from };
  };
  /** Seals what `finder` finds something in; what it finds is kept beside it, once. */
  const sealFound = (json: Json, finder: SecretFinder | undefined, kind: "" | "w" = ""): Value => {
    if (finder === undefined) return seal(json, [], kind);
    const text = typeof json === "string" ? json : JSON.stringify(json);
    const from = finder.among(text).flatMap((secret) => {
      if (secret === json) return [];
      const id = parts.get(secret) ?? put(secret);
      parts.set(secret, id);
      return [id];
    });
    return seal(json, from, kind);
  };
  const plain = (json: Json): Value => {
    if (roomLeft(json, INLINE_LIMIT) > 0) return inline(json);
    const text = JSON.stringify(json);
    return text.length > INLINE_LIMIT ? large(json, text) : inline(json);
  };
  /** Of a large object each field is kept by itself: a list in it can be read page by page, and a number without the list. */
  const large = (json: Json, text: string): Value => {
    if (text.length <= PAGED_FROM || !isJsonObject(json) || Object.keys(json).length > MOST_FIELDS)
      return store(json, text);
    const fields: { [key: string]: Value } = {};
    for (const [key, field] of Object.entries(json)) {
      if (field === undefined) continue;
      const value = plain(field);
      Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
    }
    return { kind: "object", fields };
  };
  const marked = (json: Json, looked: Looked): Value => {
    if (!holds(json, looked)) return plain(json);
    const { finder } = looked;
    if (Array.isArray(json)) return { kind: "list", items: json.map((item) => marked(item, looked)) };
    // A field's name cannot be a reference, so an object whose names tell something is sensitive as a whole.
    if (isJsonObject(json) && !Object.keys(json).some((key) => finder?.finds(key) === true)) {
      const fields: { [key: string]: Value } = {};
      for (const [key, value] of Object.entries(json)) {
        if (value !== undefined)
          Object.defineProperty(fields, key, {
            value: isSealed(looked, key, value) ? sealFound(value, finder) : marked(value, looked),
            enumerable: true,
            configurable: true,
            writable: true,
          });
      }
      return { kind: "object", fields };
    }
    return sealFound(json, finder);
  };

  return {
    keep: (json, finder) => {
      const looked = { finder, fields: fields.size === 0 ? undefined : fields };
      if (looked.fields === undefined) {
        if (finder === undefined) return plain(json);
        const text = JSON.stringify(json);
        if (!finder.mayHold(text)) return text.length > INLINE_LIMIT ? large(json, text) : inline(json);
      }
      return marks(json, looked, MOST_MARKS + 1) > MOST_MARKS ? sealFound(json, finder, "w") : marked(json, looked);
    },
    seal: (json, from) => seal(json, from),
    shrink: (value) => shrink(value, plain),
    kept: () => ({ values: [...values], secrets: [...secrets] }),
  };
}

function shrink(value: Value, plain: (json: Json) => Value): Value {
  if (value.kind === "inline") return unchanged(value, plain(value.json));
  if (value.kind === "list") return { kind: "list", items: value.items.map((item) => shrink(item, plain)) };
  if (value.kind !== "object") return value;
  const fields: { [key: string]: Value } = {};
  for (const [key, field] of Object.entries(value.fields)) {
    Object.defineProperty(fields, key, {
      value: shrink(field, plain),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return { kind: "object", fields };
}

function unchanged(before: Value, after: Value): Value {
  return after.kind === "inline" ? before : after;
}

/** What is left of `room` bytes after `json` at its longest; not above nothing when it might not fit. */
function roomLeft(json: Json, room: number): number {
  // A character takes six bytes at most when escaped, a number 24 characters.
  if (typeof json === "string") return room - json.length * 6 - 2;
  if (typeof json !== "object" || json === null) return room - 24;
  let left = room - 2;
  if (Array.isArray(json)) {
    for (const item of json) {
      left = roomLeft(item, left - 1);
      if (left <= 0) break;
    }
    return left;
  }
  for (const key in json) {
    left = roomLeft((json as { [key: string]: Json })[key] ?? null, left - key.length * 6 - 4);
    if (left <= 0) break;
  }
  return left;
}

function isScalar(json: Json): boolean {
  return typeof json !== "object" || json === null;
}

/** What makes a place sensitive: a text that is found, or the name of the field it stands in. */
interface Looked {
  readonly finder: SecretFinder | undefined;
  readonly fields: FieldNames | undefined;
}

function isSealed({ fields }: Looked, key: string, value: Json): boolean {
  return fields !== undefined && value !== null && fields.has(key.toLowerCase());
}

function found(json: Json, { finder }: Looked): boolean {
  if (finder === undefined) return false;
  if (typeof json === "string") return finder.finds(json);
  return typeof json === "number" && finder.findsNumber(json);
}

function holds(json: Json, looked: Looked): boolean {
  return marks(json, looked, 1) > 0;
}

/** Counts sensitive places, up to `most`. */
function marks(json: Json, looked: Looked, most: number): number {
  if (isScalar(json)) return found(json, looked) ? 1 : 0;
  let count = 0;
  if (Array.isArray(json)) {
    for (const item of json) {
      if (count >= most) break;
      count += marks(item, looked, most - count);
    }
    return count;
  }
  for (const [key, value] of Object.entries(json as { [key: string]: Json | undefined })) {
    if (count >= most) break;
    if (looked.finder?.finds(key) === true || (value !== undefined && isSealed(looked, key, value))) count += 1;
    if (value !== undefined) count += marks(value, looked, most - count);
  }
  return count;
}

/** Nothing kept. */
export const NOTHING_KEPT: Kept = { values: [], secrets: [] };
