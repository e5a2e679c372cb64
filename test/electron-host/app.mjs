import { EventEmitter } from "node:events";
import os from "node:os";
import path from "node:path";
import { boot, engine, prevented, windows } from "./state.mjs";

/** Electron's `app`: the order of its events is Electron's; what concerns the operating system does nothing. */
class App extends EventEmitter {
  isPackaged = false;
  userAgentFallback = "";
  #paths = {};
  #name;
  #ready = false;
  #sayReady;
  #whenReady = new Promise((resolve) => {
    this.#sayReady = resolve;
  });

  commandLine = {
    appendSwitch: (name, value = "") => void boot.switches.set(name, value),
    hasSwitch: (name) => boot.switches.has(name),
    getSwitchValue: (name) => boot.switches.get(name) ?? "",
    removeSwitch: (name) => void boot.switches.delete(name),
  };

  get name() {
    return this.#name ?? boot.pkg.productName ?? boot.pkg.name ?? "Electron";
  }
  getName() {
    return this.name;
  }
  setName(name) {
    this.#name = name;
  }
  getVersion() {
    return boot.pkg.version ?? "0.0.0";
  }
  getAppPath() {
    return boot.appPath;
  }
  getLocale() {
    return "en-US";
  }

  whenReady() {
    return this.#whenReady;
  }
  isReady() {
    return this.#ready;
  }
  _setReady() {
    this.#ready = true;
    this.#sayReady();
    this.emit("ready", {}, {});
  }

  setPath(name, folder) {
    this.#paths[name] = folder;
  }
  getPath(name) {
    const known = this.#paths[name] ?? this.#defaultPath(name);
    if (known === undefined) throw new Error(`Failed to get '${name}' path`);
    return known;
  }
  #defaultPath(name) {
    const home = os.homedir();
    const settings = process.env["XDG_CONFIG_HOME"] ?? path.join(home, ".config");
    const userData =
      process.env["ELECTRON_HOST_USER_DATA"] ?? boot.switches.get("user-data-dir") ?? path.join(settings, this.name);
    switch (name) {
      case "userData":
      case "sessionData":
        return name === "userData" ? userData : this.getPath("userData");
      case "logs":
        return path.join(this.getPath("userData"), "logs");
      case "home":
        return home;
      case "appData":
        return settings;
      case "temp":
        return os.tmpdir();
      case "exe":
        return boot.executable;
      case "documents":
        return path.join(home, "Documents");
      case "downloads":
        return path.join(home, "Downloads");
      default:
        return undefined;
    }
  }

  // One process, no operating system to register with.
  requestSingleInstanceLock() {
    return true;
  }
  hasSingleInstanceLock() {
    return true;
  }
  releaseSingleInstanceLock() {}
  enableSandbox() {}
  setAppUserModelId() {}
  setAboutPanelOptions() {}
  addRecentDocument() {}
  focus() {}

  /** `before-quit`, then every window's `close`, then `will-quit`, then `quit`; any of them may say no. */
  async quit() {
    if (engine.quitting || prevented((event) => this.emit("before-quit", event))) return;
    for (const window of [...windows.values()]) {
      window.close();
      await window._closing;
      if (!window.isDestroyed()) return;
    }
    if (prevented((event) => this.emit("will-quit", event))) return;
    this.exit(0);
  }

  exit(code = 0) {
    engine.quitting = true;
    this.emit("quit", {}, code);
    if (engine.chromium === undefined || engine.chromium.exitCode !== null) process.exit(code);
    // Chromium answers `Browser.close` by ending; if it does not, the exit hook kills it.
    setTimeout(() => process.exit(code), 1500);
    engine.chromium.once("exit", () => process.exit(code));
    engine.cdp?.send("Browser.close").catch(() => process.exit(code));
  }
}

export const app = new App();
