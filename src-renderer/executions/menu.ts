import Ban from "@lucide/svelte/icons/square";
import Bug from "@lucide/svelte/icons/bug";
import FolderOpen from "@lucide/svelte/icons/folder-open";
import RotateCw from "@lucide/svelte/icons/rotate-cw";
import Trash from "@lucide/svelte/icons/trash-2";
import Workflow from "@lucide/svelte/icons/workflow";
import type { ExecutionRow } from "@shared/contract/executions";
import { executions } from "../state/executions.svelte";
import { studio } from "../state/studio.svelte";
import { executionsText } from "../text/executions";
import type { MenuItem } from "../ui/menu";

/** What can be done with the executions chosen. */
export function menuOf(rows: readonly ExecutionRow[]): readonly MenuItem[] {
  const [row] = rows;
  const one: readonly MenuItem[] =
    row && rows.length === 1
      ? [
          { title: executionsText.open, icon: FolderOpen, keys: "Enter", run: () => executions.open(row) },
          {
            title: executionsText.openWorkflow,
            icon: Workflow,
            run: () => studio.openWorkflow(row.workflowId, row.workflowName),
          },
          { line: true },
          { title: executionsText.again, icon: RotateCw, keys: "Mod+Enter", run: () => void executions.again(row) },
          { title: executionsText.againDebug, icon: Bug, keys: "F5", run: () => void executions.again(row, true) },
          { line: true },
        ]
      : [];
  return [
    ...one,
    ...(rows.some((each) => each.live)
      ? [{ title: executionsText.cancel, icon: Ban, keys: "Shift+F5", run: () => void executions.cancel(rows) }]
      : []),
    {
      title: executionsText.delete,
      icon: Trash,
      keys: "Delete",
      danger: true,
      disabled: rows.every((each) => each.live),
      run: () => void executions.delete(rows),
    },
  ];
}
