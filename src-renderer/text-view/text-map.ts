/** A replacement of characters `from`..`to` of a text. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** A place as editors count: lines and columns from 1. */
export interface Spot {
  readonly line: number;
  readonly column: number;
}

/**
 * Finds offsets in a text whatever its line ends are. The editor library makes all line ends of a text alike and drops
 * a byte order mark, so its own offsets are wrong for a text that mixes them; lines and columns stay right.
 */
export class TextMap {
  readonly #starts: number[];

  constructor(readonly text: string) {
    const starts = [text.charCodeAt(0) === 0xfeff ? 1 : 0];
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 13 && text.charCodeAt(at + 1) === 10) at++;
      if (code === 10 || code === 13) starts.push(at + 1);
    }
    this.#starts = starts;
  }

  offset(spot: Spot): number {
    const start = this.#starts[Math.min(spot.line, this.#starts.length) - 1] ?? 0;
    const next = this.#starts[spot.line];
    let end = next ?? this.text.length;
    if (next !== undefined)
      end -= this.text.charCodeAt(next - 1) === 10 && this.text.charCodeAt(next - 2) === 13 ? 2 : 1;
    return Math.min(start + spot.column - 1, Math.max(start, end));
  }

  spot(offset: number): Spot {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: Math.max(1, offset - (this.#starts[low] ?? 0) + 1) };
  }

  /** The line end most lines have. */
  get eol(): "\n" | "\r\n" {
    return this.text.includes("\r\n") ? "\r\n" : "\n";
  }
}

/** The one change that turns `before` into `after`: what both begin and end with stays. */
export function changeBetween(before: string, after: string): TextChange | undefined {
  if (before === after) return undefined;
  let from = 0;
  const shorter = Math.min(before.length, after.length);
  while (from < shorter && before.charCodeAt(from) === after.charCodeAt(from)) from++;
  let back = 0;
  while (
    back < shorter - from &&
    before.charCodeAt(before.length - 1 - back) === after.charCodeAt(after.length - 1 - back)
  )
    back++;
  return { from, to: before.length - back, insert: after.slice(from, after.length - back) };
}
