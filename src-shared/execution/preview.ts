import type { Json } from "../base/json";
import { isJsonObject } from "../base/json";
import type { Bytes } from "../base/units";

/** The most a stored value's preview takes, as JSON text. */
export const PREVIEW_LIMIT: Bytes = 4 * 1024;

/** What a value is, in two words: `412 records`, `5 fields`, a scalar itself (cut). */
export function summaryOf(json: Json): string {
  if (Array.isArray(json)) {
    const noun = json.length > 0 && json.every(isJsonObject) ? "record" : "item";
    return `${json.length} ${noun}${json.length === 1 ? "" : "s"}`;
  }
  if (isJsonObject(json)) {
    const count = Object.keys(json).length;
    return `${count} field${count === 1 ? "" : "s"}`;
  }
  const text = JSON.stringify(json);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/**
 * The beginning of `json`, at most `limit` bytes of JSON text: long strings end in `…`, lists and objects lose their ends.
 *
 * Costs as much as what is kept, however large `json` is.
 */
export function previewOf(json: Json, limit: Bytes = PREVIEW_LIMIT): Json {
  return cut(json, { left: limit });
}

function cut(json: Json, room: { left: number }): Json {
  if (typeof json === "string") {
    // A character takes up to six bytes when escaped.
    const most = Math.max(0, Math.floor((room.left - 8) / (isPlain(json) ? 1 : 6)));
    const kept = json.length <= most ? json : `${json.slice(0, most)}…`;
    room.left -= JSON.stringify(kept).length;
    return kept;
  }
  if (Array.isArray(json)) {
    room.left -= 2;
    const kept: Json[] = [];
    for (const item of json) {
      if (room.left < 16) break;
      kept.push(cut(item, room));
      room.left -= 1;
    }
    return kept;
  }
  if (isJsonObject(json)) {
    room.left -= 2;
    const kept: [string, Json][] = [];
    for (const key in json) {
      const value = json[key];
      const cost = key.length * 2 + 4;
      if (room.left < cost + 16) break;
      if (value === undefined) continue;
      room.left -= cost;
      kept.push([key, cut(value, room)]);
    }
    return Object.fromEntries(kept);
  }
  room.left -= 8;
  return json;
}

function isPlain(text: string): boolean {
  // Only a beginning is kept, so only a beginning is looked at.
  for (let at = 0; at < text.length && at < PREVIEW_LIMIT; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 32 || code > 126 || code === 34 || code === 92) return false;
  }
  return true;
}
