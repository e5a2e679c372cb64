import sanitizeHtml from "sanitize-html";
import type { Json } from "@shared/base/json";
import { isJsonObject } from "@shared/base/json";
import { invalid, refuse } from "../behaviour";
import { put } from "../records/json";

/** A function that cleans every text inside a value as `sanitization` asks. */
export function sanitizer(written: Json | undefined): (value: Json) => Json {
  if (written === undefined || written === null) return (value) => value;
  if (!isJsonObject(written))
    return refuse(invalid("It takes trim_strings, remove_html_tags and normalize_unicode.", "config.sanitization"));
  const steps: ((text: string) => string)[] = [];
  if (written["remove_html_tags"] === true) steps.push(removeTags);
  if (written["normalize_unicode"] === true) steps.push((text) => text.normalize("NFC"));
  // Last, because a removed tag may leave blanks at an end.
  if (written["trim_strings"] === true) steps.push((text) => text.trim());
  if (steps.length === 0) return (value) => value;
  return (value) => cleanTexts(value, (text) => steps.reduce((cleaned, step) => step(cleaned), text));
}

function removeTags(text: string): string {
  if (!text.includes("<")) return text;
  const plain = sanitizeHtml(text, { allowedTags: [], allowedAttributes: {} });
  // The library gives HTML text back, with `&` and angle brackets written as entities; a record holds plain text.
  return plain.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

function cleanTexts(value: Json, clean: (text: string) => string): Json {
  if (typeof value === "string") return clean(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => cleanTexts(item, clean));
  if (!isJsonObject(value)) return value;
  const result: { [key: string]: Json | undefined } = {};
  for (const key of Object.keys(value)) put(result, key, cleanTexts(value[key] ?? null, clean));
  return result;
}
