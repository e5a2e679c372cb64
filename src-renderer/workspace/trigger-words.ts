import type { Json } from "@shared/base/json";
import type { TriggerRow } from "@shared/contract/waiting";
import type { GlyphState } from "../ui/glyph-state";

/** The glyph of how a trigger ended last time. */
export function glyphOfOutcome(outcome: NonNullable<TriggerRow["last"]>["outcome"]): GlyphState {
  switch (outcome) {
    case "started":
      return "completed";
    case "queued":
      return "waiting";
    case "skipped":
      return "skipped";
    case "refused":
      return "cancelled";
    case "failed":
      return "failed";
  }
}

/** Text as JSON; nothing written is null. */
export function readJson(
  text: string,
): { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly why: string } {
  if (text.trim() === "") return { ok: true, value: null };
  try {
    return { ok: true, value: JSON.parse(text) as Json };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}
