import type { ExecutionRow } from "@shared/contract/executions";
import { outlineOf } from "../canvas/outline";
import type { DocumentState } from "../state/document.svelte";
import type { Session } from "../state/session.svelte";
import type { StatusItem } from "../state/status-bar.svelte";
import { editorText as text } from "../text/editor";
import { clockText, durationText } from "../text/format";
import { statusText } from "../text/status";
import type { GlyphState } from "../ui/glyph-state";

/** What the editor says at the foot of the window. */
export function statusItems(
  doc: DocumentState,
  session: Session,
  last: ExecutionRow | undefined,
  hasCaret: boolean,
  problems: () => void,
): readonly StatusItem[] {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const finding of doc.findings) counts[finding.severity] += 1;
  const items: StatusItem[] = [];
  if (counts.error > 0)
    items.push({
      side: "left",
      text: String(counts.error),
      severity: "error",
      title: text.errorsTitle(counts.error),
      run: problems,
    });
  if (counts.warning > 0)
    items.push({
      side: "left",
      text: String(counts.warning),
      severity: "warning",
      title: text.warningsTitle(counts.warning),
      run: problems,
    });
  if (counts.info > 0)
    items.push({
      side: "left",
      text: String(counts.info),
      severity: "info",
      title: text.infosTitle(counts.info),
      run: problems,
    });
  const run = runItem(session, last);
  if (run) items.push(run);
  if (doc.workflow) items.push({ side: "right", text: text.count(outlineOf(doc.workflow).pieces.size) });
  if (hasCaret) items.push({ side: "right", text: text.caret(doc.caret.line, doc.caret.column), wide: true });
  items.push({ side: "right", text: doc.format.toUpperCase(), wide: true });
  return items;
}

function runItem(session: Session, last: ExecutionRow | undefined): StatusItem | undefined {
  const view = session.view;
  if (view) {
    const spent =
      view.tree.startedAt !== undefined && view.tree.settledAt !== undefined
        ? durationText(view.tree.settledAt - view.tree.startedAt)
        : "";
    return {
      side: "right",
      text: text.lastRun(clockText(view.tree.startedAt ?? 0), statusText[view.status], spent),
      glyph: glyphs[view.status],
      wide: true,
    };
  }
  if (!last) return undefined;
  return {
    side: "right",
    text: text.lastRun(
      clockText(last.startedAt),
      statusText[last.status],
      last.durationMs === undefined ? "" : durationText(last.durationMs),
    ),
    glyph: glyphs[last.status],
    wide: true,
  };
}

const glyphs: { readonly [status in ExecutionRow["status"]]: GlyphState } = {
  pending: "pending",
  queued: "pending",
  running: "running",
  paused: "held",
  compensating: "running",
  completed: "completed",
  completed_with_warnings: "completed",
  failed: "failed",
  cancelled: "cancelled",
};
