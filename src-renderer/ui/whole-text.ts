/**
 * Has every text that is cut off say all of it while it is pointed at. Whether it is cut depends on panes and windows,
 * so it is looked at when it matters.
 */
export function showWholeTexts(root: Document): () => void {
  const given = new WeakSet<HTMLElement>();
  const over = ({ target }: Event): void => {
    if (!(target instanceof HTMLElement)) return;
    const isCut = target.scrollWidth > target.clientWidth && getComputedStyle(target).textOverflow === "ellipsis";
    if (given.has(target) && !isCut) {
      target.removeAttribute("title");
      given.delete(target);
    } else if (isCut && (given.has(target) || target.closest("[title]") === null)) {
      target.title = target.textContent.trim();
      given.add(target);
    }
  };
  root.addEventListener("pointerover", over, { passive: true });
  return () => root.removeEventListener("pointerover", over);
}
