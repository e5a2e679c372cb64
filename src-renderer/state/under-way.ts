/**
 * Has one thing of a kind done at a time: a second click while the first is under way does nothing.
 *
 * @param keyOf what tells one thing from another; those of other keys go on beside it.
 */
export function oneAtATime<A extends readonly unknown[], R>(
  act: (...given: A) => Promise<R>,
  keyOf: (...given: NoInfer<A>) => string = () => "",
): (...given: A) => Promise<R | undefined> {
  const underWay = new Set<string>();
  return async (...given) => {
    const key = keyOf(...given);
    if (underWay.has(key)) return undefined;
    underWay.add(key);
    try {
      return await act(...given);
    } finally {
      underWay.delete(key);
    }
  };
}
