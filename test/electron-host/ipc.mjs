import { EventEmitter } from "node:events";

/** Electron's `ipcMain`, and each page's own. */
export class IpcMain extends EventEmitter {
  _handlers = new Map();

  handle(channel, listener) {
    if (this._handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    this._handlers.set(channel, listener);
  }
  handleOnce(channel, listener) {
    this.handle(channel, (...args) => {
      this.removeHandler(channel);
      return listener(...args);
    });
  }
  removeHandler(channel) {
    this._handlers.delete(channel);
  }
}

export const ipcMain = new IpcMain();

/** One end of a channel. The other end is in this process (`_peer`) or in a page (`_toPage`). */
export class MessagePortMain extends EventEmitter {
  _peer;
  _toPage;
  #started = false;
  #queue = [];

  postMessage(message) {
    if (this._toPage) this._toPage(message);
    else this._peer?._receive(structuredClone(message));
  }
  /** As in Electron, messages wait until `start` was called. */
  start() {
    this.#started = true;
    for (const message of this.#queue.splice(0)) setImmediate(() => this.emit("message", { data: message, ports: [] }));
  }
  close() {
    this._peer?.emit("close");
    this.emit("close");
  }
  _receive(message) {
    if (this.#started) setImmediate(() => this.emit("message", { data: message, ports: [] }));
    else this.#queue.push(message);
  }
}

export class MessageChannelMain {
  port1 = new MessagePortMain();
  port2 = new MessagePortMain();
  constructor() {
    this.port1._peer = this.port2;
    this.port2._peer = this.port1;
  }
}
