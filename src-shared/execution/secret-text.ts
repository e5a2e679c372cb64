import type { Json } from "../base/json";
import { isJsonObject } from "../base/json";
import { REDACTED } from "./value";

/** Sensitive texts shorter than this are only found as whole strings: a PIN must not turn every `1` into a reference. */
const SHORT = 6;

/** Finds the sensitive texts a task was given, also as encoders leave them. */
export interface SecretFinder {
  /** Whether `text` is or holds one of them. */
  finds(text: string): boolean;
  /** Whether JSON text may hold one anywhere; false is certain. */
  mayHold(jsonText: string): boolean;
  /** Whether a whole number is one of them. */
  findsNumber(value: number): boolean;
  /** `text` with each of them replaced by `[REDACTED]`. */
  redact(text: string): string;
}

/** A finder for `secrets`; `undefined` when there is nothing to look for. */
export function secretFinder(secrets: readonly string[]): SecretFinder | undefined {
  const whole = new Set<string>();
  const parts = new Set<string>();
  for (const secret of secrets) {
    if (secret === "") continue;
    for (const form of [secret, secret.toUpperCase(), secret.toLowerCase()])
      (secret.length < SHORT ? whole : parts).add(form);
    if (secret.length < SHORT) continue;
    for (const form of encodedForms(secret)) parts.add(form);
  }
  if (whole.size === 0 && parts.size === 0) return undefined;
  // Longest first: an encoded form may hold the plain one.
  const forms = [...parts].sort((a, b) => b.length - a.length);
  const holds = (text: string): boolean => forms.some((form) => text.includes(form));
  const finds = (text: string): boolean => whole.has(text) || holds(text);
  return {
    finds,
    mayHold: (jsonText) => holds(jsonText) || [...whole].some((form) => jsonText.includes(form)),
    findsNumber: (value) => finds(String(value)),
    redact: (text) =>
      whole.has(text) ? REDACTED : forms.reduce((rest, form) => rest.replaceAll(form, REDACTED), text),
  };
}

function encodedForms(secret: string): readonly string[] {
  const forms = [
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(safe(secret)),
    encodeURIComponent(safe(secret)).replaceAll("%20", "+"),
  ];
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
