const FOCUSABLE =
  "[data-focus-first], input:not([disabled]), button:not([disabled]), [tabindex]:not([tabindex='-1']), textarea";

/** Moves the focus to the pane `by` places further; a pane is what carries `data-pane`. */
export function stepPane(by: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>("[data-pane]")].filter(
    (pane) => pane.offsetParent !== null || pane.getClientRects().length > 0,
  );
  if (panes.length === 0) return;
  const active = document.activeElement;
  const at = panes.findLastIndex((pane) => pane.contains(active));
  const next = panes[at < 0 ? (by > 0 ? 0 : panes.length - 1) : (at + by + panes.length) % panes.length];
  if (!next) return;
  const remembered = next.querySelector<HTMLElement>("[aria-selected='true'][tabindex='0'], [data-focus-first]");
  const first =
    remembered ?? [...next.querySelectorAll<HTMLElement>(FOCUSABLE)].find((part) => part.getClientRects().length > 0);
  const target = first ?? next;
  if (!first) next.tabIndex = -1;
  target.focus({ preventScroll: false });
}
