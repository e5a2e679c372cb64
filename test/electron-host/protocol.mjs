// Chromium knows no scheme of ours, so `apg://app/x` is served as `http://apg--app.localhost:PORT/x`, which it treats
// as a secure origin. Addresses are turned round on the way in and out.
import fs from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const handlers = new Map();
let port = 0;

/** Set by `session.webRequest.onHeadersReceived`. */
export const headerListeners = [];

export function toPageUrl(url) {
  const found = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(url);
  if (!found || !handlers.has(found[1])) return url;
  return `http://${found[1]}--${found[2]}.localhost:${port}${found[3] || "/"}`;
}

export function fromPageUrl(url) {
  const found = /^http:\/\/([a-z0-9+.]+)--([^.]*)\.localhost:(\d+)(.*)$/.exec(url);
  return found && Number(found[3]) === port ? `${found[1]}://${found[2]}${found[4]}` : url;
}

/** Starts the server behind the schemes. */
export async function serveSchemes() {
  const server = createServer((request, response) => void answer(request, response));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  port = server.address().port;
}

async function answer(request, response) {
  const found = /^([a-z0-9+.]+)--([^.]*)\.localhost:/.exec(request.headers.host ?? "");
  const handler = found && handlers.get(found[1]);
  if (!handler) return void response.writeHead(404).end();
  const url = `${found[1]}://${found[2]}${request.url}`;
  try {
    const answered = await handler(asFetchRequest(url, request));
    const headers = await changedHeaders(url, Object.fromEntries(answered.headers));
    delete headers["content-encoding"];
    delete headers["content-length"];
    response.writeHead(answered.status, headers);
    if (answered.body) Readable.fromWeb(answered.body).pipe(response);
    else response.end();
  } catch (error) {
    console.error("[electron-host] protocol handler", error);
    response.writeHead(500).end();
  }
}

function asFetchRequest(url, request) {
  const dropped = new Set(["host", "connection", "transfer-encoding"]);
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !dropped.has(name)));
  const bodyless = request.method === "GET" || request.method === "HEAD";
  return new Request(url, {
    method: request.method,
    headers,
    ...(bodyless ? {} : { body: Readable.toWeb(request), duplex: "half" }),
  });
}

async function changedHeaders(url, headers) {
  const changed = { ...headers };
  for (const listener of headerListeners) {
    const lists = Object.fromEntries(Object.entries(changed).map(([name, value]) => [name, [value]]));
    const reply = await new Promise((resolve) => listener({ url, responseHeaders: lists }, resolve));
    for (const [name, value] of Object.entries(reply?.responseHeaders ?? {}))
      changed[name.toLowerCase()] = String(value);
  }
  return changed;
}

export const protocol = {
  registerSchemesAsPrivileged() {},
  handle: (scheme, handler) => void handlers.set(scheme, handler),
  unhandle: (scheme) => void handlers.delete(scheme),
  isProtocolHandled: (scheme) => handlers.has(scheme),
};

const TYPES = {
  html: "text/html",
  js: "text/javascript",
  mjs: "text/javascript",
  css: "text/css",
  json: "application/json",
  svg: "image/svg+xml",
  png: "image/png",
  ttf: "font/ttf",
  woff2: "font/woff2",
  wasm: "application/wasm",
};

/** `net.fetch`: Node's fetch, and files, which Node's does not read. */
async function netFetch(input, options) {
  const url = typeof input === "string" ? input : (input.url ?? input.href);
  if (!url.startsWith("file:")) return fetch(input, options);
  const file = fileURLToPath(url);
  if (!fs.existsSync(file)) throw new Error("net::ERR_FILE_NOT_FOUND");
  return new Response(await fs.promises.readFile(file), {
    headers: { "content-type": TYPES[path.extname(file).slice(1)] ?? "application/octet-stream" },
  });
}

export const net = { fetch: netFetch, isOnline: () => true, online: true };
