import type { DocumentState } from "../state/document.svelte";
import type { Proposal } from "../text-view/providers";

/** What may stand at an offset of a document's text. */
export function completionsAt(_doc: DocumentState, _offset: number): readonly Proposal[] {
  return [];
}

/** What there is to say about the text at an offset. */
export function hoverAt(
  _doc: DocumentState,
  _offset: number,
): { readonly markdown: string; readonly from: number; readonly to: number } | undefined {
  return undefined;
}
