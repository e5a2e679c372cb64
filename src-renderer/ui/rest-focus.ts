/**
 * Gives the focus to the first of `places` that is there, if what had it is gone: a drawer that led here, a form given up,
 * a row that was dealt with. Called from an effect; the result ends it.
 */
export function restFocus(places: readonly string[]): () => void {
  const rest = (): void => {
    if (document.activeElement !== document.body) return;
    places
      .map((place) => document.querySelector<HTMLElement>(place))
      .find((one) => one !== null)
      ?.focus();
  };
  // Rows are measured before they are drawn.
  let later = requestAnimationFrame(() => (later = requestAnimationFrame(rest)));
  return () => cancelAnimationFrame(later);
}
