import type { Command } from "../state/commands.svelte";
import { exporting } from "../state/exporting.svelte";
import { library } from "../state/library.svelte";
import { commandText } from "../text/frame";
import { libraryText } from "../text/library";

/** What can be done with the workflow chosen in the library. */
export function libraryCommands(focusSearch: () => void): readonly Command[] {
  const group = commandText.group.file;
  const when = (): boolean => library.chosen !== undefined;
  const withChosen = (act: (row: NonNullable<typeof library.chosen>) => void) => (): void => {
    if (library.chosen) act(library.chosen);
  };
  return [
    {
      id: "library.search",
      title: libraryText.searchCommand,
      group: commandText.group.go,
      keys: ["/", "Mod+F"],
      run: focusSearch,
    },
    {
      id: "workflow.run",
      title: libraryText.run,
      group: commandText.group.run,
      keys: ["Mod+Enter"],
      when,
      run: withChosen((row) => void library.run(row)),
    },
    {
      id: "workflow.rename",
      title: libraryText.rename,
      group,
      keys: ["F2"],
      when,
      run: withChosen((row) => (library.renaming = row.id)),
    },
    {
      id: "workflow.duplicate",
      title: libraryText.duplicate,
      group,
      keys: ["Mod+D"],
      when,
      run: withChosen((row) => void library.duplicate(row)),
    },
    {
      id: "workflow.export",
      title: libraryText.export,
      group,
      keys: ["Mod+E"],
      when,
      run: withChosen((row) => exporting.open(row.id)),
    },
    {
      id: "workflow.delete",
      title: libraryText.delete,
      group,
      keys: ["Delete"],
      when,
      run: withChosen((row) => void library.delete(row)),
    },
  ];
}
