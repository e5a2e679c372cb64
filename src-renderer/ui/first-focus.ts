/**
 * Puts the focus where work begins in what has just opened: the first field, else what Enter should do, else the first
 * thing that can be focused. Never on the button that closes, whose tooltip would cover what one came to see.
 */
export function focusFirst(root: HTMLElement | null | undefined, event: Event): void {
  const within = (selector: string): HTMLElement | null =>
    root?.querySelector<HTMLElement>(`:scope > :not(.top) ${selector}`) ?? null;
  const target =
    within("[data-focus-first]") ??
    within("input:not([disabled])") ??
    within("textarea") ??
    root?.querySelector<HTMLElement>(":scope > .bottom .primary:not(:disabled)") ??
    within("[role=checkbox]:not(:disabled)") ??
    within("button:not(:disabled)") ??
    root?.querySelector<HTMLElement>(":scope > .inside > [tabindex='0']");
  if (!target) return;
  event.preventDefault();
  target.focus();
}
