import type { GlyphState } from "../ui/StateGlyph.svelte";
import type { ComponentMark } from "./marks";

/** The glyph that stands for a mark. */
export function glyphOf(mark: ComponentMark): GlyphState {
  if (mark.held) return "held";
  if (mark.cached) return "cached";
  if (mark.status === "ready") return "pending";
  return mark.status;
}

/** The classes that give a card or container its edge. */
export function stateClasses(mark: ComponentMark | undefined): string {
  if (!mark) return "";
  const glyph = glyphOf(mark);
  const shown = glyph === "cancelled" ? "skipped" : glyph === "retried" ? "completed" : glyph;
  const bar = glyph !== "pending" && glyph !== "skipped" && glyph !== "cancelled";
  return `s-${shown}${bar ? " has-state" : ""}${mark.tolerated ? " is-tolerated" : ""}`;
}
