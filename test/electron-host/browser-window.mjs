import { EventEmitter } from "node:events";
import { app } from "./app.mjs";
import { engine, prevented, windows } from "./state.mjs";
import { WebContents } from "./web-contents.mjs";

let lastId = 0;

/** A window is a page of Chromium; what only a screen could show (maximising, focus) is remembered, not done. */
export class BrowserWindow extends EventEmitter {
  _closing = Promise.resolve();
  #bounds;
  #title;
  #visible;
  #destroyed = false;
  #state = { maximized: false, minimized: false, fullScreen: false };

  constructor(options = {}) {
    super();
    if (!app.isReady()) throw new Error("Cannot create BrowserWindow before app is ready");
    const preferences = { contextIsolation: true, sandbox: true, nodeIntegration: false, ...options.webPreferences };
    if (!preferences.contextIsolation || preferences.nodeIntegration)
      throw new Error("electron-host: only isolated pages without Node are supported");
    this.id = ++lastId;
    this.#bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 };
    this.#visible = options.show !== false;
    this.#title = options.title ?? app.name;
    windows.set(this.id, this);
    this.webContents = new WebContents(this, preferences);
    app.emit("browser-window-created", {}, this);
    app.emit("web-contents-created", {}, this.webContents);
  }

  static getAllWindows() {
    return [...windows.values()];
  }
  static fromId(id) {
    return windows.get(id) ?? null;
  }
  static fromWebContents(contents) {
    return contents?._window ?? null;
  }
  /** Without a screen the window opened last has the focus. */
  static getFocusedWindow() {
    return [...windows.values()].at(-1) ?? null;
  }

  loadURL(url) {
    return this.webContents.loadURL(url);
  }
  reload() {
    return this.webContents.reload();
  }

  show() {
    this.#visible = true;
    this.emit("show", {});
  }
  hide() {
    this.#visible = false;
    this.emit("hide", {});
  }
  isVisible() {
    return this.#visible;
  }
  focus() {
    this.emit("focus", {});
  }
  isFocused() {
    return BrowserWindow.getFocusedWindow() === this;
  }
  getTitle() {
    return this.#title;
  }
  setTitle(title) {
    this.#title = title;
  }

  maximize() {
    this.#state.maximized = true;
    this.emit("maximize", {});
  }
  unmaximize() {
    this.#state.maximized = false;
    this.emit("unmaximize", {});
  }
  isMaximized() {
    return this.#state.maximized;
  }
  minimize() {
    this.#state.minimized = true;
    this.emit("minimize", {});
  }
  restore() {
    this.#state.minimized = false;
    this.emit("restore", {});
  }
  isMinimized() {
    return this.#state.minimized;
  }
  setFullScreen(on) {
    this.#state.fullScreen = on;
    this.emit(on ? "enter-full-screen" : "leave-full-screen", {});
  }
  isFullScreen() {
    return this.#state.fullScreen;
  }

  getBounds() {
    return { ...this.#bounds };
  }
  getNormalBounds() {
    return this.getBounds();
  }
  getSize() {
    return [this.#bounds.width, this.#bounds.height];
  }
  setBounds(bounds) {
    Object.assign(this.#bounds, bounds);
    this.webContents._emulateSize(this.#bounds);
    this.emit("resize", {});
    this.emit("move", {});
  }
  setSize(width, height) {
    this.setBounds({ width, height });
  }
  setMinimumSize() {}
  setMenuBarVisibility() {}
  setBackgroundColor() {}
  setDocumentEdited() {}
  setRepresentedFilename() {}
  setIcon() {}

  isDestroyed() {
    return this.#destroyed;
  }
  close() {
    if (this.#destroyed || prevented((event) => this.emit("close", event))) return;
    this.destroy();
  }
  destroy() {
    if (this.#destroyed) return;
    const target = this.webContents._targetId;
    this._gone();
    // A target that is gone already is closed too.
    if (target) this._closing = engine.cdp.send("Target.closeTarget", { targetId: target }).catch(() => undefined);
  }
  /** Called too when Chromium closes the page by itself. */
  _gone() {
    if (this.#destroyed) return;
    this.#destroyed = true;
    windows.delete(this.id);
    this.webContents._markDestroyed();
    this.emit("closed", {});
    if (windows.size > 0 || engine.quitting) return;
    if (app.listenerCount("window-all-closed") > 0) app.emit("window-all-closed");
    else void app.quit();
  }
}
