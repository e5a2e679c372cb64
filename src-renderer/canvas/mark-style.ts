import type { GlyphState } from "../ui/glyph-state";
import type { ComponentMark } from "./marks";

/** The glyph that stands for a mark. */
export function glyphOf(mark: ComponentMark): GlyphState {
  if (mark.held) return "held";
  if (mark.undo === "running") return "running";
  if (mark.undo === "failed") return "failed";
  if (mark.cached && mark.status === "completed") return "cached";
  if (mark.status === "ready") return "pending";
  return mark.status;
}

/** The glyph beside it, where a mark says two things: how it came to its state, or that it is being undone. */
export function besideOf(mark: ComponentMark): GlyphState | undefined {
  if (mark.undo !== undefined) return "compensated";
  return mark.retried ? "retried" : undefined;
}

/** The classes that give a card or container its edge. */
export function stateClasses(mark: ComponentMark | undefined): string {
  if (!mark) return "";
  const glyph = glyphOf(mark);
  const shown = glyph === "retried" ? "completed" : glyph;
  const bar = glyph !== "pending" && glyph !== "skipped" && glyph !== "cancelled";
  const more = mark.tolerated ? " is-tolerated" : mark.undo === undefined ? "" : ` is-undo-${mark.undo}`;
  return `s-${shown}${bar ? " has-state" : ""}${more}`;
}
