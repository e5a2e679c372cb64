import type { Json } from "../../base/json";
import { MAX_DEPTH } from "./guard";
import type { SourceEntry, SourceItem, SourceNode, SourceScalar } from "./node";
import { Beyond, InlineReader } from "./quick-inline";

/** What the quick reader made of a text: its root, or the line from which on it is beyond it. */
export type QuickRead =
  { readonly kind: "read"; readonly root: SourceNode } | { readonly kind: "beyond"; readonly at: number };

/**
 * Reads the YAML people write by hand, some thirty times faster than the library. Beyond it are anchors, tags, tabs outside
 * a text behind `|`, text over several lines without `|` or `>`, several documents, and every error.
 *
 * What it does read it reads exactly as the library does; a property test holds the two side by side.
 */
export function readQuickly(text: string): QuickRead {
  const odd = text.search(/\r(?!\n)/);
  if (odd >= 0) return { kind: "beyond", at: odd };
  const reader = new BlockReader(text);
  try {
    return { kind: "read", root: reader.document() };
  } catch (beyond) {
    if (beyond instanceof Beyond) return { kind: "beyond", at: reader.line };
    throw beyond;
  }
}

class BlockReader {
  readonly #inline: InlineReader;
  /** Start of the current line, its indentation, and where it ends before its line break. */
  #line = 0;
  #indent = 0;
  #end = 0;
  #next = 0;
  /** The next tab from the current line on, at the text's end when there is none. */
  #tab = -1;
  /** No line is left. */
  #done = false;

