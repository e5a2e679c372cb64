// The modules that talk to the operating system: dialogs answer what a test scripted, the rest remembers what it was told.
import crypto from "node:crypto";
import { EventEmitter } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { app } from "./app.mjs";
import { BrowserWindow } from "./browser-window.mjs";
import { debugLog, windows } from "./state.mjs";

/** Answers from `ELECTRON_HOST_DIALOGS` ({"open": …, "save": …, "message": …}), else as if the user cancelled. */
function scripted(kind, otherwise) {
  return async (...args) => {
    debugLog(
      "dialog",
      kind,
      args.find((arg) => typeof arg === "object" && !(arg instanceof BrowserWindow)),
    );
    return JSON.parse(process.env["ELECTRON_HOST_DIALOGS"] ?? "{}")[kind] ?? otherwise;
  };
}

export const dialog = {
  showOpenDialog: scripted("open", { canceled: true, filePaths: [] }),
  showSaveDialog: scripted("save", { canceled: true, filePath: "" }),
  showMessageBox: scripted("message", { response: 0, checkboxChecked: false }),
  showMessageBoxSync: () => 0,
  showErrorBox: (title, content) => console.error(`[dialog] ${title}: ${content}`),
};

export const shell = {
  /** Addresses and files the app wanted opened, for tests. */
  _opened: [],
  async openExternal(url) {
    shell._opened.push(url);
  },
  async openPath(file) {
    shell._opened.push(file);
    return "";
  },
  showItemInFolder(file) {
    shell._opened.push(file);
  },
};

function storageKey() {
  const file = path.join(app.getPath("userData"), ".electron-host-key");
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (!fs.existsSync(file)) fs.writeFileSync(file, crypto.randomBytes(32), { mode: 0o600 });
  return fs.readFileSync(file);
}

/** Encrypts with a key in a file: like Electron's `basic_text` backend, which is what it says it is. */
export const safeStorage = {
  isEncryptionAvailable: () => true,
  getSelectedStorageBackend: () => "basic_text",
  encryptString(text) {
    const iv = crypto.randomBytes(12);
    const cipher = crypto.createCipheriv("aes-256-gcm", storageKey(), iv);
    const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]);
  },
  decryptString(bytes) {
    const decipher = crypto.createDecipheriv("aes-256-gcm", storageKey(), bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return decipher.update(bytes.subarray(28), undefined, "utf8") + decipher.final("utf8");
  },
};

class NativeTheme extends EventEmitter {
  #source = "system";
  get themeSource() {
    return this.#source;
  }
  set themeSource(source) {
    this.#source = source;
    for (const window of windows.values()) window.webContents._emulateTheme(source);
    this.emit("updated");
  }
  get shouldUseDarkColors() {
    return this.#source === "dark";
  }
}
export const nativeTheme = new NativeTheme();

const area = { x: 0, y: 0, width: 1920, height: 1080 };
const display = {
  id: 1,
  bounds: area,
  workArea: area,
  workAreaSize: { width: 1920, height: 1080 },
  size: { width: 1920, height: 1080 },
  scaleFactor: 1,
};
export const screen = Object.assign(new EventEmitter(), {
  getPrimaryDisplay: () => display,
  getAllDisplays: () => [display],
  getDisplayMatching: () => display,
});

let clipboardText = "";
export const clipboard = {
  readText: () => clipboardText,
  writeText: (text) => {
    clipboardText = String(text);
  },
};
