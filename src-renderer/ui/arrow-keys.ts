import type { Attachment } from "svelte/attachments";

/** How arrows move among the parts of a list, row of tabs or tree. */
export interface ArrowKeys {
  /** The parts, as a selector below the element. */
  readonly parts: string;
  readonly across?: boolean;
  /** Called when the focus moved by a key, for lists whose selection follows the focus. */
  readonly onmove?: (part: HTMLElement) => void;
}

/** Up, Down, Home and End (or Left and Right) move the focus among the parts; Tab leaves them in one step. */
export function arrowKeys(options: ArrowKeys): Attachment<HTMLElement> {
  return (node) => {
    const parts = (): HTMLElement[] =>
      [...node.querySelectorAll<HTMLElement>(options.parts)].filter((part) => part.offsetParent !== null);
    const keydown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const back = options.across ? "ArrowLeft" : "ArrowUp";
      const on = options.across ? "ArrowRight" : "ArrowDown";
      if (![back, on, "Home", "End"].includes(event.key)) return;
      const all = parts();
      const active = document.activeElement;
      const at = all.findIndex((part) => part === active || part.contains(active));
      if (at < 0 && !(active === node)) return;
      if (active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement) return;
      const to =
        event.key === "Home"
          ? 0
          : event.key === "End"
            ? all.length - 1
            : event.key === back
              ? Math.max(0, at - 1)
              : Math.min(all.length - 1, at + 1);
      const part = all[to];
      if (!part) return;
      event.preventDefault();
      event.stopPropagation();
      part.focus();
      part.scrollIntoView({ block: "nearest", inline: "nearest" });
      options.onmove?.(part);
    };
    node.addEventListener("keydown", keydown);
    return () => node.removeEventListener("keydown", keydown);
  };
}
