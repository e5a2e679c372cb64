import { fail, ok, type Result } from "@shared/base/result";
import { applyEdit, editSentence } from "@shared/workflow/apply";
import { readWorkflow } from "@shared/workflow/file";
import type { Fix } from "@shared/workflow/finding";
import { ask, client, type Fault } from "../bridge";
import { bundlesText } from "../text/bundles";

/** Applies a repair to the stored workflow and saves it; gives the text it had before, to go back. */
export async function mend(
  workflowId: string,
  fix: Fix,
): Promise<Result<{ readonly before: string; readonly revision: number }, Fault>> {
  const opened = await ask(client.workflows.open({ id: workflowId }));
  if (!opened.ok) return opened;
  const { text, format, revision } = opened.value;
  const applied = applyEdit(readWorkflow(text, format), fix.edit);
  if (!applied.ok) return fail({ code: "INVALID", what: editSentence(applied.problem) });
  return save(workflowId, applied.value.document.text, revision, text);
}

async function save(
  workflowId: string,
  text: string,
  revision: number,
  before: string,
): Promise<Result<{ readonly before: string; readonly revision: number }, Fault>> {
  const saved = await ask(client.workflows.save({ id: workflowId, text, revision }));
  if (!saved.ok) return saved;
  if (saved.value.kind !== "saved") return fail({ code: "CONFLICT", what: bundlesText.stale });
  return ok({ before, revision: saved.value.revision });
}

/** Puts the text back as it was before a repair. */
export async function unmend(
  workflowId: string,
  was: { readonly before: string; readonly revision: number },
): Promise<Result<unknown, Fault>> {
  return save(workflowId, was.before, was.revision, was.before);
}
