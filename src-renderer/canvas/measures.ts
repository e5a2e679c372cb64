/** Sizes on the canvas in its own pixels, as the cards sheet draws them. */
export const CARD = { width: 188, height: 54 };
export const PILL = { width: 88, height: 26 };
export const NOTE = { width: 180, padding: 15, line: 16, charactersPerLine: 27 };
export const CONTAINER = { header: 28, lane: 22, padding: 12, gap: 12, collapsedWidth: 268, collapsedHeight: 54 };
export const GAP = { down: 32, across: 24, aside: 152 };
/** Grid for dragging, so that cards line up without effort. */
export const GRID = 4;

/** Where a straight spine passes through a box: the middle of a card, the first lane of a container. */
export function spineOf(box: { readonly width: number; readonly kind: "card" | "pill" | "container" }): number {
  return box.kind === "container" ? CONTAINER.padding + CARD.width / 2 : box.width / 2;
}
