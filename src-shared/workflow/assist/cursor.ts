/** One level around a position, from the root inwards: a key of a mapping, or an item of a list. */
export type Level =
  { readonly kind: "key"; readonly key: string; readonly siblings: Siblings } | { readonly kind: "item" };

/** The keys beside a position with their scalar values as written, quotes taken off. */
export type Siblings = ReadonlyMap<string, string>;

/** Where a position stands in the structure of a text that may be unfinished. */
export interface Cursor {
  /** The way from the root to the mapping or list the position is in. */
  readonly levels: readonly Level[];
  /** `key`: a key is being written. `value`: the value of `key`, or an item of a list where there is no key. */
  readonly at: "key" | "value";
  readonly key?: string;
  readonly siblings: Siblings;
  /** What is being written: characters `from`..`to`. */
  readonly from: number;
  readonly to: number;
  readonly typed: string;
  /** The position follows a colon without a blank. */
  readonly needsBlank?: boolean;
}

interface Segment {
  readonly kind: "dash" | "key";
  readonly column: number;
  readonly key: string;
  readonly value: string;
}

/** Reads the structure around `offset` off indentation and brackets, so that it works in the middle of typing. */
export function cursorAt(text: string, offset: number, format: "yaml" | "json"): Cursor {
  if (format === "json") return inFlow(text, 0, offset, []);
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  const before = text.slice(0, offset);
  const index = before.split("\n").length - 1;
  const lineStart = before.lastIndexOf("\n") + 1;
  const column = offset - lineStart;
  const line = lines[index]!;
  const segments = segmentsOf(line.slice(0, column));
  const last = segments.at(-1);
  const own = last?.kind === "key" ? segments.slice(0, -1) : segments;
  const content =
    last === undefined
      ? (/^\s*/.exec(line.slice(0, column))?.[0].length ?? 0)
      : last.kind === "dash"
        ? last.column + 2
        : last.column;
  const levels = levelsAt(lines, index, content, own);
  if (last?.kind === "key") {
    const valueStart = lineStart + last.column + last.key.length + 1;
    const flow = flowStart(text, valueStart, offset);
    const siblings = siblingsAt(lines, index, last.column);
    if (flow !== undefined) return inFlow(text, flow, offset, [...levels, { kind: "key", key: last.key, siblings }]);
    const needsBlank = text[valueStart - 1] === ":" && offset === valueStart;
    return { ...word(text, valueStart, offset), levels, at: "value", key: last.key, siblings, needsBlank };
  }
  const start = lineStart + content;
  const flow = flowStart(text, Math.min(start, offset), offset);
  if (flow !== undefined) return inFlow(text, flow, offset, levels);
  const siblings = siblingsAt(lines, index, content);
  const isItem = last?.kind === "dash" && siblings.size === 0 && /^\s*\S*\s*$/.test(line.slice(content));
  const at = isItem && !/^\s*[\w-]+:/.test(lines[index + 1]?.slice(content) ?? "") ? "value" : "key";
  return { ...word(text, Math.min(start, offset), offset), levels, at, siblings };
}

