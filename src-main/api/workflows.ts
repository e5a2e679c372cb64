import type { WorkflowRow } from "@shared/contract/workflows";
import { valueOf } from "./fault";
import { os } from "./implementer";
import type { Rooms } from "./rooms";
import { librarySentence } from "./sentences";
import { each, ticks } from "./ticks";

const LAST_EXECUTIONS = 16;

/** The library and the editor's documents. */
export function workflowsApi({ library, examples, executions, workflowsChanged, executionsChanged }: Rooms) {
  const api = os.workflows;
  return {
    list: api.list.handler(async (): Promise<readonly WorkflowRow[]> => {
      const recent = await executions.recent(LAST_EXECUTIONS);
      return library.list().map((row) => ({
        ...row,
        lastExecutions: (recent[row.id] ?? []).map(({ id, status, startedAt, durationMs }) => ({
          id,
          status,
          startedAt,
          durationMs: durationMs ?? 0,
        })),
      }));
    }),
    // Rows show their last executions, so these change the list too.
    changes: api.changes.handler(({ signal }) =>
      ticks((listener) => both(workflowsChanged(listener), executionsChanged(listener)), signal),
    ),
    open: api.open.handler(async ({ input }) => valueOf(await library.open(input.id), librarySentence)),
    create: api.create.handler(({ input }) => library.create(input.text, input.format, input.origin)),
    save: api.save.handler(async ({ input }) =>
      valueOf(await library.save(input.id, input.text, input.revision), librarySentence),
    ),
    saveDraft: api.saveDraft.handler(({ input }) =>
      valueOf(library.saveDraft(input.id, input.text, input.revision), librarySentence),
    ),
    duplicate: api.duplicate.handler(({ input }) => valueOf(library.duplicate(input.id), librarySentence)),
    rename: api.rename.handler(async ({ input }) =>
      valueOf(await library.rename(input.id, input.name, input.newId), librarySentence),
    ),
    favourite: api.favourite.handler(({ input }) => valueOf(library.favourite(input.id, input.on), librarySentence)),
    delete: api.delete.handler(({ input }) => valueOf(library.delete(input.id), librarySentence)),
    restore: api.restore.handler(({ input }) => valueOf(library.restore(input.id), librarySentence)),
    examples: api.examples.handler(() => examples.list()),
    copyExample: api.copyExample.handler(async ({ input }) => valueOf(await examples.copy(input.id), librarySentence)),
    openFile: api.openFile.handler(async ({ input }) => valueOf(await library.openFile(input.path), librarySentence)),
    fileChanges: api.fileChanges.handler(({ input, signal }) => {
      // An unknown workflow is refused at once, not at the first change.
      valueOf(
        library.watch(input.id, () => undefined),
        librarySentence,
      )();
      return each<{ readonly at: number }>(
        (push) =>
          valueOf(
            library.watch(input.id, () => push({ at: Date.now() })),
            librarySentence,
          ),
        signal,
        1,
      );
    }),
    revisions: api.revisions.handler(({ input }) => valueOf(library.revisions(input.id), librarySentence)),
  };
}

function both(...stops: readonly (() => void)[]): () => void {
  return () => stops.forEach((stop) => stop());
}
