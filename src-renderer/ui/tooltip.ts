import type { Attachment } from "svelte/attachments";
import { keysText } from "./keys";

let shown: { readonly box: HTMLElement; readonly owner: Element } | undefined;
let waiting: ReturnType<typeof setTimeout> | undefined;
let waitingFor: Element | undefined;
let lastHidden = 0;

function hide(): void {
  clearTimeout(waiting);
  if (!shown) return;
  shown.box.remove();
  shown = undefined;
  lastHidden = performance.now();
}

function place(box: HTMLElement, owner: Element, side: "below" | "right"): void {
  const at = owner.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  let left = side === "right" ? at.right + 8 : at.left + at.width / 2 - size.width / 2;
  let top = side === "right" ? at.top + at.height / 2 - size.height / 2 : at.bottom + 6;
  if (top + size.height > innerHeight - 4) top = at.top - size.height - 6;
  left = Math.max(4, Math.min(left, innerWidth - size.width - 4));
  top = Math.max(4, top);
  box.style.left = `${left}px`;
  box.style.top = `${top}px`;
}

function show(owner: Element, text: string, keys: string | undefined, side: "below" | "right"): void {
  hide();
  const box = document.createElement("div");
  box.className = "tooltip";
  box.style.position = "fixed";
  // The owner carries the same words as its name; read twice they would only delay.
  box.setAttribute("aria-hidden", "true");
  const words = document.createElement("span");
  words.textContent = text;
  box.append(words);
  if (keys) {
    const key = document.createElement("kbd");
    key.textContent = keysText(keys);
    box.append(key);
  }
  document.body.append(box);
  place(box, owner, side);
  shown = { box, owner };
}

/** Shows `text` and a key beside the element while it is pointed at or focused by keyboard. One tooltip at a time. */
export function tooltip(
  text: () => string | undefined,
  keys?: () => string | undefined,
  side: "below" | "right" = "below",
): Attachment {
  return (node) => {
    const open = (): void => {
      const words = text();
      if (words) show(node, words, keys?.(), side);
    };
    const enter = (): void => {
      clearTimeout(waiting);
      waitingFor = node;
      // Moving along a row of icons answers at once; the first one waits.
      waiting = setTimeout(open, performance.now() - lastHidden < 300 ? 60 : 500);
    };
    const focus = (): void => {
      if (node.matches(":focus-visible")) open();
    };
    const escape = (event: Event): void => {
      if ((event as KeyboardEvent).key === "Escape") hide();
    };
    const events: [string, (event: Event) => void][] = [
      ["pointerenter", enter],
      ["pointerleave", hide],
      ["pointerdown", hide],
      ["dragstart", hide],
      ["focus", focus],
      ["blur", hide],
      ["keydown", escape],
    ];
    for (const [name, act] of events) node.addEventListener(name, act);
    return () => {
      for (const [name, act] of events) node.removeEventListener(name, act);
      if (waitingFor === node || shown?.owner === node) hide();
    };
  };
}
