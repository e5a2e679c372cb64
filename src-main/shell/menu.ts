import { app, Menu, shell, type MenuItemConstructorOptions } from "electron";

type Item = MenuItemConstructorOptions;

const GUIDE = "https://github.com/apg-workflow-studio/apg-workflow-studio#readme";

/** Puts up the menu bar. Items carry the ids of the window's commands; `choose` sends them to the window in front. */
export function installMenu(choose: (command: string) => void): void {
  const item = (id: string, label: string, accelerator?: string): Item => ({
    id,
    label,
    // The window's own table of keys acts on the stroke; here it is only shown.
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
    click: () => choose(id),
  });
  const separator: Item = { type: "separator" };
  const isMac = process.platform === "darwin";

  const application: Item = {
    role: "appMenu",
    label: app.name,
    submenu: [
      { role: "about" },
      separator,
      item("go.settings", "Settings…", "CmdOrCtrl+,"),
      separator,
      { role: "services" },
      separator,
      { role: "hide" },
      { role: "hideOthers" },
      { role: "unhide" },
      separator,
      { role: "quit" },
    ],
  };
  const file: Item = {
    label: "&File",
    submenu: [
      item("workflow.new", "New workflow", "CmdOrCtrl+N"),
      item("workflow.import", "Import…", "CmdOrCtrl+O"),
      item("workflow.open-in-place", "Edit a file in place…"),
      separator,
      item("workflow.save", "Save", "CmdOrCtrl+S"),
      item("workflow.export", "Export bundle…"),
      separator,
      item("app.close-tab", "Close tab", "CmdOrCtrl+W"),
      ...(isMac ? [] : [item("go.settings", "Settings", "CmdOrCtrl+,"), separator, { role: "quit" } satisfies Item]),
    ],
  };
  const edit: Item = {
    label: "&Edit",
    submenu: [
      item("edit.undo", "Undo", "CmdOrCtrl+Z"),
      item("edit.redo", "Redo", "CmdOrCtrl+Shift+Z"),
      separator,
      { role: "cut" },
      { role: "copy" },
      { role: "paste" },
      { role: "selectAll" },
    ],
  };
  const view: Item = {
    label: "&View",
    submenu: [
      item("app.palette", "Commands…", "CmdOrCtrl+K"),
      separator,
      item("go.library", "Workflows", "Alt+1"),
      item("go.editor", "Editor", "Alt+2"),
      item("go.executions", "Executions", "Alt+3"),
      item("go.debugger", "Debugger", "Alt+4"),
      item("go.bundles", "Bundles", "Alt+5"),
      separator,
      item("theme.system", "Theme of the system"),
      item("theme.dark", "Dark theme"),
      item("theme.light", "Light theme"),
      item("theme.contrast", "High contrast"),
      separator,
      { role: "togglefullscreen" },
      { role: "toggleDevTools" },
    ],
  };
  const run: Item = {
    label: "&Run",
    submenu: [
      item("run.start", "Run", "CmdOrCtrl+Enter"),
      item("run.debug", "Run with debugging", "F5"),
      item("run.stop", "Stop", "Shift+F5"),
      separator,
      item("debug.continue", "Continue", "F5"),
      item("debug.pause", "Pause", "F6"),
      item("debug.step-over", "Step over", "F10"),
      item("debug.toggle-breakpoint", "Toggle breakpoint", "F9"),
    ],
  };
  const help: Item = {
    role: "help",
    label: "&Help",
    submenu: [
      item("app.keys", "Keyboard", "CmdOrCtrl+/"),
      { label: "Guide", click: () => void shell.openExternal(GUIDE) },
      ...(isMac ? [] : [separator, { role: "about" } satisfies Item]),
    ],
  };
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([...(isMac ? [application] : []), file, edit, view, run, { role: "windowMenu" }, help]),
  );
}
