import { commands } from "../state/commands.svelte";
import { studio } from "../state/studio.svelte";

/** What the screens call the lines of the native menu, where they have names of their own. */
const OWN_NAMES: { readonly [line: string]: readonly string[] } = {
  "workflow.save": ["editor.save"],
  "workflow.export": ["editor.export"],
  "edit.undo": ["editor.undo"],
  "edit.redo": ["editor.redo"],
  "run.start": ["editor.run", "workflow.run", "executions.again"],
  "run.debug": ["editor.debug", "executions.again-debug"],
  "run.stop": ["editor.stop", "debug.stop", "executions.cancel"],
  "debug.toggle-breakpoint": ["editor.breakpoint", "debug.breakpoint"],
};

const OPEN = "workflow.open:";

/** Does what a line of the native menu says, or opens the workflow of a file the system handed over. */
export function chooseNative(line: string): void {
  if (line.startsWith(OPEN)) return studio.openWorkflow(line.slice(OPEN.length));
  for (const id of [line, ...(OWN_NAMES[line] ?? [])]) if (commands.run(id)) return;
}
