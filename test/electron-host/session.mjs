import { headerListeners, net, protocol } from "./protocol.mjs";

/** Permission handlers are kept for tests to look at; nothing asks them, since headless Chromium grants nothing. */
class Session {
  protocol = protocol;
  fetch = net.fetch;
  _permissionRequest = null;
  _permissionCheck = null;
  webRequest = {
    onHeadersReceived: (...args) => {
      const listener = args.at(-1);
      headerListeners.splice(0, headerListeners.length, ...(listener ? [listener] : []));
    },
    onBeforeRequest() {},
    onBeforeSendHeaders() {},
  };

  setPermissionRequestHandler(handler) {
    this._permissionRequest = handler;
  }
  setPermissionCheckHandler(handler) {
    this._permissionCheck = handler;
  }
  setSpellCheckerEnabled() {}
  async clearCache() {}
  async clearStorageData() {}
  on() {
    return this;
  }
}

const defaultSession = new Session();
export const session = { defaultSession, fromPartition: () => defaultSession };
