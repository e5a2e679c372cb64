/** How well `text` answers `word`: its beginning, the beginning of one of its words, its middle, or not at all. */
function rank(text: string, word: string): number {
  const at = text.indexOf(word);
  if (at < 0) return 0;
  if (at === 0) return 3;
  return new RegExp(`(^|[^\\p{L}\\p{N}])${word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`, "u").test(text) ? 2 : 1;
}

/** The items whose text holds every word of `query`, the best first; all of them, as they are, without a word. */
export function bestFirst<T>(items: readonly T[], query: string, textOf: (item: T) => string): readonly T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items;
  return items
    .flatMap((item) => {
      const text = textOf(item).toLowerCase();
      const ranks = words.map((word) => rank(text, word));
      return ranks.includes(0) ? [] : [{ item, score: ranks.reduce((sum, one) => sum + one, 0) }];
    })
    .toSorted((a, b) => b.score - a.score)
    .map(({ item }) => item);
}
