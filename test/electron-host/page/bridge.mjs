// Runs in both worlds of a page, as source text: it uses nothing outside itself.

/** contextBridge between the page's world ("main") and the preload's ("isolated"), over DOM events with a secret name. */
export function bridge(token, side) {
  const other = side === "isolated" ? "main" : "isolated";
  const functions = new Map();
  const promises = new Map();
  const returned = new Map();
  let lastId = 0;

  const post = (detail) => window.dispatchEvent(new CustomEvent(token + other, { detail }));
  const encodeError = (error) => ({
    error: { message: String(error?.message ?? error), name: error?.name ?? "Error", isError: error instanceof Error },
  });
  const isPlain = (value) => Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null;

  const encode = (value, depth = 0) => {
    if (depth > 1000) throw new Error("contextBridge: recursion too deep");
    if (typeof value === "function") {
      const id = ++lastId;
      functions.set(id, value);
      return { function: id };
    }
    if (value && typeof value.then === "function") {
      const id = ++lastId;
      Promise.resolve(value).then(
        (result) => post({ t: "settle", id, ok: true, v: encode(result) }),
        (error) => post({ t: "settle", id, ok: false, v: encodeError(error) }),
      );
      return { promise: id };
    }
    if (value instanceof Error) return encodeError(value);
    if (Array.isArray(value)) return { list: value.map((item) => encode(item, depth + 1)) };
    if (value && typeof value === "object" && isPlain(value)) {
      return { object: Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encode(item, depth + 1)])) };
    }
    return { value };
  };

  const decodeError = ({ message, name, isError }) => (isError ? Object.assign(new Error(message), { name }) : message);
  const decode = (wire) => {
    if ("value" in wire) return wire.value;
    if ("list" in wire) return wire.list.map(decode);
    if ("object" in wire)
      return Object.fromEntries(Object.entries(wire.object).map(([key, item]) => [key, decode(item)]));
    if ("error" in wire) return decodeError(wire.error);
    if ("function" in wire) return (...args) => call(wire.function, args);
    return new Promise((resolve, reject) => promises.set(wire.promise, { resolve, reject }));
  };

  // DOM events are synchronous, so the answer is there when dispatchEvent returns.
  const call = (id, args) => {
    const number = ++lastId;
    post({ t: "call", id, number, args: args.map((arg) => encode(arg)) });
    const answer = returned.get(number);
    returned.delete(number);
    if (!answer) throw new Error("contextBridge: the other world did not answer");
    if (!answer.ok) throw decode(answer.v);
    return decode(answer.v);
  };
  const answerCall = ({ id, number, args }) => {
    let answer;
    try {
      answer = { ok: true, v: encode(functions.get(id)(...args.map(decode))) };
    } catch (error) {
      answer = { ok: false, v: encodeError(error) };
    }
    post({ t: "returned", number, ...answer });
  };
  const deepFreeze = (value) => {
    if (!value || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
    Object.values(value).forEach(deepFreeze);
    return Object.freeze(value);
  };

  window.addEventListener(token + side, ({ detail }) => {
    if (detail.t === "call") answerCall(detail);
    else if (detail.t === "returned") returned.set(detail.number, detail);
    else if (detail.t === "open") self.onOpen?.(detail);
    else if (detail.t === "expose")
      Object.defineProperty(window, detail.key, {
        value: deepFreeze(decode(detail.v)),
        enumerable: true,
        configurable: false,
        writable: false,
      });
    else if (detail.t === "settle") {
      const waiting = promises.get(detail.id);
      promises.delete(detail.id);
      if (detail.ok) waiting?.resolve(decode(detail.v));
      else waiting?.reject(decode(detail.v));
    }
  });

  // window.open never reaches Chromium: the main process decides, as in Electron.
  if (side === "main") {
    window.open = (url = "", name = "", features = "") => {
      post({ t: "open", url: url ? String(new URL(url, document.baseURI)) : "about:blank", name, features });
      return null;
    };
  }
  const self = { onOpen: null, expose: (key, value) => post({ t: "expose", key, v: encode(value) }) };
  return self;
}
