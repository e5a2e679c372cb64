import { EventEmitter } from "node:events";

/** A connection to Chromium's DevTools protocol, over the WebSocket that Node brings along. */
export class Cdp {
  /** Messages that belong to no session. */
  events = new EventEmitter();
  #sessions = new Map();
  #waiting = new Map();
  #socket;
  #lastId = 0;

  static async connect(url) {
    const cdp = new Cdp();
    cdp.#socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      cdp.#socket.onopen = resolve;
      cdp.#socket.onerror = () => reject(new Error(`no DevTools at ${url}`));
    });
    cdp.#socket.onmessage = (message) => cdp.#receive(JSON.parse(message.data));
    return cdp;
  }

  /** Calls `handle(method, params)` for every event of a session. */
  listen(sessionId, handle) {
    this.#sessions.set(sessionId, handle);
  }

  send(method, params = {}, sessionId = undefined) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, method });
      this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    });
  }

  #receive(message) {
    if (message.id === undefined) {
      if (message.sessionId === undefined) this.events.emit(message.method, message.params);
      else this.#sessions.get(message.sessionId)?.(message.method, message.params);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error) waiting?.reject(new Error(`${waiting.method}: ${message.error.message}`));
    else waiting?.resolve(message.result);
  }
}
