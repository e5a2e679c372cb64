import type { Json } from "../../base/json";
import { MAX_DEPTH } from "./guard";
import type { Source, SourceEntry, SourceItem, SourceNode, SourceProblem } from "./node";

/** Stops the reading of a JSON text; never leaves this file. */
class Stop {
  constructor(
    readonly at: number,
    readonly message: string,
    readonly rule = "syntax",
  ) {}
}

/** Reads strict JSON (RFC 8259), with the place of every node. A byte order mark is skipped. `text` has passed `guard`. */
export function readJson(text: string): Source {
  const reader = new Reader(text);
  try {
    const root = reader.document();
    return { ...(root === undefined ? {} : { root }), problems: reader.problems };
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    const from = Math.min(stop.at, text.length);
    return {
      problems: [...reader.problems, { from, to: from + 1, rule: stop.rule, severity: "error", message: stop.message }],
    };
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

class Reader {
  #at: number;
  readonly problems: SourceProblem[] = [];

  constructor(private readonly text: string) {
    this.#at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  document(): SourceNode | undefined {
    this.space();
    if (this.#at >= this.text.length) return undefined;
    const root = this.value(0);
    this.space();
    if (this.#at < this.text.length) throw new Stop(this.#at, "The document ends before this; remove what follows.");
    return root;
  }

  value(depth: number): SourceNode {
    if (depth > MAX_DEPTH)
      throw new Stop(this.#at, `Lists and objects stand more than ${MAX_DEPTH} deep here.`, "too-deep");
    const start = this.#at;
    const char = this.text[start];
    if (char === "{") return this.map(depth);
    if (char === "[") return this.list(depth);
    if (char === '"') return { kind: "scalar", style: "double", value: this.string(), start, end: this.#at };
    for (const [word, value] of WORDS) {
      if (!this.text.startsWith(word, start)) continue;
      this.#at += word.length;
      return { kind: "scalar", style: "plain", value, start, end: this.#at };
    }
    NUMBER.lastIndex = start;
    const number = NUMBER.exec(this.text)?.[0];
    if (number === undefined)
      throw new Stop(
        start,
        char === undefined ? "The text ends where a value is expected." : "A value is expected here.",
      );
    this.#at += number.length;
    const value = Number(number);
    if (!Number.isFinite(value)) throw new Stop(start, "This number is too large.");
    return { kind: "scalar", style: "plain", value, start, end: this.#at };
  }

  map(depth: number): SourceNode {
    const start = this.#at++;
    const entries: SourceEntry[] = [];
    const value: { [key: string]: Json } = {};
    const keys = new Set<string>();
    this.space();
    while (this.text[this.#at] !== "}") {
      if (keys.size > 0) {
        this.expect(",", "A comma or } is expected here.");
        this.space();
      }
      const keyStart = this.#at;
      if (this.text[keyStart] !== '"') throw new Stop(keyStart, "A key in double quotes is expected here.");
      const key = this.string();
      const keyEnd = this.#at;
      this.space();
      this.expect(":", "A colon is expected here.");
      const afterColon = this.#at;
      this.space();
      const node = this.value(depth + 1);
      if (keys.has(key)) {
        const message = `"${key}" stands twice in the same object.`;
        this.problems.push({ from: keyStart, to: keyEnd, rule: "duplicate-key", severity: "error", message });
      } else {
        keys.add(key);
        Object.defineProperty(value, key, { value: node.value, enumerable: true, writable: true, configurable: true });
        entries.push({ key, keyStart, keyEnd, afterColon, node });
      }
      this.space();
    }
    this.#at++;
    return { kind: "map", flow: true, column: 0, entries, value, start, end: this.#at };
  }

  list(depth: number): SourceNode {
    const start = this.#at++;
    const items: SourceItem[] = [];
    const value: Json[] = [];
    this.space();
    while (this.text[this.#at] !== "]") {
      if (items.length > 0) {
        this.expect(",", "A comma or ] is expected here.");
        this.space();
      }
      const node = this.value(depth + 1);
      items.push({ start: node.start, node });
      value.push(node.value);
      this.space();
    }
    this.#at++;
    return { kind: "list", flow: true, column: 0, items, value, start, end: this.#at };
  }

  string(): string {
    const start = this.#at;
    let at = start + 1;
    for (;;) {
      const code = this.text.charCodeAt(at);
      if (Number.isNaN(code) || code === 10 || code === 13)
        throw new Stop(start, "The quote that opens here is not closed on its line.");
      if (code === 34) break;
      if (code < 32) throw new Stop(at, "A control character must be written as an escape.");
      at += code === 92 ? 2 : 1;
    }
    this.#at = at + 1;
    const literal = this.text.slice(start, at + 1);
    if (!literal.includes("\\")) return literal.slice(1, -1);
    const bad = /\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(literal.replace(/\\\\/g, "  "));
    if (bad !== null) throw new Stop(start + bad.index, "This escape is unknown to JSON.");
    return JSON.parse(literal) as string;
  }

  expect(char: string, message: string): void {
    if (this.text[this.#at] !== char) throw new Stop(this.#at, message);
    this.#at++;
  }

  space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.#at++;
    }
  }
}

const WORDS: readonly (readonly [string, Json])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
];
