import { commands, type Command } from "../state/commands.svelte";
import { commandText } from "../text/frame";
import { workspaceText } from "../text/workspace";

/** What can be done in a part of the workspace. */
export interface SectionActions {
  readonly add?: { readonly title: string; readonly run: () => void };
  readonly remove?: () => void;
  /** What Mod+Enter does with the row in focus. */
  readonly act?: { readonly title: string; readonly run: () => void };
}

/** Registers the commands of a part of the workspace until the result is called. */
export function sectionCommands({ add, remove, act }: SectionActions): () => void {
  const group = commandText.group.edit;
  const list: Command[] = [];
  if (add) list.push({ id: "workspace.add", title: add.title, group, keys: ["Insert"], run: add.run });
  if (act) list.push({ id: "workspace.act", title: act.title, group, keys: ["Mod+Enter"], inText: true, run: act.run });
  if (remove) list.push({ id: "workspace.delete", title: workspaceText.delete, group, keys: ["Delete"], run: remove });
  return commands.register(list);
}

/** Whether a stroke is Mod+Enter: a list that opens with Enter would take it for its own. */
export function isAct(event: KeyboardEvent): boolean {
  return event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
}
