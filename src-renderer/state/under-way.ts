/**
 * Has one thing of a kind done at a time: a second click while the first is under way does nothing.
 *
 * @param keyOf what tells one thing from another; those of other keys go on beside it.
 */
export function oneAtATime<T, A extends readonly unknown[], R>(
  act: (about: T, ...more: A) => Promise<R>,
  keyOf: (about: T) => string,
): (about: T, ...more: A) => Promise<R | undefined> {
  const underWay = new Set<string>();
  return async (about, ...more) => {
    const key = keyOf(about);
    if (underWay.has(key)) return undefined;
    underWay.add(key);
    try {
      return await act(about, ...more);
    } finally {
      underWay.delete(key);
    }
  };
}
