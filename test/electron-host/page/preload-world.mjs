// Runs in the isolated world of a page, as source text: it uses nothing outside itself.

/** What a sandboxed preload finds: `require("electron")` with ipcRenderer, contextBridge and webUtils, and a bare `process`. */
export function preloadWorld(codec, bridge, config, preload) {
  if (window.top !== window) return;
  const listeners = new Map();
  const pending = new Map();
  const ports = new Map();
  let lastId = 0;

  const binding = globalThis.__electronHostSend;
  const send = (message) => binding(codec.encode(message));

  const on = (channel, listener) => {
    if (!listeners.has(channel)) listeners.set(channel, []);
    listeners.get(channel).push(listener);
    return ipcRenderer;
  };
  const off = (channel, listener) => {
    const all = listeners.get(channel) ?? [];
    const at = all.findIndex((known) => known === listener || known.original === listener);
    if (at >= 0) all.splice(at, 1);
    return ipcRenderer;
  };
  const once = (channel, listener) => {
    const wrapped = (...args) => {
      off(channel, wrapped);
      listener(...args);
    };
    wrapped.original = listener;
    return on(channel, wrapped);
  };

  /** A port of the page goes to the main process: from here on it is only forwarded. */
  const giveAway = (port) => {
    const id = `r${++lastId}`;
    ports.set(id, port);
    port.onmessage = (event) => send({ t: "port", id, v: event.data });
    port.addEventListener("close", () => send({ t: "portclose", id }));
    return id;
  };
  /** A port of the main process arrives. */
  const receivePort = (id) => {
    const { port1, port2 } = new MessageChannel();
    ports.set(id, port1);
    port1.onmessage = (event) => send({ t: "port", id, v: event.data });
    port1.addEventListener("close", () => send({ t: "portclose", id }));
    return port2;
  };
  const invoke = (channel, args) =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      pending.set(id, { resolve, reject });
      try {
        send({ t: "invoke", id, channel, args });
      } catch (error) {
        pending.delete(id);
        reject(error);
      }
    });

  const ipcRenderer = {
    on,
    off,
    once,
    addListener: on,
    removeListener: off,
    removeAllListeners(channel) {
      if (channel) listeners.delete(channel);
      else listeners.clear();
      return ipcRenderer;
    },
    send: (channel, ...args) => send({ t: "send", channel, args }),
    invoke: (channel, ...args) => invoke(channel, args),
    postMessage: (channel, message, transfer = []) =>
      send({ t: "send", channel, args: [message], ports: transfer.map(giveAway) }),
    sendSync() {
      throw new Error("electron-host: ipcRenderer.sendSync is not implemented");
    },
  };

  bridge.onOpen = ({ url, name, features }) => send({ t: "open", url, name, features });
  window.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[target=_blank]");
    if (!link || event.defaultPrevented) return;
    event.preventDefault();
    bridge.onOpen({ url: link.href, name: "", features: "" });
  });

  globalThis.__electronHostReceive = (text) => {
    const message = codec.decode(text);
    if (message.t === "port") ports.get(message.id)?.postMessage(message.v);
    else if (message.t === "event") {
      const event = { sender: ipcRenderer, ports: (message.ports ?? []).map(receivePort) };
      for (const listener of [...(listeners.get(message.channel) ?? [])]) listener(event, ...message.args);
    } else if (message.t === "reply") {
      const waiting = pending.get(message.id);
      pending.delete(message.id);
      if (message.ok) waiting?.resolve(message.v);
      else waiting?.reject(new Error(message.v));
    }
  };

  const electron = {
    ipcRenderer,
    contextBridge: { exposeInMainWorld: bridge.expose },
    webFrame: { setZoomFactor() {}, getZoomFactor: () => 1 },
    webUtils: { getPathForFile: () => "" },
  };
  const require = (name) => {
    if (name === "electron" || name === "electron/renderer" || name === "electron/common") return electron;
    throw new Error(`module not found: ${name} (sandboxed preload)`);
  };
  const module = { exports: {} };
  preload(require, module, module.exports, {
    ...config.process,
    once() {},
    on() {},
    nextTick: (callback, ...args) => queueMicrotask(() => callback(...args)),
  });
}
