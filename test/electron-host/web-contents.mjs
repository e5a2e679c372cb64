import crypto from "node:crypto";
import { EventEmitter } from "node:events";
import { IpcMain } from "./ipc.mjs";
import { injectPreload, WORLD } from "./inject.mjs";
import { PageMessages } from "./page-messages.mjs";
import { fromPageUrl, toPageUrl } from "./protocol.mjs";
import { session } from "./session.mjs";
import { debugLog, engine, prevented } from "./state.mjs";

const CONSOLE_LEVELS = { warning: "warning", error: "error", debug: "debug" };

/** A page: its target in Chromium, the preload in an isolated world, and the messages between that world and this process. */
export class WebContents extends EventEmitter {
  ipc = new IpcMain();
  session = session.defaultSession;
  mainFrame;
  _targetId;
  #destroyed = false;
  #shown = false;
  #url = "";
  #sessionId;
  #attached;
  #messages;
  #openHandler;

  constructor(window, preferences) {
    super();
    this.id = window.id;
    this._window = window;
    this.mainFrame = { url: "", send: (...args) => this.send(...args) };
    this.#messages = new PageMessages(this, (expression, contextId) =>
      this.#call("Runtime.evaluate", { expression, contextId }),
    );
    this.#attached = this.#attach(preferences);
    this.#attached.catch((error) => {
      if (!engine.quitting) console.error("[electron-host]", error);
    });
  }

  #call(method, params) {
    return engine.cdp.send(method, params, this.#sessionId);
  }

  async #attach(preferences) {
    const { width, height } = this._window.getBounds();
    this._targetId =
      engine.blankTargets.shift() ??
      (await engine.cdp.send("Target.createTarget", { url: "about:blank", newWindow: true, width, height })).targetId;
    const { sessionId } = await engine.cdp.send("Target.attachToTarget", { targetId: this._targetId, flatten: true });
    this.#sessionId = sessionId;
    engine.cdp.listen(sessionId, (method, params) => this.#onEvent(method, params));
    await Promise.all([
      this.#call("Page.enable"),
      this.#call("Runtime.enable"),
      this.#call("Page.setLifecycleEventsEnabled", { enabled: true }),
    ]);
    await injectPreload(
      (method, params) => this.#call(method, params),
      preferences,
      `eh${crypto.randomBytes(8).toString("hex")}`,
    );
    await this.#setSize(width, height);
  }

  #onEvent(method, params) {
    switch (method) {
      case "Runtime.executionContextCreated":
        if (params.context.name === WORLD && params.context.auxData?.frameId === this._targetId)
          this.#messages.attach(params.context.id);
        return;
      case "Runtime.executionContextDestroyed":
        return this.#messages.detach(params.executionContextId);
      case "Runtime.executionContextsCleared":
        return this.#messages.detach();
      case "Runtime.bindingCalled":
        return void this.#messages.receive(params.payload);
      case "Runtime.consoleAPICalled":
        return this.#onConsole(params);
      case "Runtime.exceptionThrown":
        return debugLog("page error", params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
      case "Page.frameNavigated":
        if (params.frame.parentId) return;
        return this.#moved(params.frame.url + (params.frame.urlFragment ?? ""), "did-navigate");
      case "Page.navigatedWithinDocument":
        return this.#moved(params.url, "did-navigate-in-page");
      case "Page.domContentEventFired":
        return void this.emit("dom-ready", {});
      case "Page.loadEventFired":
        return void this.#onLoad();
      case "Inspector.targetCrashed":
        return void this.emit("render-process-gone", {}, { reason: "crashed", exitCode: 1 });
      case "Page.javascriptDialogOpening":
        // Electron shows no dialog for `beforeunload`.
        if (params.type === "beforeunload") void this.#call("Page.handleJavaScriptDialog", { accept: true });
        return;
    }
  }

  #moved(pageUrl, event) {
    this.#url = fromPageUrl(pageUrl);
    this.mainFrame.url = this.#url;
    this.emit(event, {}, this.#url);
  }

  #onConsole({ type, args, stackTrace }) {
    const message = args.map((arg) => arg.value ?? arg.description ?? arg.type).join(" ");
    const at = stackTrace?.callFrames[0];
    debugLog("console", type, message);
    this.emit("console-message", {
      level: CONSOLE_LEVELS[type] ?? "info",
      message,
      lineNumber: at?.lineNumber ?? 0,
      sourceId: at?.url ?? "",
    });
  }

  async #onLoad() {
    this.emit("did-finish-load", {});
    if (!this.#shown) {
      this.#shown = true;
      this._window.emit("ready-to-show", {});
    }
    const { result } = await this.#call("Runtime.evaluate", { expression: "document.title", returnByValue: true });
    if (result.value && !prevented((event) => this._window.emit("page-title-updated", event, result.value, true)))
      this._window.setTitle(result.value);
  }

  async loadURL(url) {
    await this.#attached;
    const loaded = new Promise((resolve) => this.once("did-finish-load", resolve));
    this.emit("did-start-loading", {});
    const { errorText } = await this.#call("Page.navigate", { url: toPageUrl(url) });
    if (errorText) {
      this.emit("did-fail-load", {}, -2, errorText, url, true);
      throw new Error(`${errorText} (-2) loading '${url}'`);
    }
    await loaded;
  }
  async reload() {
    await this.#call("Page.reload");
  }
  getURL() {
    return this.#url;
  }
  getTitle() {
    return this._window.getTitle();
  }
  isDestroyed() {
    return this.#destroyed;
  }
  getType() {
    return "window";
  }
  openDevTools() {}
  closeDevTools() {}
  toggleDevTools() {}
  setVisualZoomLevelLimits() {}

  async executeJavaScript(code) {
    await this.#attached;
    const { result, exceptionDetails } = await this.#call("Runtime.evaluate", {
      expression: code,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? "Script failed to execute");
    return result.value;
  }

  send(channel, ...args) {
    if (this.#destroyed) throw new TypeError("Object has been destroyed");
    this.#messages.send(channel, args);
  }
  postMessage(channel, message, transfer = []) {
    this.#messages.send(channel, [message], transfer);
  }

  setWindowOpenHandler(handler) {
    this.#openHandler = handler;
  }
  /** The page called `window.open` or followed a link with a target: Electron asks the handler first. */
  async _open({ url: pageUrl, name, features }) {
    const url = fromPageUrl(pageUrl);
    const details = {
      url,
      frameName: name,
      features,
      disposition: "new-window",
      referrer: { url: this.#url, policy: "" },
    };
    const answer = this.#openHandler?.(details) ?? { action: "allow" };
    if (answer.action !== "allow") return;
    const { BrowserWindow } = await import("./browser-window.mjs");
    const window = new BrowserWindow({ ...answer.overrideBrowserWindowOptions });
    this.emit("did-create-window", window, details);
    await window.loadURL(url);
  }

  _emulateSize({ width, height }) {
    void this.#attached.then(() => this.#setSize(width, height));
  }
  #setSize(width, height) {
    return this.#call("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
  }
  _emulateTheme(source) {
    const value = source === "system" ? "" : source;
    void this.#attached.then(() =>
      this.#call("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] }),
    );
  }
  _markDestroyed() {
    this.#destroyed = true;
    this.#messages.close();
    this.emit("destroyed", {});
  }
}
