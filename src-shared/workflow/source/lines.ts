import type { Place } from "../finding";

/** Turns offsets into lines and columns and back. */
export class Lines {
  readonly #starts: number[] = [0];
  readonly #length: number;
  readonly #bom: boolean;

  constructor(text: string) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
    this.#length = text.length;
    this.#bom = text.charCodeAt(0) === 0xfeff;
  }

  /** How many lines there are; a text that ends with a line break has an empty last one. */
  get count(): number {
    return this.#starts.length;
  }

  /** Line and column, from 1. A byte order mark takes no column. */
  at(offset: number): { readonly line: number; readonly column: number } {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    const column = offset - this.#starts[low]! + 1;
    return { line: low + 1, column: low === 0 && this.#bom ? Math.max(1, column - 1) : column };
  }

  /** The offset of a line and column; beyond the end it is the end. */
  offset(line: number, column: number): number {
    const start = this.#starts[Math.max(0, line - 1)];
    if (start === undefined) return this.#length;
    const shift = line === 1 && this.#bom ? 1 : 0;
    return Math.min(this.#length, start + column - 1 + shift);
  }

  /** The place of characters `from`..`to`. */
  place(from: number, to: number): Place {
    const start = this.at(from);
    const end = this.at(Math.max(from, to));
    return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  }
}
