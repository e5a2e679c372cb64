import type { SourceProblem } from "./node";

/** Longest text that is read at all, in characters. */
export const MAX_CHARACTERS = { json: 20_000_000, yaml: 5_000_000 } as const;

/** How many marks a text may hold that the YAML library reads: it takes some ten microseconds and a kilobyte for each. */
export const MAX_MARKS = 200_000;

/** How many lists, mappings and items a text may hold: each takes a quarter of a kilobyte once it is read. */
export const MAX_PARTS = 2_000_000;

/** How deep lists and mappings may stand in one another. */
export const MAX_DEPTH = 200;

/**
 * What makes it pointless or dangerous to hand `text` to a parser: its size, binary content, absurd nesting.
 *
 * Looks at characters only, in one pass, so that the worst input is answered at once.
 */
export function guard(text: string, format: "yaml" | "json"): SourceProblem | undefined {
  const limit = MAX_CHARACTERS[format];
  if (text.length > limit) {
    const message = `The text has ${text.length} characters; at most ${limit} are read.`;
    return { from: 0, to: 1, rule: "too-large", severity: "error", message };
  }
  const binary = text.search(/[\u0000-\u0008\u000e-\u001f\ufffe\uffff]/);
  if (binary >= 0) {
    const message = "This is not text: it holds control characters, as binary files do.";
    return { from: binary, to: binary + 1, rule: "binary", severity: "error", message };
  }
  const deep = format === "yaml" ? tooDeep(text) : undefined;
  if (deep !== undefined) {
    const message = `Lists and mappings stand more than ${MAX_DEPTH} deep here.`;
    return { from: deep, to: deep + 1, rule: "too-deep", severity: "error", message };
  }
  const crowded = tooCrowded(text);
  if (crowded === undefined) return undefined;
  const message = `The text holds more than ${MAX_PARTS} lists, mappings and items; move data into a file of its own.`;
  return { from: crowded, to: crowded + 1, rule: "too-large", severity: "error", message };
}

/** Where the number of brackets, commas and dashes at lines' ends passes `MAX_PARTS`. */
function tooCrowded(text: string): number | undefined {
  if (text.length <= MAX_PARTS) return undefined;
  let parts = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isPart = code === 44 || code === 91 || code === 123 || (code === 45 && isBlank(text.charCodeAt(at + 1)));
    if (isPart && ++parts > MAX_PARTS) return at;
  }
  return undefined;
}

/** Where brackets, dashes or indentation nest beyond reason. Quoted text is not told apart: its brackets balance or are few. */
function tooDeep(text: string): number | undefined {
  let open = 0;
  let dashes = 0;
  let indent = 0;
  let atLineStart = true;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10) {
      atLineStart = true;
      indent = 0;
      dashes = 0;
      continue;
    }
    if (code === 91 || code === 123) {
      if (++open > MAX_DEPTH * 5) return at;
    } else if (code === 93 || code === 125) {
      if (open > 0) open--;
    }
    if (!atLineStart) continue;
    if (code === 32 || code === 9) {
      if (++indent > MAX_DEPTH * 20) return at;
    } else if ((code === 45 || code === 63 || code === 58) && isBlank(text.charCodeAt(at + 1))) {
      if (++dashes > MAX_DEPTH) return at;
    } else atLineStart = false;
  }
  return undefined;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

/** Whether `text` holds more than `MAX_MARKS` line breaks and punctuation marks, which are what a parser's time goes by. */
export function isHeavy(text: string): boolean {
  if (text.length <= MAX_MARKS) return false;
  let marks = 0;
  for (let at = 0; at < text.length; at++) if (isMark(text.charCodeAt(at)) && ++marks > MAX_MARKS) return true;
  return false;
}

/** Line breaks and ASCII punctuation, without `.`, `/` and `_`, which stand within words. */
function isMark(code: number): boolean {
  if (code < 33) return code === 10;
  if (code < 48) return code < 46;
  return code >= 58 && code < 127 && (code < 65 || (code > 90 && code < 97 && code !== 95) || code > 122);
}
