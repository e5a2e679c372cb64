import type { Debugging } from "../state/debugging.svelte";
import type { StatusItem } from "../state/status-bar.svelte";
import { debuggerText as text } from "../text/debugger";
import { executionsText } from "../text/executions";
import { statusText } from "../text/status";
import { glyphFor, onlyWaits } from "./names";

const COUNTED = [
  "running",
  "waiting",
  "completed",
  "failed",
  "compensated",
  "skipped",
  "cancelled",
  "pending",
] as const;

/** What the screen of an execution says at the foot of the window. */
export function statusItems(debugging: Debugging): readonly StatusItem[] {
  const { view, row, session } = debugging;
  if (!view) return [];
  const held = debugging.isPast ? 0 : debugging.holds.length;
  const status = held > 0 ? "paused" : view.status;
  const waits = status === "running" && onlyWaits(view);
  const items: StatusItem[] = [];
  if (row) {
    const what = debugging.isPast ? text.atEvent(debugging.seq) : waits ? executionsText.waiting : statusText[status];
    items.push({
      side: "left",
      text: text.status(row.number, what, row.debug && session.running),
      glyph: waits && !debugging.isPast ? "waiting" : glyphFor(status),
    });
  }
  if (held > 0) items.push({ side: "right", text: String(held), glyph: "held", title: statusText.paused });
  for (const name of COUNTED) {
    const count = name === "pending" ? view.counts.pending + view.counts.ready - held : view.counts[name];
    if (count > 0) items.push({ side: "right", text: String(count), glyph: name, title: name });
  }
  items.push({ side: "right", text: text.journalled(session.entries.length), wide: true });
  return items;
}