/** The dashes and the key a line begins with. */
function segmentsOf(line: string): Segment[] {
  const found: Segment[] = [];
  let column = /^\s*/.exec(line)![0].length;
  while (/^-(?:\s|$)/.test(line.slice(column))) {
    found.push({ kind: "dash", column, key: "", value: "" });
    column += 1 + /^\s*/.exec(line.slice(column + 1))![0].length;
  }
  const key = /^(?:"([^"]*)"|'([^']*)'|([^\s#:'"{}[\],&*!|>%@`][^#:{}]*?))\s*:(?=\s|$)/.exec(line.slice(column));
  if (key !== null) {
    const name = key[1] ?? key[2] ?? key[3] ?? "";
    found.push({ kind: "key", column, key: name, value: line.slice(column + key[0].length).trim() });
  }
  return found;
}

/** The levels above a position at `column` of line `index`, found by going up to lesser indentation. */
function levelsAt(lines: readonly string[], index: number, column: number, own: readonly Segment[]): Level[] {
  const levels: Level[] = [];
  let need = column;
  let lastWasItem = false;
  const take = (segments: readonly Segment[], line: number): void => {
    for (const segment of [...segments].reverse()) {
      const isParent = segment.column < need || (segment.kind === "key" && lastWasItem && segment.column === need);
      if (!isParent) continue;
      need = segment.column;
      lastWasItem = segment.kind === "dash";
      levels.unshift(
        segment.kind === "dash"
          ? { kind: "item" }
          : { kind: "key", key: segment.key, siblings: siblingsAt(lines, line, segment.column) },
      );
    }
  };
  take(own, index);
  for (let line = index - 1; line >= 0 && (need > 0 || lastWasItem); line--) {
    const text = lines[line]!;
    if (text.trim() === "" || text.trimStart().startsWith("#")) continue;
    take(segmentsOf(text), line);
  }
  return levels;
}

/** The keys that stand at `column` in the block around line `index`. */
function siblingsAt(lines: readonly string[], index: number, column: number): Siblings {
  const found = new Map<string, string>();
  const look = (line: number): boolean => {
    const text = lines[line]!;
    if (text.trim() === "" || text.trimStart().startsWith("#")) return true;
    const indent = /^\s*/.exec(text)![0].length;
    const segment = segmentsOf(text).find((each) => each.kind === "key" && each.column === column);
    if (segment !== undefined) found.set(segment.key, unquoted(segment.value));
    // A dash left of the column begins the block; anything else further left ends it.
    return indent >= column;
  };
  for (let line = index; line >= 0; line--) if (!look(line)) break;
  for (let line = index + 1; line < lines.length; line++) {
    const indent = /^\s*/.exec(lines[line]!)![0].length;
    if (lines[line]!.trim() !== "" && indent < column) break;
    look(line);
  }
  return found;
}

function unquoted(value: string): string {
  const bare = value.replace(/\s+#.*$/, "").trim();
  return /^(["']).*\1$/.test(bare) ? bare.slice(1, -1) : bare;
}

/** Where a bracket opens that is still open at `offset`. */
function flowStart(text: string, from: number, offset: number): number | undefined {
  const start = from + /^\s*/.exec(text.slice(from, offset))![0].length;
  const opens = text[start] === "{" || text[start] === "[";
  return opens && start < offset && openAt(text, start, offset).length > 0 ? start : undefined;
}

interface Open {
  readonly kind: "map" | "list";
  readonly siblings: Map<string, string>;
  key?: string;
  /** Where what is being written begins. */
  start: number;
}

/** The brackets that open between `from` and `offset` and do not close. */
function openAt(text: string, from: number, offset: number): Open[] {
  const stack: Open[] = [];
  for (let at = from; at < offset; at++) {
    const char = text[at]!;
    const top = stack.at(-1);
    if (char === '"' || char === "'") {
      const end = text.indexOf(char, at + 1);
      if (end < 0 || end >= offset) break;
      at = end;
    } else if (char === "{" || char === "[")
      stack.push({ kind: char === "{" ? "map" : "list", siblings: new Map(), start: at + 1 });
    else if (char === "}" || char === "]") stack.pop();
    else if (char === ":" && top?.kind === "map" && top.key === undefined && /[\s"'{[]|$/.test(text[at + 1] ?? "")) {
      top.key = unquoted(text.slice(top.start, at).trim());
      top.start = at + 1;
    } else if (char === "," && top !== undefined) {
      if (top.key !== undefined) top.siblings.set(top.key, unquoted(text.slice(top.start, at)));
      delete top.key;
      top.start = at + 1;
    }
  }
  return stack;
}

function inFlow(text: string, from: number, offset: number, outer: readonly Level[]): Cursor {
  const stack = openAt(text, from, offset);
  const inner = stack.at(-1);
  const levels: Level[] = [...outer];
  stack.forEach((open, index) => {
    if (open.kind === "list") levels.push({ kind: "item" });
    else if (open.key !== undefined && index < stack.length - 1)
      levels.push({ kind: "key", key: open.key, siblings: withFollowing(text, open, offset) });
  });
  if (inner === undefined) return { ...word(text, from, offset), levels, at: "key", siblings: new Map() };
  const siblings = withFollowing(text, inner, offset);
  const at = inner.kind === "map" && inner.key === undefined ? "key" : "value";
  const base = { ...word(text, inner.start, offset), levels, at, siblings } as const;
  return inner.key === undefined ? base : { ...base, key: inner.key };
}

/** The keys of an open bracket, those after the position as well. */
function withFollowing(text: string, open: Open, offset: number): Siblings {
  const found = new Map(open.siblings);
  const rest = text.slice(offset, offset + 2_000);
  const end = rest.search(/[{}[\]\n]/);
  for (const [, key, value] of rest
    .slice(0, end < 0 ? undefined : end)
    .matchAll(/,\s*"?([A-Za-z_]\w*)"?\s*:\s*"?([^,"]*)/g))
    found.set(key!, value!.trim());
  return found;
}

/** The word around `offset`, not beginning before `start`. */
function word(
  text: string,
  start: number,
  offset: number,
): { readonly from: number; readonly to: number; readonly typed: string } {
  const before = text.slice(start, offset);
  const typed = /[\w./-]*$/.exec(before)![0];
  const after = /^[\w./-]*/.exec(text.slice(offset))![0];
  return { from: offset - typed.length, to: offset + after.length, typed };
}
