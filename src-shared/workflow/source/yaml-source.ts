import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
  visit,
} from "yaml";
import { Bug } from "../../base/bug";
import type { Json } from "../../base/json";
import { isHeavy, MAX_DEPTH } from "./guard";
import { readQuickly } from "./quick-yaml";
import type { Source, SourceEntry, SourceItem, SourceNode, SourceProblem, SourceScalar } from "./node";

/** At most this many problems of one text are told. */
const MAX_PROBLEMS = 20;

/** What a text's aliases may unfold to, in nodes and in characters. */
const MAX_NODES = 300_000;
const MAX_UNFOLDED = 20_000_000;

const SENTENCES: { readonly [code: string]: string } = {
  TAB_AS_INDENT: "A tab indents this line; YAML wants spaces.",
  MULTIPLE_DOCS: "The file holds several YAML documents; a workflow file holds one.",
  BAD_ALIAS: "This alias names no anchor above it.",
  BLOCK_IN_FLOW: "Indented lines cannot stand inside brackets.",
  DUPLICATE_KEY: "This key stands twice in the same mapping.",
};

/** Above this length a text is not handed to the library for an error that shows in its beginning. */
const LONG = 100_000;

/** How far beyond the place of trouble the library is to look, in characters. */
const AROUND = 20_000;

/** Reads YAML: quickly where it is written as people write it, else with the library. `text` has passed `guard`. */
export function readYaml(text: string): Source {
  const quick = readQuickly(text);
  if (quick.kind === "read") return { root: quick.root, problems: [] };
  const near = text.length > LONG ? errorsNear(text, quick.at) : undefined;
  return near ?? (isHeavy(text) ? tooHeavy(text, quick.at) : readWithLibrary(text));
}

function tooHeavy(text: string, at: number): Source {
  const newline = text.indexOf("\n", at);
  const to = Math.max(at + 1, Math.min(newline < 0 ? text.length : newline, at + 100));
  const message =
    "This line is written in a way that is read in shorter texts only. Write it without tabs, anchors and tags, a list or mapping on one line or with a line for each part, and text of several lines behind |; or save the workflow as JSON.";
  return { problems: [{ from: at, to, rule: "too-large", severity: "error", message }] };
}

/**
 * The errors around `at`, found without reading the whole of a long text; `undefined` when there may be none.
 *
 * Everything before `at` has been read already, so the top-level key it stands under is a document of its own.
 */
