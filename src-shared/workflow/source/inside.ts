import type { SourceScalar } from "./node";

/** The offset in `text` of character `at` of a scalar's value; `undefined` where escapes or folding part the two. */
export function offsetIn(text: string, node: SourceScalar, at: number): number | undefined {
  const value = String(node.value);
  const quote = node.style === "single" || node.style === "double" ? 1 : 0;
  if (node.style === "literal") return inLiteral(text, node, value, at);
  return text.slice(node.start + quote, node.end - quote) === value ? node.start + quote + at : undefined;
}

/** Lines of a literal block are those of the value, indented. */
function inLiteral(text: string, node: SourceScalar, value: string, at: number): number | undefined {
  const before = value.slice(0, at);
  const line = before.split("\n").length - 1;
  const column = at - (before.lastIndexOf("\n") + 1);
  let start = node.start;
  for (let count = 0; count <= line; count++) {
    const next = text.indexOf("\n", start);
    if (next < 0 || next >= node.end) return undefined;
    start = next + 1;
  }
  const end = text.indexOf("\n", start);
  const raw = text.slice(start, end < 0 ? text.length : end).replace(/\r$/, "");
  const own = value.split("\n")[line]!;
  return raw.endsWith(own) ? start + (raw.length - own.length) + column : undefined;
}
