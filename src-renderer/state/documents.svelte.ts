import { DocumentState } from "./document.svelte";
import { lasting } from "./lasting.svelte";

const open = new Map<string, DocumentState>();

/** The document of a workflow; opened on first use and kept, with its undo, until its tab closes. */
export function documentOf(id: string): DocumentState {
  const known = open.get(id);
  if (known && known.status !== "failed") return known;
  const document = lasting(() => new DocumentState(id));
  open.set(id, document);
  void document.open();
  return document;
}

/** Lets go of a document whose tab was closed. */
export function dropDocument(id: string): void {
  open.get(id)?.close();
  open.delete(id);
}

/** Stores what is not saved of every open document. */
export async function saveDrafts(): Promise<void> {
  await Promise.all([...open.values()].filter((document) => document.unsaved).map((document) => document.saveDraft()));
}

// A page that is hidden may be on its way out: windows hide before they close, and so do browsers' tabs.
window.document.addEventListener("visibilitychange", () => {
  if (window.document.visibilityState === "hidden") void saveDrafts();
});
