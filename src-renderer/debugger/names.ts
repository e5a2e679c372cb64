import type { ComponentStatus, ExecutionStatus } from "@shared/execution/status";
import type { Plan } from "@shared/execution/plan";
import type { GlyphState } from "../ui/StateGlyph.svelte";

/** The name a person gave the component at `path`, else its id. */
export function nameAt(plan: Plan | undefined, path: string): string {
  const id = path.slice(path.lastIndexOf("/") + 1);
  return plan?.byId.get(id)?.component.name ?? id;
}

/** The glyph of a status. */
export function glyphFor(status: ComponentStatus | ExecutionStatus, held = false): GlyphState {
  if (held) return "held";
  switch (status) {
    case "ready":
    case "queued":
      return "pending";
    case "paused":
      return "held";
    case "compensating":
      return "compensated";
    case "completed_with_warnings":
      return "completed";
    default:
      return status;
  }
}
