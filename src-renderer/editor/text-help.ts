import { suggestionsAt, type AssistContext, type Suggestion } from "@shared/workflow/completion";
import { namesOfWorkspace } from "../state/check-context";
import type { DocumentState } from "../state/document.svelte";
import { library } from "../state/library.svelte";
import type { Proposal } from "../text-view/providers";

const KINDS: { readonly [kind in Suggestion["kind"]]: Proposal["kind"] } = {
  key: "key",
  value: "value",
  type: "type",
  component: "component",
  workflow: "component",
  name: "name",
  field: "field",
  function: "function",
  method: "function",
};

function contextOf(doc: DocumentState): AssistContext {
  return {
    workflowIds: library.rows.map((row) => row.id),
    ...namesOfWorkspace(),
    ...(doc.workflow ? { last: doc.workflow } : {}),
  };
}

/** What may stand at an offset of a document's text. */
export function completionsAt(doc: DocumentState, offset: number): readonly Proposal[] {
  doc.flush();
  return suggestionsAt(doc.document, offset, contextOf(doc)).map(({ label, kind, detail, help, insert, from, to }) => ({
    label,
    kind: KINDS[kind],
    detail,
    ...(help === undefined ? {} : { help }),
    insert,
    from,
    to,
  }));
}
