import type { Json } from "../base/json";
import { isJsonObject } from "../base/json";
import { REDACTED } from "./value";

/** Sensitive texts shorter than this are only found as whole strings: a PIN must not turn every `1` into a reference. */
const SHORT = 6;
/** A beginning of a secret that is shorter tells too little to be looked for. */
const LEAST = 4;

/** Finds the sensitive texts a task was given, also as encoders leave them. */
export interface SecretFinder {
  /** Whether `text` is or holds one of them. */
  finds(text: string): boolean;
  /** Which of them `text` is or holds. */
  among(text: string): readonly string[];
  /** Whether JSON text may hold one anywhere; false is certain. */
  mayHold(jsonText: string): boolean;
  /** Whether a whole number is one of them. */
  findsNumber(value: number): boolean;
  /** `text` with each of them replaced by `[REDACTED]`. */
  redact(text: string): string;
}

/** A finder for `secrets`; `undefined` when there is nothing to look for. */
export function secretFinder(secrets: readonly string[]): SecretFinder | undefined {
  /** Which secret each form is of. */
  const whole = new Map<string, string>();
  const parts = new Map<string, string>();
  for (const secret of secrets) {
    if (secret === "") continue;
    for (const form of [secret, secret.toUpperCase(), secret.toLowerCase()])
      (secret.length < SHORT ? whole : parts).set(form, secret);
    if (secret.length < SHORT) continue;
    for (const form of encodedForms(secret)) parts.set(form, secret);
  }
  if (whole.size === 0 && parts.size === 0) return undefined;
  // Longest first: an encoded form may hold the plain one.
  const forms = [...parts.keys()].sort((a, b) => b.length - a.length);
  const holds = (text: string): boolean => forms.some((form) => text.includes(form));
  const finds = (text: string): boolean => whole.has(text) || holds(text);
  return {
    finds,
    among: (text) => {
      const found = new Set<string>();
      const itself = whole.get(text);
      if (itself !== undefined) found.add(itself);
      for (const [form, secret] of parts) if (!found.has(secret) && text.includes(form)) found.add(secret);
      return [...found];
    },
    mayHold: (jsonText) => holds(jsonText) || [...whole.keys()].some((form) => jsonText.includes(form)),
    findsNumber: (value) => finds(String(value)),
    redact: (text) => {
      if (whole.has(text)) return REDACTED;
      const rest = forms.reduce((redacted, form) => redacted.replaceAll(form, REDACTED), text);
      return withoutBeginnings(rest, forms);
    },
  };
}

/** Texts that were cut, at their end or at a `…`, may hold the beginning of a secret. */
function withoutBeginnings(text: string, forms: readonly string[]): string {
  const parts = text.split("…");
  const clean = parts.map((part) => {
    let longest = 0;
    for (const form of forms) {
      for (let length = Math.min(form.length - 1, part.length); length >= Math.max(LEAST, longest + 1); length -= 1) {
        if (!part.endsWith(form.slice(0, length))) continue;
        longest = length;
        break;
      }
    }
    return longest === 0 ? part : part.slice(0, -longest) + REDACTED;
  });
  return clean.join("…");
}

function encodedForms(secret: string): readonly string[] {
  const once = JSON.stringify(secret).slice(1, -1);
  // Servers tell bodies back as text within JSON, within JSON.
  const twice = JSON.stringify(once).slice(1, -1);
  const written = [...new Set([secret, once, twice])];
  return [once, twice, html(secret), ...written.flatMap(inUrls), ...[secret, once].flatMap(inBase64)];
}

/** As parts of addresses and form bodies: encoders differ in what they leave alone, and in the case of their digits. */
function inUrls(text: string): readonly string[] {
  const whole = encodeURIComponent(safe(text));
  const forms = [
    whole,
    whole.replaceAll("%20", "+"),
    whole.replaceAll("%20", "+").replace(/[!'()~*]/g, percent),
    // What a URL parser does to a query and to a path that hold it as it is.
    safe(text)
      .replace(/[^!$%&-;=?-~]/gu, encodeURIComponent)
      .replaceAll("'", "%27"),
    safe(text).replace(/[^!$%&-;=@-~]|[`{}]/gu, encodeURIComponent),
    encodeURI(safe(text)),
  ];
  return forms.flatMap((form) => [form, form.replace(/%[0-9A-F]{2}/g, (digits) => digits.toLowerCase())]);
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function html(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function inBase64(secret: string): readonly string[] {
  const forms: string[] = [];
  const bytes = utf8(secret);
  // Within a longer text base64 meets the secret at one of three places of its groups; the shared edge characters are left out.
  for (let shift = 0; shift < 3; shift += 1) {
    const text = base64([...new Array<number>(shift).fill(0), ...bytes]);
    const from = shift === 0 ? 0 : shift + 1;
    const usable = Math.floor(((shift + bytes.length) * 8) / 6);
    const core = text.slice(from, usable);
    if (core.length < SHORT) continue;
    forms.push(core, core.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return forms;
}

/** A lone surrogate has no encoding; what any encoder would write instead is the replacement character. */
function safe(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "\uFFFD");
}

function utf8(text: string): readonly number[] {
  const encoded = encodeURIComponent(safe(text));
  const bytes: number[] = [];
  for (let at = 0; at < encoded.length; at += 1) {
    if (encoded[at] === "%") {
      bytes.push(Number.parseInt(encoded.slice(at + 1, at + 3), 16));
      at += 2;
    } else bytes.push(encoded.charCodeAt(at));
  }
  return bytes;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function base64(bytes: readonly number[]): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (const shift of [18, 12, 6, 0]) text += ALPHABET[(group >> shift) & 63];
  }
  return text;
}

/** The texts to look for when `json` is sensitive as a whole: its strings, and its numbers as text. */
export function textsOf(json: Json): readonly string[] {
  if (typeof json === "string") return [json];
  if (typeof json === "number") return [String(json)];
  if (Array.isArray(json)) return json.flatMap(textsOf);
  return isJsonObject(json) ? Object.values(json).flatMap((value) => (value === undefined ? [] : textsOf(value))) : [];
}
