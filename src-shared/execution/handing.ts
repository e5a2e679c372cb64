import { PAGED_FROM, piecesOf } from "./paged";
import type { Finished } from "./work";

/** A piece of the text of the value at `at` among those an attempt keeps. */
export interface TextPiece {
  readonly at: number;
  readonly piece: string;
}

/**
 * `finished` on its way to another process: first the pieces of its long texts, in order, then all the rest. One message with a long
 * text would hold up whoever reads it.
 */
export function inPieces(finished: Finished): { readonly pieces: Iterable<TextPiece>; readonly rest: Finished } {
  const { values } = finished.kept;
  const isLong = values.map(({ text }) => text.length > PAGED_FROM);
  if (!isLong.includes(true)) return { pieces: [], rest: finished };
  function* pieces(): Generator<TextPiece> {
    for (const [at, { text }] of values.entries())
      if (isLong[at] === true) for (const [, piece] of piecesOf(text)) yield { at, piece };
  }
  const short = values.map((value, at) => (isLong[at] === true ? { ...value, text: "" } : value));
  return { pieces: pieces(), rest: { ...finished, kept: { ...finished.kept, values: short } } };
}

/** Puts together what {@link inPieces} took apart. */
export class Together {
  private texts = new Map<number, string>();

  add({ at, piece }: TextPiece): void {
    this.texts.set(at, (this.texts.get(at) ?? "") + piece);
  }

  /** The whole, once `rest` has come. */
  with(rest: Finished): Finished {
    if (this.texts.size === 0) return rest;
    const values = rest.kept.values.map((value, at) => ({ ...value, text: this.texts.get(at) ?? value.text }));
    return { ...rest, kept: { ...rest.kept, values } };
  }
}
