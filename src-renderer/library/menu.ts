import Copy from "@lucide/svelte/icons/copy";
import FolderOpen from "@lucide/svelte/icons/folder-open";
import Package from "@lucide/svelte/icons/package";
import Pencil from "@lucide/svelte/icons/pencil";
import Play from "@lucide/svelte/icons/play";
import Star from "@lucide/svelte/icons/star";
import Trash from "@lucide/svelte/icons/trash-2";
import type { WorkflowRow } from "@shared/contract/workflows";
import { exporting } from "../state/exporting.svelte";
import { library } from "../state/library.svelte";
import { libraryText } from "../text/library";
import type { MenuItem } from "../ui/menu";

/** What can be done with one workflow of the library. */
export function menuOf(row: WorkflowRow): readonly MenuItem[] {
  return [
    { title: libraryText.open, icon: FolderOpen, keys: "Enter", run: () => library.open(row) },
    { title: libraryText.run, icon: Play, keys: "Mod+Enter", run: () => void library.run(row) },
    { line: true },
    // After the menu has closed and given the focus back, which would end the renaming.
    {
      title: libraryText.rename,
      icon: Pencil,
      keys: "F2",
      run: () => void setTimeout(() => (library.renaming = row.id), 50),
    },
    { title: libraryText.duplicate, icon: Copy, keys: "Mod+D", run: () => void library.duplicate(row) },
    {
      title: row.favourite ? libraryText.removeFavourite : libraryText.addFavourite,
      icon: Star,
      run: () => void library.favourite(row),
    },
    { title: libraryText.export, icon: Package, keys: "Mod+E", run: () => exporting.open(row.id) },
    { line: true },
    { title: libraryText.delete, icon: Trash, keys: "Delete", danger: true, run: () => void library.delete(row) },
  ];
}
