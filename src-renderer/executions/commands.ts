import type { Command } from "../state/commands.svelte";
import { executions } from "../state/executions.svelte";
import { commandText } from "../text/frame";
import { executionsText } from "../text/executions";

/** What can be done with the executions chosen in the list. */
export function executionCommands(focusSearch: () => void): readonly Command[] {
  const one = (): boolean => executions.chosen.length === 1;
  const first = (act: (row: (typeof executions.chosen)[number]) => void) => (): void => {
    const row = executions.chosen[0];
    if (row) act(row);
  };
  const group = commandText.group.run;
  return [
    {
      id: "executions.search",
      title: executionsText.searchCommand,
      group: commandText.group.go,
      keys: ["/", "Mod+F"],
      run: focusSearch,
    },
    {
      id: "executions.again",
      title: executionsText.again,
      group,
      keys: ["Mod+Enter"],
      when: one,
      run: first((row) => void executions.again(row)),
    },
    {
      id: "executions.again-debug",
      title: executionsText.againDebug,
      group,
      keys: ["F5"],
      when: one,
      run: first((row) => void executions.again(row, true)),
    },
    {
      id: "executions.cancel",
      title: executionsText.cancel,
      group,
      keys: ["Shift+F5"],
      when: () => executions.chosen.some((row) => row.live),
      run: () => executions.cancel(executions.chosen),
    },
    {
      id: "executions.delete",
      title: executionsText.delete,
      group,
      keys: ["Delete"],
      when: () => executions.chosen.some((row) => !row.live),
      run: () => executions.delete(executions.chosen),
    },
  ];
}
