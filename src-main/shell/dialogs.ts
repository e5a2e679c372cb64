import { dialog, type BrowserWindow, type FileFilter } from "electron";

/** The system's own dialogs, over `window`. */
export function dialogsOf(window: BrowserWindow) {
  return {
    async chooseFile(
      title: string,
      filters: readonly { readonly name: string; readonly extensions: readonly string[] }[],
    ): Promise<string | null> {
      const all = filters.map(({ name, extensions }): FileFilter => ({ name, extensions: [...extensions] }));
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title,
        filters: all,
        properties: ["openFile"],
      });
      return canceled ? null : (filePaths[0] ?? null);
    },
    async chooseSave(title: string, name: string): Promise<string | null> {
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        title,
        defaultPath: name,
        properties: ["createDirectory", "showOverwriteConfirmation"],
      });
      return canceled || filePath === "" ? null : filePath;
    },
    async chooseFolder(title: string): Promise<string | null> {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title,
        properties: ["openDirectory", "createDirectory"],
      });
      return canceled ? null : (filePaths[0] ?? null);
    },
  };
}
