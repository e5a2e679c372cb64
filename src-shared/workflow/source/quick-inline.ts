import type { Json } from "../../base/json";
import { MAX_DEPTH } from "./guard";
import type { SourceEntry, SourceItem, SourceNode, SourceScalar } from "./node";

/** Thrown where the quick reader leaves a text to the library; never leaves the quick reader. */
export class Beyond {}

/** Reads what stands on one line: scalars in every quote, lists and mappings in brackets. */
export class InlineReader {
  at = 0;

  constructor(
    readonly text: string,
    private readonly columnOf: (offset: number) => number,
  ) {}

  /** The value at `at` within brackets, `at` after it. */
  flow(depth: number): SourceNode {
    if (depth > MAX_DEPTH) throw new Beyond();
    const char = this.text[this.at];
    if (char === "{") return this.flowMap(depth);
    if (char === "[") return this.flowList(depth);
    if (char === '"' || char === "'") return this.quoted(char);
    return this.flowPlain();
  }

  flowMap(depth: number): SourceNode {
    const start = this.at++;
    const entries: SourceEntry[] = [];
    const value: { [key: string]: Json } = {};
    this.blanks();
    while (this.text[this.at] !== "}") {
      const keyStart = this.at;
      const char = this.text[keyStart];
      const key = char === '"' || char === "'" ? this.quoted(char) : this.flowPlain();
      const name = char === '"' || char === "'" ? String(key.value) : this.text.slice(key.start, key.end);
      this.blanks();
      if (this.text[this.at] !== ":") throw new Beyond();
      const afterColon = ++this.at;
      const next = this.text[this.at];
      if (next !== " " && (char !== '"' || next === ":")) throw new Beyond();
      this.blanks();
      const node = this.flow(depth + 1);
      if (Object.hasOwn(value, name) || name === "__proto__") throw new Beyond();
      value[name] = node.value;
      entries.push({ key: name, keyStart, keyEnd: key.end, afterColon, node });
      this.separator("}");
    }
    this.at++;
    return {
      kind: "map",
      flow: true,
      column: this.columnOf(entries[0]?.keyStart ?? start),
      entries,
      value,
      start,
      end: this.at,
    };
  }

  flowList(depth: number): SourceNode {
    const start = this.at++;
    const items: SourceItem[] = [];
    const value: Json[] = [];
    this.blanks();
    while (this.text[this.at] !== "]") {
      const node = this.flow(depth + 1);
      items.push({ start: node.start, node });
      value.push(node.value);
      this.separator("]");
    }
    this.at++;
    return {
      kind: "list",
      flow: true,
      column: this.columnOf(items[0]?.start ?? start),
      items,
      value,
      start,
      end: this.at,
    };
  }

  /** A comma, or the end of the brackets, which is left standing. */
  separator(close: string): void {
    this.blanks();
    const char = this.text[this.at];
    if (char === close) return;
    if (char !== ",") throw new Beyond();
    this.at++;
    this.blanks();
  }

  blanks(): void {
    while (this.text.charCodeAt(this.at) === 32) this.at++;
  }

  /** Quoted text that ends on its line. */
  quoted(quote: '"' | "'"): SourceScalar {
    const start = this.at;
    const end = quote === '"' ? this.doubleEnd(start) : this.singleEnd(start);
    this.at = end;
    const raw = this.text.slice(start + 1, end - 1);
    if (quote === "'") return { kind: "scalar", style: "single", value: raw.replaceAll("''", "'"), start, end };
    if (!raw.includes("\\")) return { kind: "scalar", style: "double", value: raw, start, end };
    // The escapes that JSON knows mean the same in YAML.
    if (/\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(raw.replaceAll("\\\\", ""))) throw new Beyond();
    return { kind: "scalar", style: "double", value: JSON.parse(`"${raw}"`) as string, start, end };
  }

  doubleEnd(start: number): number {
    for (let at = start + 1; ; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 34) return at + 1;
      if (code === 92) at++;
      else if (code === 10 || code === 13 || Number.isNaN(code) || code < 32) throw new Beyond();
    }
  }

  singleEnd(start: number): number {
    for (let at = start + 1; ; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 39) {
        if (this.text.charCodeAt(at + 1) !== 39) return at + 1;
        at++;
      } else if (code === 10 || code === 13 || Number.isNaN(code) || code < 32) throw new Beyond();
    }
  }

  flowPlain(): SourceScalar {
    const start = this.at;
    this.plainStart(start);
    let at = start;
    for (; ; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 44 || code === 93 || code === 125) break;
      if (code === 10 || code === 13 || Number.isNaN(code) || code === 91 || code === 123) throw new Beyond();
      if (code === 35 && this.text.charCodeAt(at - 1) === 32) throw new Beyond();
      if (code !== 58) continue;
      const next = this.text.charCodeAt(at + 1);
      if (
        next === 32 ||
        next === 10 ||
        next === 13 ||
        next === 44 ||
        next === 91 ||
        next === 93 ||
        next === 123 ||
        next === 125 ||
        Number.isNaN(next)
      )
        break;
    }
    let end = at;
    while (end > start && this.text.charCodeAt(end - 1) === 32) end--;
    if (end === start) throw new Beyond();
    this.at = end;
    return { kind: "scalar", style: "plain", value: plainValue(this.text.slice(start, end)), start, end };
  }

  /** A plain scalar from `at` to the end of its line or its comment. */
  blockPlain(lineEnd: number): SourceScalar {
    const start = this.at;
    this.plainStart(start);
    const comment = this.text.slice(start, lineEnd).indexOf(" #");
    let end = comment >= 0 ? start + comment : lineEnd;
    while (end > start && this.text.charCodeAt(end - 1) === 32) end--;
    const raw = this.text.slice(start, end);
    if (raw.includes(": ") || raw.endsWith(":")) throw new Beyond();
    this.at = end;
    return { kind: "scalar", style: "plain", value: plainValue(raw), start, end };
  }

  /** Refuses what is more than plain text: anchors, tags, directives, explicit keys. */
  plainStart(at: number): void {
    const char = this.text[at];
    if (char === undefined || "&*!|>%@`?:,[]{}#\"'".includes(char)) throw new Beyond();
    if (char === "-" && !/[\w.]/.test(this.text[at + 1] ?? "")) throw new Beyond();
  }
}

/** The value of plain text by YAML's core schema. */
export function plainValue(raw: string): Json {
  const code = raw.charCodeAt(0);
  const mayBeNumber = (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46;
  if (!mayBeNumber) {
    if (raw.length > 5) return raw;
    const word = WORDS.get(raw);
    return word === undefined ? raw : word;
  }
  if (
    /^[-+]?[0-9]+$/.test(raw) ||
    /^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/.test(raw) ||
    /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/.test(raw)
  )
    return number(Number(raw));
  if (/^0o[0-7]+$/.test(raw)) return number(Number.parseInt(raw.slice(2), 8));
  if (/^0x[0-9a-fA-F]+$/.test(raw)) return number(Number.parseInt(raw.slice(2), 16));
  if (/^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/.test(raw)) throw new Beyond();
  return raw;
}

function number(value: number): number {
  if (!Number.isFinite(value)) throw new Beyond();
  return value;
}

const WORDS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ["~", null],
  ["null", null],
  ["Null", null],
  ["NULL", null],
  ["true", true],
  ["True", true],
  ["TRUE", true],
  ["false", false],
  ["False", false],
  ["FALSE", false],
]);
