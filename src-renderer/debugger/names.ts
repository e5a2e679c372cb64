import type { ComponentStatus, ExecutionStatus } from "@shared/execution/status";
import type { Plan } from "@shared/execution/plan";
import { undoText as text } from "../text/debugger";
import type { GlyphState } from "../ui/glyph-state";

/** The name a person gave the component at `path`, else its id; of a step of undoing, what it does. */
export function nameAt(plan: Plan | undefined, path: string): string {
  const id = path.slice(path.lastIndexOf("/") + 1);
  if (id === "~recovery") return text.recovery;
  if (id === "~notify") return text.notice;
  const own = id.replace(/~undo$/, "");
  const name = plan?.byId.get(own)?.component.name ?? own;
  return own === id ? name : text.undoOf(name);
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
