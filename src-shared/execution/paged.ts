import type { Json } from "../base/json";
import type { Bytes } from "../base/units";
import type { ListPages } from "./work";

/** Lists whose text is longer fall into pages; objects whose text is longer are taken apart. */
export const PAGED_FROM: Bytes = 1024 * 1024;

/** What a page holds at most. */
const PAGE_ITEMS = 1000;
const PAGE_BYTES: Bytes = 256 * 1024;

/** The JSON text of `list`, and how it falls into pages. */
export function pagedText(list: readonly Json[]): { readonly text: string; readonly pages: ListPages } {
  const starts: [number, number][] = [];
  const parts: string[] = [];
  let at = 1;
  let count = Math.min(PAGE_ITEMS, 16);
  for (let item = 0; item < list.length;) {
    // Without the brackets: the pages' texts are joined with commas.
    const page = JSON.stringify(list.slice(item, item + count)).slice(1, -1);
    starts.push([item, at]);
    parts.push(page);
    at += page.length + 1;
    item += count;
    const each = Math.max(1, page.length / count);
    count = Math.max(1, Math.min(PAGE_ITEMS, Math.floor(PAGE_BYTES / each)));
  }
  return { text: `[${parts.join(",")}]`, pages: { items: list.length, starts } };
}

/** The texts of the pages of a list's `text`, each a JSON list without its brackets. */
export function* pagesOf(text: string, { starts }: ListPages): Generator<readonly [item: number, text: string]> {
  for (const [index, [item, at]] of starts.entries()) {
    const next = starts[index + 1]?.[1] ?? text.length;
    yield [item, text.slice(at, next - 1)];
  }
}

/** What a piece of a long text holds at most, in characters. */
const PIECE = 128 * 1024;

/** A long text that is no list, in pieces: joined they are `text`, and none ends within a character. */
export function* piecesOf(text: string): Generator<readonly [at: number, piece: string]> {
  for (let at = 0; at < text.length;) {
    const last = text.charCodeAt(at + PIECE - 1);
    const isWithin = last >= 0xd800 && last < 0xdc00;
    const end = at + PIECE - (isWithin ? 1 : 0);
    yield [at, text.slice(at, end)];
    at = end;
  }
}
