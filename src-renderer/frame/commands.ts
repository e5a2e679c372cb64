import { hostKind } from "../bridge";
import { creating } from "../library/creating.svelte";
import { chooseImport } from "../state/importing.svelte";
import { stepPane } from "../state/panes";
import type { Command } from "../state/commands.svelte";
import { settings } from "../state/settings.svelte";
import { studio } from "../state/studio.svelte";
import { vault } from "../state/vault.svelte";
import { SECTIONS, workspace } from "../state/workspace.svelte";
import { commandText } from "../text/frame";
import { vaultText } from "../text/vault";
import { workspaceText } from "../text/workspace";
import { overlays } from "./overlays.svelte";
import { places } from "./places";

const { group } = commandText;

/** Browsers keep some keys for themselves; there the other one is shown. */
function firstHere(desktop: string, browser: string): readonly string[] {
  return hostKind === "desktop" ? [desktop, browser] : [browser, desktop];
}

function place(id: string): () => void | Promise<void> {
  return () => places.find((one) => one.id === id)?.go();
}

/** What can be done on every screen. */
export const frameCommands: readonly Command[] = [
  {
    id: "workflow.new",
    title: commandText.newWorkflow,
    group: group.file,
    keys: firstHere("Mod+N", "Alt+N"),
    run: () => {
      creating.now = "workflow";
    },
  },
  { id: "workflow.import", title: commandText.importFile, group: group.file, keys: ["Mod+O"], run: chooseImport },
  {
    id: "workflow.open-in-place",
    title: commandText.openInPlace,
    group: group.file,
    run: () => {
      creating.now = "in-place";
    },
  },
  {
    id: "app.palette",
    title: commandText.palette,
    group: group.go,
    keys: ["Mod+K", "Mod+Shift+P"],
    inText: true,
    hidden: true,
    run: () => {
      overlays.palette = true;
    },
  },
  { id: "go.library", title: commandText.library, group: group.go, keys: ["Alt+1"], run: place("go.library") },
  { id: "go.editor", title: commandText.editor, group: group.go, keys: ["Alt+2"], run: place("go.editor") },
  { id: "go.executions", title: commandText.executions, group: group.go, keys: ["Alt+3"], run: place("go.executions") },
  { id: "go.debugger", title: commandText.debugger, group: group.go, keys: ["Alt+4"], run: place("go.debugger") },
  { id: "go.bundles", title: commandText.bundles, group: group.go, keys: ["Alt+5"], run: place("go.bundles") },
  { id: "go.tasks", title: commandText.tasks, group: group.go, keys: ["Alt+6"], run: place("go.tasks") },
  { id: "go.workspace", title: commandText.workspace, group: group.go, keys: ["Alt+7"], run: place("go.workspace") },
  ...SECTIONS.map((section) => ({
    id: `go.workspace.${section}`,
    title: commandText.section(workspaceText.sections[section]),
    group: group.go,
    run: () => workspace.open(section),
  })),
  {
    id: "vault.unlock",
    title: vaultText.unlockCommand,
    group: group.file,
    when: () => vault.isLocked,
    run: () => void vault.askForIt(),
  },
  {
    id: "vault.passphrase",
    title: vaultText.guardCommand,
    group: group.file,
    when: () => vault.state?.isOpen === true,
    run: () => {
      vault.dialog = "passphrase";
    },
  },
  {
    id: "go.settings",
    title: commandText.settings,
    group: group.go,
    keys: ["Mod+,"],
    run: () => studio.openSettings(),
  },
  {
    id: "app.next-pane",
    title: commandText.nextPane,
    group: group.view,
    keys: ["F6"],
    inText: true,
    run: () => stepPane(1),
  },
  {
    id: "app.previous-pane",
    title: commandText.previousPane,
    group: group.view,
    keys: ["Shift+F6"],
    inText: true,
    run: () => stepPane(-1),
  },
  {
    id: "app.next-tab",
    title: commandText.nextTab,
    group: group.view,
    keys: firstHere("Ctrl+Tab", "Alt+PageDown"),
    run: () => studio.step(1),
  },
  {
    id: "app.previous-tab",
    title: commandText.previousTab,
    group: group.view,
    keys: firstHere("Ctrl+Shift+Tab", "Alt+PageUp"),
    run: () => studio.step(-1),
  },
  {
    id: "app.close-tab",
    title: commandText.closeTab,
    group: group.view,
    keys: firstHere("Mod+W", "Alt+W"),
    run: () => studio.close(studio.key),
  },
  {
    id: "theme.system",
    title: commandText.system,
    group: group.view,
    run: () => void settings.set({ theme: "system" }),
  },
  { id: "theme.dark", title: commandText.dark, group: group.view, run: () => void settings.set({ theme: "dark" }) },
  { id: "theme.light", title: commandText.light, group: group.view, run: () => void settings.set({ theme: "light" }) },
  {
    id: "theme.contrast",
    title: commandText.contrast,
    group: group.view,
    run: () => void settings.set({ theme: "contrast" }),
  },
  {
    id: "app.keys",
    title: commandText.keys,
    group: group.help,
    keys: ["F1", "?", "Mod+/"],
    run: () => {
      overlays.keys = true;
    },
  },
];
