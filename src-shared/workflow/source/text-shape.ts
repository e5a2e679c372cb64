import type { SourceNode } from "./node";
import type { PrintStyle } from "./print";

/** Lines, line ends and columns of a text that is edited. */
export class TextShape {
  /** How the text breaks its lines. */
  readonly eol: "\n" | "\r\n";

  constructor(private readonly text: string) {
    this.eol = text.includes("\r\n") ? "\r\n" : "\n";
  }

  /** `printed`, which breaks lines with \n, with the text's own line ends. */
  withEol(printed: string): string {
    return this.eol === "\n" ? printed : printed.replaceAll(/\r?\n/g, "\r\n");
  }

  lineStart(offset: number): number {
    return this.text.lastIndexOf("\n", offset - 1) + 1;
  }

  /** Where the line of `offset` ends, before its line break. */
  lineEnd(offset: number): number {
    const at = this.text.indexOf("\n", offset);
    if (at < 0) return this.text.length;
    return at > offset && this.text[at - 1] === "\r" ? at - 1 : at;
  }

  column(offset: number): number {
    const start = this.lineStart(offset);
    return offset - start - (start === 0 && this.text.charCodeAt(0) === 0xfeff ? 1 : 0);
  }

  indentOfLine(offset: number): number {
    return /^\ufeff?([ ]*)/.exec(this.text.slice(this.lineStart(offset), this.lineEnd(offset)))![1]!.length;
  }

  /** Whether only blanks stand before `offset` on its line. */
  startsLine(offset: number): boolean {
    return /^\ufeff?[ ]*$/.test(this.text.slice(this.lineStart(offset), offset));
  }

  /**
   * The whole lines of `from`..`to`, with comments right above that stand at the same column. The line break before
   * them goes rather than the one after, so that what is added at the end of their last line stays clear of them.
   */
  lines(from: number, to: number, withComments: boolean): { from: number; to: number } {
    let start = this.lineStart(from);
    if (withComments) {
      const column = this.column(from);
      const comment = new RegExp(`^[ ]{${column}}#`);
      while (start > 0) {
        const above = this.lineStart(start - 1);
        if (!comment.test(this.text.slice(above, start))) break;
        start = above;
      }
    }
    const end = this.lineEnd(to);
    if (start > 0) return { from: this.text[start - 2] === "\r" ? start - 2 : start - 1, to: end };
    const first = this.text.charCodeAt(0) === 0xfeff ? 1 : 0;
    return { from: first, to: end < this.text.length ? this.text.indexOf("\n", end) + 1 : end };
  }

  /** Whether a flow collection has its parts on lines of their own. */
  isSpread(start: number, parts: readonly number[]): boolean {
    return parts.length > 0 && this.text.slice(start, parts[0]).includes("\n");
  }

  /** Whether blank lines stand between the last two parts. */
  isSpaced(parts: readonly number[]): boolean {
    const [before, last] = parts.slice(-2);
    if (before === undefined || last === undefined) return false;
    return /\n[ ]*\r?\n[ ]*$/.test(this.text.slice(before, last));
  }

  /** Lines that stood at `column`, moved to `to`; lines that stand further left stay within the block. */
  shifted(raw: string, column: number, to: number): string {
    const by = to - column;
    const lines = raw.replaceAll("\r\n", "\n").split("\n");
    return lines
      .map((line, index) => {
        if (index === 0 || line.trim() === "") return index === 0 ? line : "";
        const indent = line.length - line.trimStart().length;
        return " ".repeat(Math.max(to, indent + by)) + line.trimStart();
      })
      .join("\n");
  }
}

/** How `text` indents, read off its first lines. */
export function styleOf(text: string, root: SourceNode, format: "yaml" | "json"): PrintStyle {
  if (format === "json") return { format, step: /\n([ ]+)"/.exec(text)?.[1]?.length ?? 2, indentLists: true };
  let step: number | undefined;
  let indentLists: boolean | undefined;
  const look = (node: SourceNode, depth: number): void => {
    if (depth > 4 || (step !== undefined && indentLists !== undefined)) return;
    if (node.kind === "list" && !node.flow) for (const item of node.items.slice(0, 5)) look(item.node, depth + 1);
    if (node.kind !== "map" || node.flow) return;
    for (const { node: child } of node.entries) {
      if (child.kind === "map" && !child.flow && child.column > node.column) step ??= child.column - node.column;
      if (child.kind === "list" && !child.flow) {
        indentLists ??= child.column > node.column;
        if (child.column > node.column) step ??= child.column - node.column;
      }
      look(child, depth + 1);
    }
  };
  look(root, 0);
  return { format, step: step ?? 2, indentLists: indentLists ?? true };
}
