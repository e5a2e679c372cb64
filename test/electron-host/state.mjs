// What the modules of this folder share: one process is one Electron app.

/** The command line, filled in by boot.mjs before anything else is loaded. */
export const boot = { switches: new Map(), pkg: {}, appPath: process.cwd(), executable: process.execPath };

/** The connection to Chromium, and whether the app is on its way out. */
export const engine = { cdp: undefined, chromium: undefined, quitting: false, blankTargets: [] };

/** Open windows by id, oldest first. */
export const windows = new Map();

export function debugLog(...parts) {
  if (process.env["ELECTRON_HOST_DEBUG"]) console.error("[electron-host]", ...parts);
}

/** Runs an emit with an event that can be prevented; true when a listener did. */
export function prevented(emit) {
  let stopped = false;
  emit({
    preventDefault() {
      stopped = true;
    },
    get defaultPrevented() {
      return stopped;
    },
  });
  return stopped;
}

/** A module of Electron's that this stand-in does not have: named in the error instead of failing somewhere later. */
export function missing(name) {
  return new Proxy(function () {}, {
    get(_target, key) {
      if (typeof key === "symbol" || key === "then") return undefined;
      throw new Error(`electron-host: ${name}.${key} is not implemented`);
    },
    construct() {
      throw new Error(`electron-host: ${name} is not implemented`);
    },
  });
}
