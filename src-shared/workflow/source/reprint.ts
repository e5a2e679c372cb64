import { isJsonObject, type Json, type JsonObject } from "../../base/json";
import { sameJson } from "../values";
import { align, type Aligned } from "./align";
import type { TextChange } from "./change";
import type { SourceList, SourceMap, SourceNode } from "./node";
import {
  afterColon,
  afterDash,
  block,
  type PrintStyle,
  printFlow,
  printJson,
  printKey,
  printScalar,
  printText,
  type Reuse,
} from "./print";
import { styleOf, TextShape } from "./text-shape";

/** Where a node hangs: what stands before it decides how it can be replaced. */
type Slot =
  | { readonly kind: "root" }
  | {
      readonly kind: "field";
      readonly key: string;
      readonly from: number;
      readonly column: number;
      readonly flow: boolean;
    }
  | { readonly kind: "item"; readonly from: number; readonly column: number; readonly flow: boolean };

/**
 * The changes that make the text under `root` say `next`, leaving every part that says the same untouched.
 *
 * @param reuse whether nodes that moved keep their text; without it they are printed afresh.
 */
export function reprint(
  text: string,
  root: SourceNode,
  next: Json,
  format: "yaml" | "json",
  reuse: boolean,
): readonly TextChange[] {
  const writer = new Writer(text, root, format, reuse);
  writer.node(root, next, { kind: "root" });
  return writer.changes;
}

class Writer {
  readonly changes: TextChange[] = [];
  readonly #shape: TextShape;
  readonly #style: PrintStyle;
  readonly #reuse: Reuse;
  #nodes?: Map<Json, Hung>;

  constructor(
    private readonly text: string,
    private readonly root: SourceNode,
    format: "yaml" | "json",
    reuse: boolean,
  ) {
    this.#shape = new TextShape(text);
    this.#style = styleOf(text, root, format);
    this.#reuse = reuse ? (value, column) => this.#textOf(value, column) : () => undefined;
  }

  node(node: SourceNode, next: Json, slot: Slot): void {
    if (sameJson(node.value, next)) return;
    const filled = isJsonObject(next)
      ? Object.values(next).some((value) => value !== undefined)
      : Array.isArray(next) && next.length > 0;
    if (
      node.kind === "map" &&
      filled &&
      isJsonObject(next) &&
      (node.entries.some((entry) => next[entry.key] !== undefined) || renames(node, next).size > 0)
    )
      this.#map(node, next);
    else if (node.kind === "list" && filled && Array.isArray(next) && node.items.length > 0)
      this.#list(node, next as readonly Json[], slot);
    else this.#replace(node, next, slot);
  }

