// What `import "electron"` gives. Playwright's loader does `require("electron")`, hence "module.exports".
import { app } from "./app.mjs";
import { BrowserWindow } from "./browser-window.mjs";
import { launchChromium } from "./chromium.mjs";
import { clipboard, dialog, nativeTheme, safeStorage, screen, shell } from "./desktop.mjs";
import { ipcMain, MessageChannelMain } from "./ipc.mjs";
import { Menu, MenuItem } from "./menu.mjs";
import { net, protocol, serveSchemes } from "./protocol.mjs";
import { session } from "./session.mjs";
import { missing, windows } from "./state.mjs";

const webContents = {
  getAllWebContents: () => [...windows.values()].map((window) => window.webContents),
  fromId: (id) => windows.get(id)?.webContents,
  getFocusedWebContents: () => BrowserWindow.getFocusedWindow()?.webContents ?? null,
};
const autoUpdater = missing("autoUpdater");
const utilityProcess = missing("utilityProcess");
const nativeImage = missing("nativeImage");
const Notification = missing("Notification");
const Tray = missing("Tray");
const globalShortcut = missing("globalShortcut");

const electron = {
  app,
  autoUpdater,
  BrowserWindow,
  clipboard,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MenuItem,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
  webContents,
};

export {
  app,
  autoUpdater,
  BrowserWindow,
  clipboard,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MenuItem,
  MessageChannelMain,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
  webContents,
};
export { electron as default, electron as "module.exports" };

/** Brings Chromium up and, when the app's entry is loaded too, says `ready`. Playwright waits for the printed line. */
export async function start(loaded) {
  process.on("SIGTERM", () => void app.quit());
  process.on("SIGINT", () => void app.quit());
  await serveSchemes();
  const url = await launchChromium();
  process.stderr.write(`\nDevTools listening on ${url}\n`);
  await loaded;
  app._setReady();
}
