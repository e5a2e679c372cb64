import Copy from "@lucide/svelte/icons/copy";
import EyeOff from "@lucide/svelte/icons/eye-off";
import Trash2 from "@lucide/svelte/icons/trash-2";
import type { Finding } from "@shared/workflow/finding";
import type { Command } from "../state/commands.svelte";
import type { DocumentState } from "../state/document.svelte";
import { exporting } from "../state/exporting.svelte";
import type { Rehearsal } from "../state/rehearsal.svelte";
import type { Session } from "../state/session.svelte";
import { editorText as text } from "../text/editor";
import { inspectorText } from "../text/inspector";
import type { MenuItem } from "../ui/menu";
import { arrange, duplicateSelected, removeSelected, selectAll, toggleDisabled } from "./editing";
import type { EditorView } from "./editor-view";

/** What the editor's commands act on. */
export interface EditorTargets {
  readonly doc: DocumentState;
  readonly session: Session;
  readonly rehearsal: Rehearsal;
  readonly run: (debug: boolean) => void;
  /** Asks with what and how. */
  readonly runWith: () => void;
  readonly add: () => void;
  readonly find: () => void;
  readonly fit: () => void;
  readonly view: (view: EditorView) => void;
  readonly togglePalette: () => void;
  readonly toggleBottom: () => void;
  readonly problems: () => void;
  readonly go: (finding: Finding) => void;
  readonly focusText: () => void;
  readonly rename: () => void;
  readonly breakpoint: (component: string) => void;
}

/** Everything the editor can be told to do. */
export function editorCommands(to: EditorTargets): readonly Command[] {
  const { doc, session, rehearsal } = to;
  const one = (): string | undefined =>
    doc.selection.components.length === 1 ? doc.selection.components[0] : undefined;
  const some = (): boolean => doc.selection.components.length > 0;
  const edit = (
    id: string,
    title: string,
    keys: readonly string[],
    run: () => void,
    when?: () => boolean,
  ): Command => ({ id: `editor.${id}`, title, group: text.group, keys, run, ...(when ? { when } : {}) });
  const show = (id: string, title: string, keys: readonly string[], run: () => void): Command => ({
    id: `editor.${id}`,
    title,
    group: text.viewGroup,
    keys,
    run,
  });
  let problem = -1;
  return [
    { ...edit("save", text.save, ["Mod+S"], () => void doc.save()), inText: true },
    edit(
      "undo",
      text.undo,
      ["Mod+Z"],
      () => doc.undo(),
      () => doc.canUndo,
    ),
    edit(
      "redo",
      text.redo,
      ["Mod+Shift+Z", "Mod+Y"],
      () => doc.redo(),
      () => doc.canRedo,
    ),
    edit(
      "select-all",
      text.selectAll,
      ["Mod+A"],
      () => selectAll(doc),
      () => doc.sound,
    ),
    edit("duplicate", text.duplicate, ["Mod+D"], () => duplicateSelected(doc), some),
    edit(
      "delete",
      text.remove,
      ["Delete", "Backspace"],
      () => removeSelected(doc),
      () => some() || doc.selection.connection !== undefined,
    ),
    edit("disable", text.disable, ["Mod+Shift+D"], () => toggleDisabled(doc), some),
    edit("rename", text.rename, ["F2"], to.rename, () => one() !== undefined),
    edit("add", text.addComponent, ["Mod+Shift+A"], to.add, () => doc.takesComponents),
    edit(
      "arrange",
      text.arrange,
      ["Mod+Shift+L"],
      () => arrange(doc),
      () => doc.sound,
    ),
    edit("find-component", text.findComponent, ["/"], to.find),
    edit(
      "breakpoint",
      text.toggleBreakpoint,
      ["F9"],
      () => one() !== undefined && to.breakpoint(one() ?? ""),
      () => one() !== undefined,
    ),
    edit("next-problem", text.nextProblem, ["F8"], () => {
      problem = (problem + 1) % Math.max(1, doc.findings.length);
      const finding = doc.findings[problem];
      if (finding) to.go(finding);
    }),
    show("fit", text.fit, ["Shift+1", "!"], to.fit),
    show("canvas", text.canvas, ["Alt+Shift+1"], () => to.view("canvas")),
    show("split", text.split, ["Alt+Shift+2"], () => to.view("split")),
    show("text", text.text, ["Alt+Shift+3"], () => to.view("text")),
    show("focus-text", text.focusText, ["Alt+T"], to.focusText),
    show("toggle-palette", text.togglePalette, ["Mod+B"], to.togglePalette),
    show("toggle-bottom", text.toggleBottom, ["Mod+J"], to.toggleBottom),
    show("problems", text.showProblems, ["Mod+Shift+M"], to.problems),
    {
      id: "editor.export",
      title: text.export,
      group: text.runGroup,
      keys: ["Mod+E"],
      run: () => exporting.open(doc.id, doc.unsaved ? doc.text : undefined),
    },
    {
      id: "editor.run",
      title: text.run,
      group: text.runGroup,
      keys: ["Mod+Enter"],
      inText: true,
      when: () => !session.running && !session.starting,
      run: () => to.run(false),
    },
    {
      id: "editor.run-with",
      title: text.runWith,
      group: text.runGroup,
      keys: ["Mod+Shift+Enter"],
      inText: true,
      when: () => !session.running && !session.starting,
      run: () => to.runWith(),
    },
    {
      id: "editor.debug",
      title: text.debug,
      group: text.runGroup,
      keys: ["F5"],
      inText: true,
      when: () => !session.running && !session.starting,
      run: () => to.run(true),
    },
    {
      id: "editor.stop",
      title: text.stop,
      group: text.runGroup,
      keys: ["Shift+F5"],
      inText: true,
      when: () => session.running || rehearsal.running,
      run: () => void (session.running ? session.cancel() : rehearsal.stop()),
    },
  ];
}

/** What can be done with what is selected, for the inspector's menu. */
export function selectionMenu(doc: DocumentState): readonly MenuItem[] {
  const components = doc.selection.components.length > 0;
  return [
    ...(components
      ? [
          {
            title: inspectorText.duplicate,
            icon: Copy,
            keys: "Mod+D",
            disabled: !doc.sound,
            run: () => duplicateSelected(doc),
          },
          {
            title: inspectorText.disable,
            icon: EyeOff,
            keys: "Mod+Shift+D",
            disabled: !doc.sound,
            run: () => toggleDisabled(doc),
          },
        ]
      : []),
    {
      title: inspectorText.remove,
      icon: Trash2,
      keys: "Delete",
      danger: true,
      disabled: !doc.sound,
      run: () => removeSelected(doc),
    },
  ];
}