  #map(node: SourceMap, next: JsonObject): void {
    const renamed = renames(node, next);
    const nameOf = (key: string): string => renamed.get(key) ?? key;
    const stays = node.entries.map((entry) => next[nameOf(entry.key)] !== undefined);
    const position = new Map<string, number>();
    node.entries.forEach((entry, index) => {
      if (!stays[index]) return;
      const name = nameOf(entry.key);
      position.set(name, index);
      if (name !== entry.key)
        this.changes.push({ from: entry.keyStart, to: entry.keyEnd, insert: this.#key(name, node.flow) });
      this.node(entry.node, next[name]!, {
        kind: "field",
        key: name,
        from: entry.afterColon,
        column: node.column,
        flow: node.flow,
      });
    });
    const parts = node.entries.map((entry) => ({
      start: entry.keyStart,
      end: Math.max(entry.node.end, entry.afterColon),
    }));
    this.#remove(parts, stays, node.flow, true);
    const added: Added[] = [];
    let anchor = -1;
    for (const [key, value] of Object.entries(next)) {
      if (value === undefined) continue;
      const at = position.get(key);
      if (at !== undefined) anchor = at;
      else added.push({ after: anchor, print: () => this.#field(key, value, node) });
    }
    this.#insert(parts, stays, added, node);
  }

  #list(node: SourceList, next: readonly Json[], slot: Slot): void {
    const pairs = align(node.value as readonly Json[], next);
    const stays = node.items.map(() => false);
    const parts = node.items.map((item) => ({
      start: item.start,
      end: Math.max(item.node.end, node.flow ? item.start : item.start + 1),
    }));
    for (const pair of pairs) if (pair.old !== undefined && pair.next !== undefined) stays[pair.old] = true;
    if (!stays.includes(true)) {
      this.#replace(node, next, slot);
      return;
    }
    const preferFlow = node.items.every((item) => item.node.kind === "map" && item.node.flow);
    const added: Added[] = [];
    let anchor = -1;
    const visit = ({ old, next: at }: Aligned): void => {
      if (old !== undefined && at !== undefined) {
        anchor = old;
        const { start, node: item } = node.items[old]!;
        this.node(item, next[at]!, { kind: "item", from: start + 1, column: node.column, flow: node.flow });
      } else if (at !== undefined) added.push({ after: anchor, print: () => this.#item(next[at]!, node, preferFlow) });
    };
    pairs.forEach(visit);
    this.#remove(parts, stays, node.flow, false);
    this.#insert(parts, stays, added, node);
  }

  /** Takes out runs of parts that do not stay; at least one stays. */
  #remove(parts: readonly Part[], stays: readonly boolean[], flow: boolean, isMap: boolean): void {
    for (let first = 0; first < parts.length; first++) {
      if (stays[first]) continue;
      let last = first;
      while (last + 1 < parts.length && !stays[last + 1]) last++;
      const following = parts[last + 1];
      const start = parts[first]!.start;
      const inLine = flow || (first === 0 && !this.#shape.startsLine(start));
      if (inLine && following !== undefined) this.changes.push({ from: start, to: following.start, insert: "" });
      else if (inLine) this.changes.push({ from: parts[first - 1]!.end, to: parts[last]!.end, insert: "" });
      else this.changes.push({ ...this.#shape.lines(start, parts[last]!.end, !(isMap && first === 0)), insert: "" });
      first = last;
    }
  }

  #insert(
    parts: readonly Part[],
    stays: readonly boolean[],
    added: readonly Added[],
    node: SourceMap | SourceList,
  ): void {
    const firstStaying = stays.indexOf(true);
    const spread =
      node.flow &&
      this.#shape.isSpread(
        node.start,
        parts.map((part) => part.start),
      );
    const indent = this.#shape.eol + " ".repeat(node.flow ? this.#shape.column(parts[0]!.start) : node.column);
    const spaced = !node.flow && this.#shape.isSpaced(parts.map((part) => part.start)) ? this.#shape.eol : "";
    for (const { after, print } of added) {
      const text = this.#shape.withEol(print());
      if (after < 0) {
        const at = parts[firstStaying]!.start;
        this.changes.push({
          from: at,
          to: at,
          insert: node.flow ? `${text},${spread ? indent : " "}` : text + spaced + indent,
        });
      } else if (node.flow) {
        const at = parts[after]!.end;
        this.changes.push({ from: at, to: at, insert: `,${spread ? indent : " "}${text}` });
      } else {
        const at = this.#shape.lineEnd(parts[after]!.end);
        this.changes.push({ from: at, to: at, insert: spaced + indent + text });
      }
    }
  }

  #replace(node: SourceNode, next: Json, slot: Slot): void {
    const flow = slot.kind !== "root" && slot.flow;
    if (flow || this.#style.format === "json") {
      this.changes.push({
        from: node.start,
        to: node.end,
        insert: this.#shape.withEol(this.#inline(next, node.start)),
      });
      return;
    }
    const scalar = typeof next !== "object" || next === null;
    if (slot.kind === "root") {
      this.changes.push({
        from: node.start,
        to: node.end,
        insert: this.#shape.withEol(block(next, 0, this.#style, this.#reuse)),
      });
    } else if (scalar && node.kind === "scalar" && node.end > node.start) {
      this.changes.push({
        from: node.start,
        to: node.end,
        insert: this.#shape.withEol(scalarLike(node.style, next, slot.column + this.#style.step)),
      });
    } else {
      const print =
        slot.kind === "field"
          ? afterColon(slot.key, next, slot.column, this.#style, this.#reuse)
          : afterDash(next, slot.column, this.#style, this.#reuse);
      this.changes.push({ from: slot.from, to: Math.max(slot.from, node.end), insert: this.#shape.withEol(print) });
    }
  }

  #field(key: string, value: Json, node: SourceMap): string {
    if (node.flow || this.#style.format === "json")
      return `${this.#key(key, true)}: ${this.#inline(value, node.entries[0]!.keyStart)}`;
    return `${printKey(key)}:${afterColon(key, value, node.column, this.#style, this.#reuse)}`;
  }

  #item(value: Json, node: SourceList, preferFlow: boolean): string {
    if (node.flow || this.#style.format === "json") return this.#inline(value, node.items[0]!.start);
    return `-${afterDash(value, node.column, this.#style, this.#reuse, preferFlow)}`;
  }

  #key(key: string, flow: boolean): string {
    return this.#style.format === "json" ? JSON.stringify(key) : printKey(key, flow);
  }

  /** Flow style; JSON texts that are spread over lines stay so. */
  #inline(value: Json, beside: number): string {
    if (this.#style.format === "yaml") return printFlow(value);
    return printJson(value, this.text.includes("\n"), this.#shape.indentOfLine(beside), this.#style.step);
  }

  /** The text of a block that has moved, its lines shifted to `column`. */
  #textOf(value: Json, column: number): string | undefined {
    if (typeof value !== "object" || value === null) return undefined;
    this.#nodes ??= nodesByValue(this.root);
    const found = this.#nodes.get(value);
    if (found === undefined) return undefined;
    const { node, from } = found;
    const raw = this.text.slice(node.start, node.end);
    if (node.flow) return raw.includes("\n") ? undefined : raw;
    const comments = this.text.slice(from, node.start).match(/#[^\r\n]*/g) ?? [];
    return [...comments, this.#shape.shifted(raw, node.column, column)].join(`\n${" ".repeat(column)}`);
  }
}

interface Part {
  readonly start: number;
  readonly end: number;
}

interface Added {
  /** The part it follows; -1 before the first that stays. */
  readonly after: number;
  readonly print: () => string;
}

/** Keys that only changed their name: the value is the very same object. */
function renames(node: SourceMap, next: JsonObject): ReadonlyMap<string, string> {
  const gone = node.entries.filter((entry) => next[entry.key] === undefined);
  const found = new Map<string, string>();
  if (gone.length === 0) return found;
  const known = new Set(node.entries.map((entry) => entry.key));
  const fresh = Object.keys(next).filter((key) => next[key] !== undefined && !known.has(key));
  for (const entry of gone) {
    const value = entry.node.value;
    const alone = gone.length === 1 && fresh.length === 1 && sameJson(value, next[fresh[0]!]);
    const to = alone
      ? fresh[0]
      : typeof value === "object" && value !== null
        ? fresh.find((key) => next[key] === value)
        : undefined;
    if (to !== undefined) found.set(entry.key, to);
  }
  return found;
}

/** A collection, and where its text begins after the colon or dash it hangs on. */
interface Hung {
  readonly node: SourceMap | SourceList;
  readonly from: number;
}

function nodesByValue(root: SourceNode): Map<Json, Hung> {
  const found = new Map<Json, Hung>();
  const walk = (node: SourceNode, from: number): void => {
    if (node.kind !== "map" && node.kind !== "list") return;
    found.set(node.value, { node, from });
    if (node.kind === "map") for (const entry of node.entries) walk(entry.node, entry.afterColon);
    else for (const item of node.items) walk(item.node, node.flow ? item.start : item.start + 1);
  };
  walk(root, root.start);
  return found;
}

/** A scalar in the quotes the one before it had. */
function scalarLike(style: string, next: Json, column: number): string {
  if (typeof next !== "string" || next.includes("\n") || style === "plain" || style === "literal" || style === "folded")
    return printScalar(next, column);
  if (style === "single" && !/[\u0000-\u001f']/.test(next)) return `'${next}'`;
  return style === "double" && !/["\\]/.test(next) ? JSON.stringify(next) : printText(next, false);
}
