import Circle from "@lucide/svelte/icons/circle";
import Maximize from "@lucide/svelte/icons/maximize";
import Network from "@lucide/svelte/icons/network";
import Pencil from "@lucide/svelte/icons/pencil";
import Plus from "@lucide/svelte/icons/plus";
import { NOTHING } from "../canvas/canvas-props";
import { commands } from "../state/commands.svelte";
import type { DocumentState } from "../state/document.svelte";
import { editorText as text } from "../text/editor";
import type { MenuItem } from "../ui/menu";
import { selectionMenu } from "./commands";

/** What a right click on the canvas offers: for what is chosen, else for the canvas. */
export function stageMenu(doc: DocumentState): readonly MenuItem[] {
  const { components, connection } = doc.selection;
  if (components.length === 0 && connection === undefined)
    return [
      command(text.addComponent, Plus, "editor.add"),
      command(text.arrange, Network, "editor.arrange"),
      command(text.fit, Maximize, "editor.fit"),
    ];
  if (components.length !== 1) return selectionMenu(doc);
  return [
    command(text.rename, Pencil, "editor.rename"),
    ...selectionMenu(doc),
    { line: true },
    command(text.toggleBreakpoint, Circle, "editor.breakpoint"),
  ];
}

/** A right click chooses what is under it, unless that is chosen already. */
export function chooseUnder(doc: DocumentState, target: EventTarget | null): void {
  if (!(target instanceof Element)) return;
  const card = target.closest<HTMLElement>(".svelte-flow__node")?.dataset.id;
  const wire = target.closest<HTMLElement>(".svelte-flow__edge")?.dataset.id;
  if (card !== undefined) {
    if (doc.placeOf(card) && !doc.selection.components.includes(card)) doc.select({ components: [card] });
  } else if (wire !== undefined) doc.select({ components: [], connection: wire });
  else doc.select(NOTHING);
}

function command(title: string, icon: unknown, id: string): MenuItem {
  return { title, icon, keys: commands.keysOf(id), run: () => void commands.run(id) };
}
