import { ipcMain, MessagePortMain } from "./ipc.mjs";
import { makeCodec } from "./page/codec.mjs";
import { debugLog } from "./state.mjs";

const codec = makeCodec();
let lastPort = 0;

/** Messages between this process and one page's isolated world, and the ports that crossed with them. */
export class PageMessages {
  #contents;
  #evaluate;
  #context;
  #queue = [];
  #ports = new Map();
  #closed = false;

  constructor(contents, evaluate) {
    this.#contents = contents;
    this.#evaluate = evaluate;
  }

  attach(contextId) {
    this.#context = contextId;
    for (const text of this.#queue.splice(0)) this.#post(text);
  }
  /** A document is gone, and with it every port that led there. */
  detach(contextId = this.#context) {
    if (contextId !== this.#context) return;
    this.#context = undefined;
    for (const port of this.#ports.values()) port.emit("close");
    this.#ports.clear();
  }
  close() {
    this.detach();
    this.#closed = true;
  }

  send(channel, args, transfer = []) {
    const ports = transfer.map((port) => this.#give(port));
    this.#post(codec.encode({ t: "event", channel, args, ports }));
  }

  async receive(payload) {
    const message = codec.decode(payload);
    if (message.t === "port") this.#ports.get(message.id)?._receive(message.v);
    else if (message.t === "portclose") this.#ports.get(message.id)?.emit("close");
    else if (message.t === "open") await this.#contents._open(message);
    else if (message.t === "send") this.#deliver(message);
    else if (message.t === "invoke") await this.#answer(message);
  }

  #event(message) {
    const { mainFrame } = this.#contents;
    const ports = (message.ports ?? []).map((id) => this.#take(id));
    return {
      sender: this.#contents,
      senderFrame: mainFrame,
      frameId: 1,
      processId: 1,
      type: "frame",
      ports,
      reply: (channel, ...args) => this.send(channel, args),
      preventDefault() {},
    };
  }

  #deliver(message) {
    const event = this.#event(message);
    this.#contents.ipc.emit(message.channel, event, ...message.args);
    ipcMain.emit(message.channel, event, ...message.args);
  }

  async #answer(message) {
    const { id, channel, args } = message;
    const handler = this.#contents.ipc._handlers.get(channel) ?? ipcMain._handlers.get(channel);
    try {
      if (!handler) throw new Error(`No handler registered for '${channel}'`);
      this.#post(codec.encode({ t: "reply", id, ok: true, v: await handler(this.#event(message), ...args) }));
    } catch (error) {
      // Electron, too, passes the message on and keeps the stack in the main process.
      if (handler) console.error(`Error occurred in handler for '${channel}':`, error);
      this.#post(codec.encode({ t: "reply", id, ok: false, v: `Error invoking remote method '${channel}': ${error}` }));
    }
  }

  /** A port that came from the page. */
  #take(id) {
    const port = new MessagePortMain();
    port._toPage = (message) => this.#post(codec.encode({ t: "port", id, v: message }));
    this.#ports.set(id, port);
    return port;
  }

  /** A port that goes to the page; its other end stays here. */
  #give(port) {
    const id = `m${++lastPort}`;
    const near = port._peer;
    near._peer = undefined;
    near._toPage = (message) => this.#post(codec.encode({ t: "port", id, v: message }));
    this.#ports.set(id, near);
    return id;
  }

  #post(text) {
    if (this.#closed) return;
    if (this.#context === undefined) {
      this.#queue.push(text);
      return;
    }
    // A document that went away meanwhile misses the message, as it would in Electron.
    this.#evaluate(`__electronHostReceive(${JSON.stringify(text)})`, this.#context).catch((error) =>
      debugLog("post", error.message),
    );
  }
}