  constructor(private readonly text: string) {
    // Searching the text for where a line begins would take for ever where much stands on one line.
    this.#inline = new InlineReader(text, (offset) => offset - this.#line);
    this.#next = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  }

  /** Where the line begins that is being read. */
  get line(): number {
    return this.#line;
  }

  document(): SourceNode {
    this.#advance();
    if (this.#done || this.#indent !== 0) throw new Beyond();
    const first = this.text.charCodeAt(this.#line);
    const root = first === 123 || first === 91 ? this.#inlineRoot() : this.#block(0);
    if (!this.#done) throw new Beyond();
    return root;
  }

  #inlineRoot(): SourceNode {
    this.#inline.at = this.#line;
    const node = this.#inline.flow(0);
    this.#finishLine(node.end);
    return node;
  }

  /** Goes to the next line that holds more than blanks and comments. */
  #advance(): void {
    for (;;) {
      if (this.#next >= this.text.length) {
        this.#done = true;
        this.#indent = -1;
        return;
      }
      this.#readLine(this.#next);
      if (this.#hasTab()) throw new Beyond();
      const first = this.#line + this.#indent;
      if (first >= this.#end || this.text.charCodeAt(first) === 35) continue;
      // Markers of documents and directives.
      if (
        this.#indent === 0 &&
        (this.text.startsWith("---", first) || this.text.startsWith("...", first) || this.text.charCodeAt(first) === 37)
      )
        throw new Beyond();
      return;
    }
  }

  #hasTab(): boolean {
    if (this.#tab < this.#line) {
      const found = this.text.indexOf("\t", this.#line);
      this.#tab = found < 0 ? this.text.length : found;
    }
    return this.#tab < this.#end;
  }

  #readLine(start: number): void {
    const newline = this.text.indexOf("\n", start);
    const stop = newline < 0 ? this.text.length : newline;
    this.#line = start;
    this.#end = stop > start && this.text.charCodeAt(stop - 1) === 13 ? stop - 1 : stop;
    this.#next = newline < 0 ? this.text.length : newline + 1;
    let at = start;
    while (this.text.charCodeAt(at) === 32) at++;
    this.#indent = at - start;
  }

  /** The list or mapping whose first line is the current one. */
  #block(depth: number): SourceNode {
    const at = this.#line + this.#indent;
    return this.#isDash(at) ? this.#list(at, this.#indent, depth) : this.#map(at, this.#indent, depth);
  }

  #isDash(at: number): boolean {
    if (this.text.charCodeAt(at) !== 45) return false;
    const next = this.text.charCodeAt(at + 1);
    return next === 32 || next === 10 || next === 13 || Number.isNaN(next);
  }

  /** A mapping whose first key is at `first`, which need not begin its line. */
  #map(first: number, column: number, depth: number): SourceNode {
    if (depth > MAX_DEPTH) throw new Beyond();
    const entries: SourceEntry[] = [];
    const value: { [key: string]: Json } = {};
    for (let at = first; ; at = this.#line + this.#indent) {
      const entry = this.#entry(at, column, depth);
      if (Object.hasOwn(value, entry.key) || entry.key === "__proto__") throw new Beyond();
      value[entry.key] = entry.node.value;
      entries.push(entry);
      if (this.#indent < column) break;
      if (this.#indent > column || this.#isDash(this.#line + this.#indent)) throw new Beyond();
    }
    const last = entries.at(-1)!;
    return {
      kind: "map",
      flow: false,
      column,
      entries,
      value,
      start: first,
      end: Math.max(last.node.end, last.afterColon),
    };
  }

  #entry(at: number, column: number, depth: number): SourceEntry {
    const char = this.text[at];
    let key: string;
    let keyEnd: number;
    if (char === '"' || char === "'") {
      this.#inline.at = at;
      key = String(this.#inline.quoted(char).value);
      keyEnd = this.#inline.at;
      this.#inline.blanks();
    } else {
      this.#inline.plainStart(at);
      let colon = this.text.indexOf(":", at);
      while (colon >= 0 && colon < this.#end && !this.#isBlank(colon + 1)) colon = this.text.indexOf(":", colon + 1);
      if (colon < 0 || colon >= this.#end) throw new Beyond();
      keyEnd = colon;
      while (this.text.charCodeAt(keyEnd - 1) === 32) keyEnd--;
      key = this.text.slice(at, keyEnd);
      if (key.includes(" #") || keyEnd - at > 1000) throw new Beyond();
      this.#inline.at = colon;
    }
    if (this.text[this.#inline.at] !== ":" || !this.#isBlank(this.#inline.at + 1)) throw new Beyond();
    const afterColon = this.#inline.at + 1;
    return { key, keyStart: at, keyEnd, afterColon, node: this.#value(afterColon, column, column, depth + 1) };
  }

  /** A list whose first dash is at `first`. */
  #list(first: number, column: number, depth: number): SourceNode {
    if (depth > MAX_DEPTH) throw new Beyond();
    const items: SourceItem[] = [];
    const value: Json[] = [];
    for (let dash = first; ; dash = this.#line + this.#indent) {
      const node = this.#item(dash, column, depth);
      items.push({ start: dash, node });
      value.push(node.value);
      if (this.#indent < column || (this.#indent === column && !this.#isDash(this.#line + this.#indent))) break;
      if (this.#indent > column) throw new Beyond();
    }
    const last = items.at(-1)!;
    return {
      kind: "list",
      flow: false,
      column,
      items,
      value,
      start: first,
      end: Math.max(last.node.end, last.start + 1),
    };
  }

  #item(dash: number, column: number, depth: number): SourceNode {
    let at = dash + 1;
    while (this.text.charCodeAt(at) === 32) at++;
    if (at < this.#end && this.text.charCodeAt(at) !== 35) {
      const inner = column + (at - dash);
      if (this.#isDash(at)) return this.#list(at, inner, depth + 1);
      if (this.#beginsKey(at)) return this.#map(at, inner, depth + 1);
    }
    return this.#value(dash + 1, column, column + 1, depth + 1);
  }

  /** Whether a key begins at `at`: text, quoted or plain, and a colon with a blank behind it on the same line. */
  #beginsKey(at: number): boolean {
    const char = this.text[at];
    if (char === "{" || char === "[" || char === "|" || char === ">") return false;
    if (char === '"' || char === "'") {
      this.#inline.at = at;
      this.#inline.quoted(char);
      this.#inline.blanks();
      return this.text[this.#inline.at] === ":" && this.#isBlank(this.#inline.at + 1);
    }
    // Searched in the line alone: a text without comments or colons would be searched to its end each time.
    const line = this.text.slice(at, this.#end);
    const comment = line.indexOf(" #");
    const end = comment >= 0 ? comment : line.length;
    for (let colon = line.indexOf(":"); colon >= 0 && colon < end; colon = line.indexOf(":", colon + 1)) {
      if (this.#isBlank(at + colon + 1)) return true;
    }
    return false;
  }

  #isBlank(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code === 32 || code === 10 || code === 13 || Number.isNaN(code);
  }

  /**
   * The value after a colon or dash. `column` is that of the key or dash; a block below must stand further right,
   * but for a list below a key. Leaves the reader at the next line.
   */
  #value(after: number, column: number, least: number, depth: number): SourceNode {
    let at = after;
    while (this.text.charCodeAt(at) === 32) at++;
    const code = at < this.#end ? this.text.charCodeAt(at) : 35;
    if (code === 35) {
      if (at < this.#end && at === after) throw new Beyond();
      return this.#below(after, column, least, depth);
    }
    if (code === 124 || code === 62) return this.#blockScalar(at, column);
    this.#inline.at = at;
    let node: SourceNode;
    if (code === 123 || code === 91) node = this.#inline.flow(depth);
    else if (code === 34) node = this.#inline.quoted('"');
    else if (code === 39) node = this.#inline.quoted("'");
    else node = this.#inline.blockPlain(this.#end);
    this.#finishLine(node.end);
    // What stands further right on the next line goes on with this value, or is an error.
    if (this.#indent > column) throw new Beyond();
    return node;
  }

  #below(after: number, column: number, least: number, depth: number): SourceNode {
    const isKey = least === column;
    this.#advance();
    const isListBesideKey = isKey && this.#indent === column && this.#isDash(this.#line + this.#indent);
    if (this.#indent > column || isListBesideKey) {
      const at = this.#line + this.#indent;
      if (!this.#isDash(at) && !this.#beginsKey(at)) throw new Beyond();
      return this.#block(depth);
    }
    return { kind: "scalar", style: "plain", value: null, start: after, end: after };
  }

  /** Only blanks and a comment may follow on the line; then the next line. */
  #finishLine(end: number): void {
    let at = end;
    while (this.text.charCodeAt(at) === 32) at++;
    if (at < this.#end && (this.text.charCodeAt(at) !== 35 || at === end)) throw new Beyond();
    this.#advance();
  }

  #blockScalar(start: number, column: number): SourceScalar {
    const header = /^([|>])(-?)[ ]*(?: #.*)?$/.exec(this.text.slice(start, this.#end));
    if (header === null) throw new Beyond();
    const lines: string[] = [];
    let indent = -1;
    let end = start + 1 + header[2]!.length;
    while (this.#next < this.text.length) {
      const before = this.#next;
      this.#readLine(before);
      const isEmpty = this.#line + this.#indent >= this.#end;
      if (isEmpty) {
        if (this.#indent > (indent < 0 ? column + 1 : indent)) throw new Beyond();
        lines.push("");
        continue;
      }
      if (this.#indent <= column || (indent >= 0 && this.#indent < indent)) {
        if (this.#indent > column) throw new Beyond();
        this.#next = before;
        break;
      }
      if (indent < 0) indent = this.#indent;
      // What blanks and tabs alone, or a tab at its start, make of a line is the library's to say.
      if (this.#hasTab() && (header[1] === ">" || /^[ \t]*$|^ *\t/.test(this.text.slice(this.#line, this.#end))))
        throw new Beyond();
      if (header[1] === ">" && this.#indent > indent) throw new Beyond();
      lines.push(this.text.slice(this.#line + indent, this.#end));
      end = this.#end;
    }
    while (lines.at(-1) === "") lines.pop();
    if (lines.length === 0) throw new Beyond();
    while (end > start && (this.text.charCodeAt(end - 1) === 32 || this.text.charCodeAt(end - 1) === 9)) end--;
    const body = header[1] === "|" ? lines.join("\n") : folded(lines);
    const value = header[2] === "-" ? body : `${body}\n`;
    this.#advance();
    return { kind: "scalar", style: header[1] === "|" ? "literal" : "folded", value, start, end };
  }
}

/** Lines become one; empty ones between them are the breaks that stay. */
function folded(lines: readonly string[]): string {
  let result = "";
  let breaks = 0;
  let isFirst = true;
  for (const line of lines) {
    if (line === "") {
      breaks++;
      continue;
    }
    result += isFirst ? "\n".repeat(breaks) : breaks > 0 ? "\n".repeat(breaks) : " ";
    result += line;
    breaks = 0;
    isFirst = false;
  }
  return result;
}
