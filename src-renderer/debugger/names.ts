import type { ComponentStatus, ExecutionStatus } from "@shared/execution/status";
import type { ExecutionView, UndoView } from "@shared/debug/view";
import type { Plan } from "@shared/execution/plan";
import { titleOf } from "../canvas/words";
import { undoText as text } from "../text/debugger";
import type { GlyphState } from "../ui/glyph-state";

/** The component at `path` as its card calls it; of a step of undoing, what it does. */
export function nameAt(plan: Plan | undefined, path: string): string {
  const id = path.slice(path.lastIndexOf("/") + 1);
  if (id === "~undo") return text.title;
  if (id === "~recovery") return text.recovery;
  if (id === "~notify") return text.notice;
  const own = id.replace(/(~stopped)?~undo$/, "");
  const component = plan?.byId.get(own)?.component;
  const name = component === undefined ? own : titleOf(component);
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

/** Whether all that is under way waits: for time, an event or a person. */
export function onlyWaits({ status, counts }: Pick<ExecutionView, "status" | "counts">): boolean {
  return status === "running" && counts.waiting > 0 && counts.running === 0 && counts.ready === 0;
}

/** Which rounds lead to `path`, e.g. `[3]`; empty outside loops. */
export function roundsOf(plan: Plan | undefined, path: string): string {
  const parts = path.split("/");
  return parts
    .filter((part, index) => index > 0 && /^\d+$/.test(part) && plan?.byId.has(parts[index - 1] ?? "") === true)
    .map((part) => `[${Number(part) + 1}]`)
    .join("");
}

/** The glyph of a step of undoing: what is undone bears the sign of it. */
export function undoGlyph({ status, kind }: Pick<UndoView, "status" | "kind">): GlyphState {
  return status === "completed" && kind === "undo" ? "compensated" : glyphFor(status);
}
