import { withoutEnd } from "../../base/ends";
import { base64, toJson } from "../border";
import type { Evaluation } from "../evaluation";
import { plainType } from "../kinds";
import { sha256 } from "../sha256";
import { fromUtf8, utf8 } from "../utf8";
import { fn, text, trouble, type CelFunction, type Site } from "./call";

/** Bytes as they are, text as UTF-8, anything else as its JSON. */
function bytesOf(value: unknown, e: Evaluation, site: Site): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const shown = typeof value === "string" ? value : jsonText(value, e, site);
  e.chargeText(shown.length * 4, site.at);
  return utf8(shown);
}

function jsonText(value: unknown, e: Evaluation, site: Site): string {
  const shown = JSON.stringify(toJson(value, e, site.at));
  e.chargeText(shown.length, site.at);
  return shown;
}

function parseJson(value: string, e: Evaluation, site: Site): unknown {
  e.chargeText(value.length * 4, site.at);
  try {
    return JSON.parse(value);
  } catch (error) {
    if (error instanceof SyntaxError) throw trouble("conversion", site, "needs text that is JSON");
    throw error;
  }
}

function fromBase64(value: string, e: Evaluation, site: Site): string {
  e.chargeText(value.length * 2, site.at);
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(value) || withoutEnd(value, "=").length % 4 === 1)
    throw trouble("conversion", site, "needs text that is base64");
  const bits = withoutEnd(value, "=").replaceAll("-", "+").replaceAll("_", "/");
  const bytes = new Uint8Array(Math.floor((bits.length * 3) / 4));
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  let held = 0;
  let count = 0;
  let position = 0;
  for (const digit of bits) {
    held = ((held << 6) | digits.indexOf(digit)) & 0xffffff;
    count += 6;
    if (count >= 8) bytes[position++] = (held >> (count -= 8)) & 255;
  }
  return fromUtf8(bytes);
}

/** Encodings and digests. */
export const codecFunctions: readonly CelFunction[] = [
  fn("json(value) -> string", "The value as JSON text.", (a, e, s) => jsonText(a[0], e, s), { heavy: true }),
  fn(
    "parse_json(text) -> value",
    "The value that a JSON text stands for.",
    (a, e, s) => parseJson(text(a, 0, s), e, s),
    { heavy: true },
  ),
  fn("base64(value) -> string", "The UTF-8 bytes of the text in base64.", (a, e, s) => base64(bytesOf(a[0], e, s))),
  fn("base64_decode(text) -> string", "The text whose UTF-8 bytes the base64 holds.", (a, e, s) =>
    fromBase64(text(a, 0, s), e, s),
  ),
  fn(
    "hash(value) -> string",
    "The SHA-256 digest of the text (of other values: of their JSON) in hexadecimal.",
    (a, e, s) => {
      if (a[0] === undefined) throw trouble("arguments", s, `cannot take ${plainType(a[0])}`);
      const bytes = bytesOf(a[0], e, s);
      e.charge(bytes.length >> 3, s.at);
      return sha256(bytes);
    },
  ),
];
