import { pieces } from "./scan";
import type { Span } from "./problem";

/** A coloured stretch of a template. */
export interface Token extends Span {
  readonly kind: "brace" | "name" | "field" | "function" | "string" | "number" | "keyword" | "operator" | "comment";
}

const TOKEN =
  /(\/\/[^\n]*)|([bBrR]?(?:"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))|(\d[\w.]*)|([A-Za-z_]\w*)|([-+*/%<>=!&|?:]+)|\S/g;

/** The tokens of every expression in `text`; `as: "condition"` also colours a text without braces. */
export function highlight(text: string, as: "template" | "condition" = "template"): readonly Token[] {
  if (as === "condition" && !text.trimStart().startsWith("{{")) return tokens(text, 0, text.length);
  return pieces(text).flatMap((piece): readonly Token[] => {
    if (piece.kind === "text") return [];
    const { from, to } = piece.at;
    if (piece.kind === "open") return [{ kind: "brace", from, to: from + 2 }, ...tokens(text, from + 2, to)];
    const inner = tokens(text, piece.inner.from, piece.inner.to);
    return [{ kind: "brace", from, to: from + 2 }, ...inner, { kind: "brace", from: to - 2, to }];
  });
}

function tokens(text: string, from: number, to: number): readonly Token[] {
  const source = text.slice(from, to);
  const found: Token[] = [];
  for (const match of source.matchAll(TOKEN)) {
    const kind = kindOf(match, source);
    if (kind !== undefined) found.push({ kind, from: from + match.index, to: from + match.index + match[0].length });
  }
  return found;
}

function kindOf(match: RegExpExecArray, source: string): Token["kind"] | undefined {
  const [all, comment, string, number, word, operator] = match;
  if (comment !== undefined) return "comment";
  if (string !== undefined) return "string";
  if (number !== undefined) return "number";
  if (operator !== undefined) return "operator";
  if (word === undefined) return undefined;
  if (/^(?:true|false|null|in)$/.test(word)) return "keyword";
  const after = source.slice(match.index + all.length).trimStart();
  if (after.startsWith("(")) return "function";
  return /\.\??\s*$/.test(source.slice(0, match.index)) ? "field" : "name";
}
