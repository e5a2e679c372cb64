// Structured-clone values as JSON text. Runs in Node and, as source text, in pages: it uses nothing outside itself.

/** `{encode, decode}`; throws like `structuredClone` for what cannot be cloned, and for cycles, which Electron would take. */
export function makeCodec() {
  const toBase64 = (bytes) => {
    let text = "";
    for (let i = 0; i < bytes.length; i += 32_768)
      text += String.fromCharCode.apply(null, bytes.subarray(i, i + 32_768));
    return btoa(text);
  };
  const fromBase64 = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

  const encodeNumber = (value) => {
    if (Number.isFinite(value) && !Object.is(value, -0)) return value;
    return { $: "number", v: Object.is(value, -0) ? "-0" : String(value) };
  };
  const encodeBytes = (value, tag) => {
    if (tag === "ArrayBuffer") return { $: "bytes", kind: tag, v: toBase64(new Uint8Array(value)) };
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return { $: "bytes", kind: tag === "Uint8Array" ? tag : value.constructor.name, v: toBase64(bytes) };
  };
  const encodeObject = (value, seen) => {
    const tag = Object.prototype.toString.call(value).slice(8, -1);
    if (Array.isArray(value)) return value.map((item) => encode(item, seen));
    if (tag === "Date") return { $: "date", v: Number(value) };
    if (tag === "RegExp") return { $: "regexp", v: [value.source, value.flags] };
    if (tag === "Map") return { $: "map", v: [...value].map(([key, item]) => [encode(key, seen), encode(item, seen)]) };
    if (tag === "Set") return { $: "set", v: [...value].map((item) => encode(item, seen)) };
    if (tag === "Error" || value instanceof Error)
      return { $: "error", v: { name: value.name, message: value.message, stack: value.stack } };
    if (tag === "ArrayBuffer" || ArrayBuffer.isView(value)) return encodeBytes(value, tag);
    if (tag === "Promise" || tag === "WeakMap" || tag === "WeakSet") throw new Error("An object could not be cloned.");
    const fields = {};
    for (const key of Object.keys(value)) fields[key] = encode(value[key], seen);
    return "$" in fields ? { $: "object", v: fields } : fields;
  };
  const encode = (value, seen) => {
    if (value === undefined) return { $: "undefined" };
    if (value === null || typeof value === "boolean" || typeof value === "string") return value;
    if (typeof value === "number") return encodeNumber(value);
    if (typeof value === "bigint") return { $: "bigint", v: String(value) };
    if (typeof value === "function" || typeof value === "symbol") throw new Error("An object could not be cloned.");
    if (seen.has(value)) throw new Error("electron-host: cyclic values are not supported over IPC");
    seen.add(value);
    const encoded = encodeObject(value, seen);
    seen.delete(value);
    return encoded;
  };

  const decodeFields = (value) => {
    const fields = {};
    for (const key of Object.keys(value)) fields[key] = decode(value[key]);
    return fields;
  };
  const decodeError = ({ name, message, stack }) => Object.assign(new Error(message), { name, stack });
  const decodeBytes = ({ kind, v }) => {
    const bytes = fromBase64(v);
    if (kind === "ArrayBuffer") return bytes.buffer;
    return kind === "Uint8Array" || kind === "Buffer" ? bytes : new globalThis[kind](bytes.buffer);
  };
  const tagged = {
    undefined: () => undefined,
    number: ({ v }) => Number(v),
    bigint: ({ v }) => BigInt(v),
    date: ({ v }) => new Date(v),
    regexp: ({ v }) => new RegExp(v[0], v[1]),
    map: ({ v }) => new Map(v.map(([key, item]) => [decode(key), decode(item)])),
    set: ({ v }) => new Set(v.map(decode)),
    error: ({ v }) => decodeError(v),
    bytes: decodeBytes,
    object: ({ v }) => decodeFields(v),
  };
  const decode = (value) => {
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(decode);
    return "$" in value ? tagged[value.$](value) : decodeFields(value);
  };

  return { encode: (value) => JSON.stringify(encode(value, new Set())), decode: (text) => decode(JSON.parse(text)) };
}
