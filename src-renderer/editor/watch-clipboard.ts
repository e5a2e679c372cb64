import type { DocumentState } from "../state/document.svelte";
import { notices } from "../state/notices.svelte";
import { editorText } from "../text/editor";
import { copySelected, paste, removeSelected } from "./editing";

/** Copies, cuts and pastes components through the system's clipboard while no text has the focus. */
export function watchClipboard(doc: DocumentState): () => void {
  const isCanvas = (): boolean => {
    const active = document.activeElement;
    return active === null || active === document.body || active.closest(".canvas") !== null;
  };
  const copy = (event: ClipboardEvent): void => {
    if (!isCanvas() || !event.clipboardData) return;
    const text = copySelected(doc);
    if (text === undefined) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", text);
    const count = doc.selection.components.length;
    if (event.type === "cut") removeSelected(doc);
    else notices.say(editorText.copied(count));
  };
  const pasted = (event: ClipboardEvent): void => {
    if (!isCanvas()) return;
    const text = event.clipboardData?.getData("text/plain");
    if (!text) return;
    event.preventDefault();
    paste(doc, text);
  };
  document.addEventListener("copy", copy);
  document.addEventListener("cut", copy);
  document.addEventListener("paste", pasted);
  return () => {
    document.removeEventListener("copy", copy);
    document.removeEventListener("cut", copy);
    document.removeEventListener("paste", pasted);
  };
}