function errorsNear(text: string, at: number): Source | undefined {
  let start = text.lastIndexOf("\n", at) + 1;
  while (start > 0 && !/[\w"']/.test(text.charAt(start))) start = text.lastIndexOf("\n", start - 2) + 1;
  const cut = text.lastIndexOf("\n", at + AROUND) + 1;
  if (cut <= at) return undefined;
  const part = text.slice(start, cut);
  if (isHeavy(part)) return undefined;
  const { problems } = readWithLibrary(part);
  // What is said about the cut itself is not to be believed.
  const certain = problems
    .map((problem) => ({ ...problem, from: problem.from + start, to: problem.to + start }))
    .filter(({ severity, to }) => severity === "error" && to < cut - 1_000);
  return certain.length > 0 ? { problems: certain } : undefined;
}

/** Reads YAML with the library: complete, and slow on large texts. */
export function readWithLibrary(text: string): Source {
  let document: Document.Parsed;
  try {
    // Duplicate keys are found below: the library's own search is quadratic.
    document = parseDocument(text, {
      keepSourceTokens: true,
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: "error",
    });
  } catch (error) {
    // The library recurses and answers absurd nesting with a RangeError.
    if (!(error instanceof RangeError)) throw error;
    return {
      problems: [
        {
          from: 0,
          to: 1,
          rule: "too-deep",
          severity: "error",
          message: `Lists and mappings stand more than ${MAX_DEPTH} deep here.`,
        },
      ],
    };
  }
  const problems: SourceProblem[] = [];
  for (const error of document.errors.slice(0, MAX_PROBLEMS)) {
    const opening = error.code === "MISSING_CHAR" ? quoteAround(document, error.pos[0]) : undefined;
    problems.push({
      from: opening ?? error.pos[0],
      to: opening === undefined ? Math.max(error.pos[1], error.pos[0] + 1) : opening + 1,
      rule: "syntax",
      severity: "error",
      message: SENTENCES[error.code] ?? sentence(error.message),
    });
  }
  for (const warning of document.warnings.slice(0, MAX_PROBLEMS)) {
    problems.push({
      from: warning.pos[0],
      to: warning.pos[1],
      rule: "syntax",
      severity: "warning",
      message: sentence(warning.message),
    });
  }
  if (document.contents === null) return { problems };
  const reader = new Reader(text, problems);
  const root = reader.node(document.contents as Node, 0, 0);
  const unfolded =
    reader.size > MAX_NODES
      ? `${MAX_NODES} values`
      : reader.characters > MAX_UNFOLDED
        ? `${MAX_UNFOLDED} characters`
        : undefined;
  if (unfolded !== undefined) {
    const message = `The aliases unfold to more than ${unfolded}.`;
    problems.push({ from: 0, to: 1, rule: "too-many-aliases", severity: "error", message });
    return { problems };
  }
  return { root, problems };
}

/** The quote that opens the text an error at `at` is in: where it opens is of more use than where the text ends. */
function quoteAround(document: Document.Parsed, at: number): number | undefined {
  let found: number | undefined;
  visit(document, {
    Scalar: (_, node) => {
      const isQuoted = node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE";
      if (isQuoted && node.range && node.range[0] < at && at <= node.range[2]) found = node.range[0];
    },
  });
  return found;
}

function sentence(message: string): string {
  const short = message.length > 200 ? `${message.slice(0, 200)}…` : message;
  const first = short.charAt(0).toUpperCase() + short.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

interface Sized {
  readonly node: SourceNode;
  readonly size: number;
  readonly characters: number;
}

class Reader {
  /** Nodes with aliases unfolded, and the characters of their texts. */
  size = 0;
  characters = 0;
  readonly #anchors = new Map<string, Sized>();
  readonly #open = new Set<string>();
  private line = { from: 0, to: -1 };

  constructor(
    private readonly text: string,
    private readonly problems: SourceProblem[],
  ) {}

  node(node: Node | null, depth: number, absentAt: number): SourceNode {
    if (node === null || node.range === undefined || node.range === null) {
      this.size++;
      return { kind: "scalar", style: "plain", value: null, start: absentAt, end: absentAt };
    }
    const [start, end] = node.range;
    if (depth > MAX_DEPTH) {
      this.problem(start, end, "too-deep", `Lists and mappings stand more than ${MAX_DEPTH} deep here.`);
      return { kind: "scalar", style: "plain", value: null, start, end };
    }
    if (isAlias(node)) return this.alias(node.source, start, end);
    const { size, characters } = this;
    const anchor = (node as { anchor?: string }).anchor;
    if (anchor !== undefined) this.#open.add(anchor);
    const read = isMap(node)
      ? this.map(node, depth)
      : isSeq(node)
        ? this.list(node, depth)
        : this.scalar(node, absentAt);
    if (anchor !== undefined) {
      this.#open.delete(anchor);
      this.#anchors.set(anchor, { node: read, size: this.size - size, characters: this.characters - characters });
    }
    return read;
  }

  alias(name: string, start: number, end: number): SourceNode {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      if (this.#open.has(name)) this.problem(start, end, "syntax", "This alias stands inside the value it names.");
      return { kind: "alias", value: null, start, end };
    }
    this.size += target.size;
    this.characters += target.characters;
    return { kind: "alias", value: target.node.value, start, end };
  }

  map(map: YAMLMap, depth: number): SourceNode {
    this.size++;
    const flow = map.flow === true;
    const entries: SourceEntry[] = [];
    const value: { [key: string]: Json } = Object.create(null) as { [key: string]: Json };
    for (const pair of map.items) {
      const entry = this.entry(pair, depth);
      if (entry === undefined) continue;
      if (Object.hasOwn(value, entry.key)) {
        this.problem(entry.keyStart, entry.keyEnd, "duplicate-key", `"${entry.key}" stands twice in the same mapping.`);
        continue;
      }
      value[entry.key] = entry.node.value;
      entries.push(entry);
    }
    const [start, end] = map.range!;
    const last = entries.at(-1);
    const blockEnd = last === undefined ? start : Math.max(last.node.end, last.afterColon);
    return {
      kind: "map",
      flow,
      column: this.column(entries[0]?.keyStart ?? start),
      entries,
      value: plain(value),
      start,
      end: flow ? end : blockEnd,
    };
  }

  entry(pair: Pair, depth: number): SourceEntry | undefined {
    const key = pair.key as Node | null;
    const range = key?.range;
    if (!isPair(pair) || key === null || range === undefined || range === null || !isScalar(key)) {
      const at = range?.[0] ?? 0;
      this.problem(at, (range?.[1] ?? at) + 1, "syntax", "A key must be text.");
      return undefined;
    }
    const token = pair as { srcToken?: { sep?: readonly { type: string; offset: number; source: string }[] } };
    const colon = token.srcToken?.sep?.find((part) => part.type === "map-value-ind");
    const afterColon = colon === undefined ? range[1] : colon.offset + 1;
    const name = typeof key.value === "string" ? key.value : (key.source ?? String(key.value));
    this.characters += name.length;
    const node = this.node(pair.value as Node | null, depth + 1, afterColon);
    return { key: name, keyStart: range[0], keyEnd: range[1], afterColon, node };
  }

  list(list: YAMLSeq, depth: number): SourceNode {
    this.size++;
    const flow = list.flow === true;
    const token = list.srcToken as
      { items?: readonly { start: readonly { type: string; offset: number }[]; value?: unknown }[] } | undefined;
    const dashes = flow
      ? []
      : (token?.items ?? [])
          .map((item) => item.start.find((part) => part.type === "seq-item-ind")?.offset)
          .filter((at) => at !== undefined);
    const items: SourceItem[] = [];
    const value: Json[] = [];
    list.items.forEach((item, index) => {
      const dash = dashes[index];
      // `[a: 1]` is a pair in a list: a mapping of one.
      const node = isPair(item)
        ? this.pairInList(item, depth)
        : this.node(item as Node | null, depth + 1, dash === undefined ? list.range![0] + 1 : dash + 1);
      items.push({ start: dash ?? node.start, node });
      value.push(node.value);
    });
    const [start, end] = list.range!;
    const last = items.at(-1);
    const blockEnd = last === undefined ? start : Math.max(last.node.end, last.start + 1);
    return {
      kind: "list",
      flow,
      column: this.column(items[0]?.start ?? start),
      items,
      value,
      start,
      end: flow ? end : blockEnd,
    };
  }

  pairInList(pair: Pair, depth: number): SourceNode {
    const entry = this.entry(pair, depth);
    if (entry === undefined) return { kind: "scalar", style: "plain", value: null, start: 0, end: 0 };
    return {
      kind: "map",
      flow: true,
      column: 0,
      entries: [entry],
      value: { [entry.key]: entry.node.value },
      start: entry.keyStart,
      end: entry.node.end,
    };
  }

  scalar(node: Node, absentAt: number): SourceScalar {
    this.size++;
    if (!isScalar(node)) throw new Bug("a YAML node is neither collection, alias nor scalar");
    const [start, end] = node.range!;
    const raw = node.value;
    const style = STYLES[node.type ?? "PLAIN"] ?? "plain";
    if (typeof raw === "string") this.characters += raw.length;
    if (typeof raw === "number" && !Number.isFinite(raw)) {
      this.problem(start, end, "syntax", "JSON has no such number.");
      return { kind: "scalar", style, value: null, start, end };
    }
    const value =
      typeof raw === "string" || typeof raw === "number" || typeof raw === "boolean" || raw === null
        ? raw
        : String(raw);
    if (start === end && value === null) return { kind: "scalar", style, value, start: absentAt, end: absentAt };
    return {
      kind: "scalar",
      style,
      value,
      start,
      end: style === "literal" || style === "folded" ? this.blockEnd(start, end) : end,
    };
  }

  /** The end of a block scalar's last line that counts, without its line break. */
  blockEnd(start: number, end: number): number {
    const header = this.text.slice(start, this.text.indexOf("\n", start));
    let at = end;
    if (/^[|>][0-9]*\+|^[|>]\+/.test(header)) {
      if (this.text[at - 1] === "\n") at--;
      if (this.text[at - 1] === "\r") at--;
      return at;
    }
    while (at > start && /\s/.test(this.text[at - 1]!)) at--;
    return at;
  }

  column(offset: number): number {
    const { from } = this.lineOf(offset);
    return offset - from - (from === 0 && this.text.charCodeAt(0) === 0xfeff ? 1 : 0);
  }

  /** The line of `offset`. Kept for the next question: much may stand on one line. */
  private lineOf(offset: number): { readonly from: number; readonly to: number } {
    if (offset < this.line.from || offset > this.line.to) {
      const end = this.text.indexOf("\n", offset);
      this.line = { from: this.text.lastIndexOf("\n", offset - 1) + 1, to: end < 0 ? this.text.length : end };
    }
    return this.line;
  }

  problem(from: number, to: number, rule: string, message: string): void {
    if (this.problems.length < MAX_PROBLEMS)
      this.problems.push({ from, to: Math.max(to, from + 1), rule, severity: "error", message });
  }
}

const STYLES: { readonly [type: string]: SourceScalar["style"] } = {
  PLAIN: "plain",
  QUOTE_SINGLE: "single",
  QUOTE_DOUBLE: "double",
  BLOCK_LITERAL: "literal",
  BLOCK_FOLDED: "folded",
};

/** `__proto__` stays an ordinary key: the object is built without a prototype and given one only where that is safe. */
function plain(value: { [key: string]: Json }): { [key: string]: Json } {
  return Object.hasOwn(value, "__proto__") ? value : Object.assign({}, value);
}
