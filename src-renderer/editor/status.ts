import type { AtMs, Ms } from "@shared/base/units";
import type { ExecutionRow } from "@shared/contract/executions";
import { outlineOf } from "../canvas/outline";
import type { DocumentState } from "../state/document.svelte";
import type { Session } from "../state/session.svelte";
import type { StatusItem } from "../state/status-bar.svelte";
import { studio } from "../state/studio.svelte";
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

/** Leads to its execution; where room is scarce it is there only when there is something to look at. */
function runItem(session: Session, last: ExecutionRow | undefined): StatusItem | undefined {
  const { executionId, view } = session;
  if (view === undefined || executionId === undefined)
    return last && runOf(last.id, last.status, last.startedAt, last.durationMs);
  const { startedAt = 0, settledAt } = view.tree;
  return runOf(executionId, view.status, startedAt, settledAt === undefined ? undefined : settledAt - startedAt);
}

function runOf(id: string, status: ExecutionRow["status"], startedAt: AtMs, spent: Ms | undefined): StatusItem {
  const said = text.lastRun(clockText(startedAt), statusText[status], spent === undefined ? "" : durationText(spent));
  return {
    side: "right",
    text: said,
    ...(status === "completed_with_warnings" ? { severity: "warning" } : { glyph: glyphs[status] }),
    title: text.openLastRun(said),
    run: () => studio.openExecution(id),
    wide: status === "completed",
  };
}

const glyphs: { readonly [status in Exclude<ExecutionRow["status"], "completed_with_warnings">]: GlyphState } = {
  pending: "pending",
  queued: "pending",
  running: "running",
  paused: "held",
  compensating: "compensated",
  completed: "completed",
  failed: "failed",
  cancelled: "cancelled",
};
