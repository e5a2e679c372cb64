import type { Bytes } from "./units";

/** What an object or a list takes before anything is in it. */
const HOLDER: Bytes = 48;
const SLOT: Bytes = 8;
/** What a text takes beside its characters. */
const TEXT: Bytes = 16;

const QUOTE = 34;
const BACKSLASH = 92;

/**
 * About how many bytes of memory the values of JSON `text` take once it is parsed, with the text itself. Sixty million characters of
 * `{},{},…` come to twenty times their length, and no parser says so beforehand. Nothing is parsed; what is no JSON has a weight too.
 */
export function jsonWeight(text: string): Bytes {
  let weight = text.length;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        weight += TEXT;
        at = endOfString(text, at);
        break;
      case 0x7b: // {
      case 0x5b: // [
        weight += HOLDER;
        break;
      case 0x2c: // ,
        weight += SLOT;
        break;
      case 0x3a: // :, after a name, which objects of a kind share
        weight += SLOT - TEXT;
    }
  }
  return weight;
}

/** How deep the lists and objects of JSON `text` stand in one another. Nothing is parsed. */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, (depth += 1));
    else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return deepest;
}

/** Where the string that begins at `start` ends. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at;
  }
  return text.length;
}
