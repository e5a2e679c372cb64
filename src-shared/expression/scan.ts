import type { Span } from "./problem";

/** A piece of a template before anything is parsed. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  /** `at` covers the braces, `inner` what is between them. */
  | { readonly kind: "expression"; readonly at: Span; readonly inner: Span }
  /** `{{` without its `}}`. */
  | { readonly kind: "open"; readonly at: Span };

/**
 * Splits a template at its `{{ … }}`.
 *
 * Backslashes count only directly before `{{`: a pair is one backslash, an odd one makes the braces literal.
 */
export function pieces(source: string): readonly Piece[] {
  const found: Piece[] = [];
  let text = "";
  let position = 0;
  const flush = (): void => {
    if (text !== "") found.push({ kind: "text", text });
    text = "";
  };
  for (;;) {
    const open = source.indexOf("{{", position);
    if (open === -1) break;
    let slashes = 0;
    while (open - slashes > position && source[open - slashes - 1] === "\\") slashes++;
    text += source.slice(position, open - slashes) + "\\".repeat(slashes >> 1);
    if (slashes % 2 === 1) {
      text += "{{";
      position = open + 2;
      continue;
    }
    flush();
    const end = endOfExpression(source, open + 2);
    if (end === undefined) {
      found.push({ kind: "open", at: { from: open, to: source.length } });
      return found;
    }
    found.push({ kind: "expression", at: { from: open, to: end + 2 }, inner: { from: open + 2, to: end } });
    position = end + 2;
  }
  text += source.slice(position);
  flush();
  return found;
}

/** Where the `}}` that ends the expression beginning at `from` is; undefined when there is none. */
export function endOfExpression(source: string, from: number): number | undefined {
  const open: string[] = [];
  let position = from;
  while (position < source.length) {
    const ch = source[position];
    if (ch === '"' || ch === "'") {
      const after = afterString(source, position);
      if (after === undefined) return undefined;
      position = after;
    } else if (ch === "/" && source[position + 1] === "/") {
      position = afterComment(source, position);
    } else if (ch === "}" && source[position + 1] === "}" && open.at(-1) !== "{") {
      return position;
    } else {
      if (ch === "(" || ch === "[" || ch === "{") open.push(ch);
      else if (
        (ch === ")" && open.at(-1) === "(") ||
        (ch === "]" && open.at(-1) === "[") ||
        (ch === "}" && open.at(-1) === "{")
      )
        open.pop();
      position++;
    }
  }
  return undefined;
}

function afterString(source: string, start: number): number | undefined {
  const quote = source[start] as string;
  const triple = quote.repeat(3);
  const closing = source.startsWith(triple, start) ? triple : quote;
  let position = start + closing.length;
  while (position < source.length) {
    if (source.startsWith(closing, position)) return position + closing.length;
    const ch = source[position];
    if (closing.length === 1 && (ch === "\n" || ch === "\r")) return undefined;
    // The lexer of cel-js skips the character after a backslash in raw texts too, so both kinds end alike.
    position += ch === "\\" ? 2 : 1;
  }
  return undefined;
}

/** A comment ends with its line, or before the `}}` that closes the expression on the same line. */
function afterComment(source: string, start: number): number {
  const line = source.indexOf("\n", start);
  const close = source.indexOf("}}", start);
  const end = line === -1 ? source.length : line;
  return close !== -1 && close < end ? close : end;
}

/** `text` with every `{{` escaped, so that as a template it stands for itself. */
export function escapeTemplate(text: string): string {
  return text.replace(/(?<!\\)(\\*)\{\{/g, "$1$1\\{{");
}
