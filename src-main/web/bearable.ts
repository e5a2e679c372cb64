import type { RawData } from "ws";
import { jsonWeight } from "@shared/base/json-weight";
import type { Bytes } from "@shared/base/units";

/** What the values of one message may take in memory: it is read in the thread that serves everybody. */
const HEAVIEST: Bytes = 384 * 1024 * 1024;
/** Messages shorter than this are never too heavy, and need not be looked through. */
const LIGHT = 1024 * 1024;

/** Whether reading `data`, a message of a window, leaves the host its memory. */
export function isBearable(data: string | RawData): boolean {
  const length = typeof data === "string" ? data.length : lengthOf(data);
  return length < LIGHT || jsonWeight(textOf(data)) <= HEAVIEST;
}

function lengthOf(data: RawData): number {
  return Array.isArray(data) ? data.reduce((sum, part) => sum + part.length, 0) : data.byteLength;
}

/** A character a byte: all that counts for the weight is what JSON is made of. */
function textOf(data: string | RawData): string {
  if (typeof data === "string") return data;
  if (Array.isArray(data)) return Buffer.concat(data).toString("latin1");
  return (Buffer.isBuffer(data) ? data : Buffer.from(data)).toString("latin1");
}
